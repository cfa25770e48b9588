// Following the log: history in batches, then sleep until there is more.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { createSleepers } from '../../domain/core/sleepers.ts'

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

/** `poll` looks for what other processes wrote and calls `wake` if there is any; absent where nobody else writes. */
export function createFollowers(
  readAll: (after: string, limit: number) => readonly Recorded[],
  poll?: () => void,
): Followers {
  const { sleep, wake } = createSleepers()
  let ended = false

  const end = (): void => {
    ended = true
    wake()
  }

  const sleepAndPoll = async (signal: AbortSignal): Promise<void> => {
    if (!poll) return sleep(signal)
    const timer = setInterval(look, pollMs, poll).unref()
    await sleep(signal)
    clearInterval(timer)
  }

  const look = (poll: () => void): void => {
    try {
      poll()
    } catch {
      wake() // the reads that follow fail the same way, and there is someone to tell
    }
  }

  async function* follow(after: string, signal: AbortSignal, batchSize = batchMax) {
    let position = after
    while (!signal.aborted && !ended) {
      const events = readAll(position, batchSize)
      position = events.at(-1)?.position ?? position
      if (events.length > 0) yield events
      else await sleepAndPoll(signal)
      await nextTurn() // who waits for an answer goes first, also during a long catch-up
    }
  }

  return { follow, wake, end }
}
