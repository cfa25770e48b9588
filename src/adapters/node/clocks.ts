// How far the clocks of other gateways are from this one's: an event's time is the clock of who wrote it, so they must agree.
import type { Services } from '../../http/services.ts'

export type Clocks = {
  /** Somebody's word has come: when it was said by the clock of who said it, and how long a word of our own took just now. */
  readonly heard: (from: string, saidAt: string, ownDelayMs: number) => void
  /** The largest difference to those heard in the last minute. */
  readonly apartMs: () => number
}

const apartMaxMs = 2_000
const forgetMs = 60_000

export function createClocks({ now, log }: Pick<Services, 'now' | 'log'>): Clocks {
  const others = new Map<string, { readonly apartMs: number; readonly at: number }>()
  return {
    heard: (from, saidAt, ownDelayMs) => {
      const at = now().getTime()
      const apartMs = Math.round(at - ownDelayMs - Date.parse(saidAt))
      const isApart = Math.abs(apartMs) > apartMaxMs
      const wasApart = Math.abs(others.get(from)?.apartMs ?? 0) > apartMaxMs
      others.set(from, { apartMs, at })
      if (isApart && !wasApart)
        log.error(
          { apartMs, gateway: from },
          'the clocks of two gateways differ: set both by NTP, or expiry and business days depend on who is asked',
        )
    },
    apartMs: () => {
      const oldest = now().getTime() - forgetMs
      for (const [from, { at }] of others) if (at < oldest) others.delete(from)
      return Math.max(0, ...[...others.values()].map(({ apartMs }) => Math.abs(apartMs)))
    },
  }
}
