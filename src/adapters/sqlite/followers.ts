// Following the log: history in batches, then sleep until there is more.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'

// How soon a follower hears of what another process wrote; what this one writes wakes it at once.
const pollMs = 50
const batchMax = 500

type Followers = {
  readonly follow: EventStore['follow']
  /** There is more to read. */
  readonly wake: () => void
  /** There will be no more: every follower ends. */
  readonly end: () => void
}

/** `poll` looks for what other processes wrote and calls `wake` if there is any. */
export function createFollowers(
  readAll: (after: string, limit: number) => readonly Recorded[],
  poll: () => void,
): Followers {
  const sleeping = new Set<() => void>()
  let ended = false

  const wake = (): void => {
    for (const awake of sleeping) awake()
  }

  const end = (): void => {
    ended = true
    wake()
  }

  const sleep = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        try {
          poll()
        } catch {
          awake() // the read that follows fails the same way, and there is someone to tell
        }
      }
      const timer = setInterval(look, pollMs).unref()
      const awake = () => {
        clearInterval(timer)
        signal.removeEventListener('abort', awake)
        sleeping.delete(awake)
        resolve()
      }
      signal.addEventListener('abort', awake)
      sleeping.add(awake)
    })

  async function* follow(after: string, signal: AbortSignal, batchSize = batchMax) {
    let position = after
    while (!signal.aborted && !ended) {
      const events = readAll(position, batchSize)
      position = events.at(-1)?.position ?? position
      if (events.length > 0) yield events
      else await sleep(signal)
      await nextTurn() // who waits for an answer goes first, also during a long catch-up
    }
  }

  return { follow, wake, end }
}
