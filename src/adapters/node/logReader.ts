// Reads the log for one purpose (a projection, a process, the live streams), in order, and never gives up.
import { setTimeout as wait } from 'node:timers/promises'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import type { Lag, Services } from '../../http/services.ts'

export type LogReader = {
  readonly lag: () => Promise<Lag>
  /** Resolves once the reader has stopped. */
  readonly stopped: Promise<void>
}

export type Purpose = {
  readonly name: string
  /** Where to begin: the position handled last, '' for the start. Asked once: after an error the reader goes on from where it was. */
  readonly from: () => Promise<string> | string
  /** It is asked again after an error: what was handled may be gone, as where a database fails over to one that is a little behind. */
  readonly asksAgain?: true
  /** Handles a batch. When it throws, the same batch comes again after a pause. */
  readonly handle: (events: readonly Recorded[]) => Promise<void> | void
  /** How long to let events gather after a batch, or after one of so many: many small batches cost more than one. */
  readonly lingerMs?: number | ((events: number) => number)
}

const pauseMs = 1_000
const fullBatch = 2_000

export function readLog(
  store: EventStore,
  { name, from, asksAgain, handle, lingerMs }: Purpose,
  { now, log }: Pick<Services, 'now' | 'log'>,
  signal: AbortSignal,
): LogReader {
  let position = ''
  let begun = false

  async function readOn(): Promise<void> {
    if (!begun) position = await from()
    begun = true
    for await (const events of store.follow(position, signal, fullBatch)) {
      await handle(events)
      position = events.at(-1)!.position
      if (events.length >= fullBatch) continue
      const pause = typeof lingerMs === 'function' ? lingerMs(events.length) : lingerMs
      if (pause) await wait(pause, undefined, { signal }).catch(() => {})
    }
  }

  async function readUntilStopped(): Promise<void> {
    while (!signal.aborted) {
      try {
        await readOn()
      } catch (error) {
        if (asksAgain) begun = false
        if (signal.aborted) return // what was cut off is read again after the next start
        log.error({ err: error, reader: name, position }, 'reading the log failed; trying again')
        await wait(pauseMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  return { lag: () => lagBehind(store, name, position, now), stopped: readUntilStopped() }
}

/** How long the first event that is not handled yet has been in the log. */
export async function lagBehind(
  store: EventStore,
  name: string,
  position: string,
  now: () => Date,
): Promise<Lag> {
  const [next] = await store.readAll(position, 1)
  const behindMs = next ? Math.max(0, now().getTime() - Date.parse(next.recordedAt)) : 0
  return { name, behindMs }
}
