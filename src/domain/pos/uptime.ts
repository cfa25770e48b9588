// Uptime of a terminal, from its events: the part of a window in which it was there.
import type { TerminalEvent } from './terminal.ts'

/** What uptime looks at in an event. */
export type PresenceEvent =
  | {
      readonly type: 'TerminalSeen'
      readonly data: { readonly seenAt: string; readonly absentSince?: string }
    }
  | { readonly type: 'TerminalLost'; readonly data: { readonly lastSeenAt: string } }
  | { readonly type: 'TerminalRevoked'; readonly data: { readonly revokedAt: string } }

type Span = { readonly from: number; readonly to: number }

/**
 * In percent with two decimals, of the window or of what is left of it after the terminal was first seen; null where
 * there is nothing to measure. A terminal that went silent counts as there until it is lost, then from when it was last seen.
 */
export function uptimePercent(
  events: readonly (TerminalEvent | PresenceEvent)[],
  from: Date,
  to: Date,
): number | null {
  const spans = spansOf(events, to.getTime())
  const first = spans[0]?.from
  if (first === undefined) return null
  const begin = Math.max(first, from.getTime())
  const length = to.getTime() - begin
  if (length <= 0) return null
  const up = spans.reduce((sum, span) => sum + Math.max(0, span.to - Math.max(span.from, begin)), 0)
  return Math.round((up * 10_000) / length) / 100
}

/** When it was there, in order, up to an instant. */
function spansOf(events: readonly (TerminalEvent | PresenceEvent)[], until: number): readonly Span[] {
  const spans: Span[] = []
  let since: number | undefined
  const end = (at: number) => {
    if (since !== undefined) spans.push({ from: since, to: Math.min(at, until) })
    since = undefined
  }
  for (const { type, data } of events) {
    if (type === 'TerminalSeen') {
      if (data.absentSince !== undefined) end(Date.parse(data.absentSince))
      since ??= Date.parse(data.seenAt)
    }
    if (type === 'TerminalLost') end(Date.parse(data.lastSeenAt))
    if (type === 'TerminalRevoked') end(Date.parse(data.revokedAt))
  }
  end(until)
  return spans
}
