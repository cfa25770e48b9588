// A terminal is heard of. What changes is recorded; that it is there still is only remembered.
import type { Gateway } from '../gateway.ts'
import { latest } from './presence.ts'

/** `status`: what the terminal said of itself. */
type Seen = { readonly at: string; readonly status?: string }

type Ports = {
  readonly gateway: Pick<Gateway, 'terminals'>
  readonly presence: {
    readonly last: (terminalId: string) => Seen | undefined
    readonly mark: (terminalId: string, seen: Seen) => void
    /** Before this the gateway heard nobody. */
    readonly listeningSince: string
  }
}
type Said = Seen & { readonly softwareVersion?: string }

export function noteHeartbeat(
  terminalId: string,
  { softwareVersion, ...seen }: Said,
  actor: string,
  { gateway, presence }: Ports,
) {
  const before = presence.last(terminalId)?.at
  presence.mark(terminalId, seen)
  const data = {
    seenAt: seen.at,
    quietSince: latest(before, presence.listeningSince)!, // before that nobody could be heard
    ...(softwareVersion !== undefined && { softwareVersion }),
  }
  return gateway.terminals.handle(terminalId, { type: 'NoteHeartbeat', data }, { actor }) // repeats itself: no command id
}
