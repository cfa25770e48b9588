// Presence on a cluster: what each gateway hears of terminals it tells the others, some seconds later, beside the log.
import { randomUUID } from 'node:crypto'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import type { LastSeen, Presence, Services } from '../../http/services.ts'
import { createClocks } from './clocks.ts'
import { newEventId } from './eventIds.ts'
import { readLog } from './logReader.ts'

export type NodePresence = Presence & {
  /** Writes what came since the last time, and tells the others. */
  readonly flush: () => Promise<void> | void
  readonly close: () => Promise<void> | void
  /** Where others tell what they hear: how far their clocks are from ours. */
  readonly clocksApartMs?: () => number
}

type TerminalsSeen = {
  readonly type: 'TerminalsSeen'
  readonly data: { readonly seen: readonly (readonly [terminalId: string, LastSeen])[] }
}
type Parts = {
  readonly local: NodePresence
  /** For this alone: its events may be dropped after an hour. */
  readonly store: EventStore
  readonly now: () => Date
  readonly log: Services['log']
}

/** Three tellings. Who has not heard itself for so long may have missed what the others said. */
const deafAfterMs = 15_000

/**
 * Each telling comes back to who told it. As long as they do, the others' come too; when they did not for a while, nobody
 * counts as lost for having been silent: `listeningSince` begins anew.
 */
export function sharedPresence({ local, store, now, log }: Parts): NodePresence {
  const own = `seen-${randomUUID()}`
  const ending = new AbortController()
  const clocks = createClocks({ now, log })
  let version = 0
  let untold = new Map<string, LastSeen>()
  let ownDelayMs = 0
  let heardSelfAt = Number.NEGATIVE_INFINITY
  let listeningSince = now().toISOString()

  const isDeaf = (): boolean => now().getTime() - heardSelfAt > deafAfterMs

  const hear = ({ stream, data, recordedAt }: Recorded<TerminalsSeen>): void => {
    if (stream === own) {
      if (isDeaf()) listeningSince = now().toISOString()
      heardSelfAt = now().getTime()
      ownDelayMs = heardSelfAt - Date.parse(recordedAt)
      return
    }
    clocks.heard(stream, recordedAt, ownDelayMs)
    for (const [terminalId, seen] of data.seen)
      if (seen.at > (local.last(terminalId)?.at ?? '')) local.mark(terminalId, seen)
  }

  async function tell(): Promise<void> {
    const telling = untold
    untold = new Map()
    const event = { type: 'TerminalsSeen', data: { seen: [...telling] }, id: newEventId(), metadata: {} }
    try {
      const result = await store.append(own, version, [event])
      version = result.version
      if (result.status === 'conflict') throw new Error(`${own} was written by another`)
    } catch (error) {
      untold = new Map([...telling, ...untold])
      throw error
    }
  }

  const { stopped } = readLog(
    store,
    {
      name: 'presence',
      from: store.head, // what was said before is not known to be all
      handle: (events) => (events as readonly Recorded<TerminalsSeen>[]).forEach(hear),
    },
    { now, log },
    ending.signal,
  )

  return {
    get listeningSince() {
      return isDeaf() ? now().toISOString() : listeningSince
    },
    last: local.last,
    clocksApartMs: clocks.apartMs,
    mark: (terminalId, seen) => {
      local.mark(terminalId, seen)
      untold.set(terminalId, seen)
    },
    flush: async () => {
      await local.flush()
      await tell()
    },
    close: async () => {
      ending.abort()
      await stopped
      await store.close()
      await local.close()
    },
  }
}
