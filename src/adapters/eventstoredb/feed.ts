// The newest events, read and decoded once for all who follow the log in this process.
import type { Recorded } from '../../domain/core/eventStore.ts'
import { createSleepers } from '../../domain/core/sleepers.ts'

const keptMax = 2_048

/** `follow` gives every event after a position, once and in order; when it fails, who used the feed follows alone. */
type Follow = (after: string, signal: AbortSignal) => AsyncIterable<readonly Recorded[]>

export type Feed = {
  /** One more follows; the returned function says that it has ended. */
  readonly enter: () => () => void
  /** Whether what comes after a position can be had here. The second to come to the end of the log starts the feed. */
  readonly takesOver: (position: string, isAtEnd: boolean) => boolean
  /** Up to `limit` events after a position, waiting for one; undefined where they cannot be had here (any more). */
  readonly after: (
    position: string,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly Recorded[] | undefined>
}

/** All events after `from`, as far as they have come. */
type Session = { from: string; kept: Recorded[]; readonly ending: AbortController }

export function createFeed(follow: Follow): Feed {
  const { sleep, wake } = createSleepers()
  let followers = 0
  let session: Session | undefined

  async function run(own: Session): Promise<void> {
    try {
      for await (const events of follow(own.from, own.ending.signal)) {
        own.kept.push(...events)
        if (own.kept.length > 2 * keptMax) own.from = own.kept.splice(0, keptMax).at(-1)!.position
        wake()
      }
    } catch {
      // each of the followers meets the same error, and has somebody to tell
    } finally {
      end(own)
    }
  }

  function end(own: Session | undefined): void {
    own?.ending.abort()
    if (session === own) session = undefined
    wake()
  }

  function start(from: string): void {
    session = { from, kept: [], ending: new AbortController() }
    void run(session)
  }

  return {
    enter: () => {
      followers += 1
      return () => {
        followers -= 1
        if (followers === 0) end(session)
      }
    },
    takesOver: (position, isAtEnd) => {
      if (!session && isAtEnd && followers > 1) start(position)
      return session !== undefined && position >= session.from
    },
    after: async (position, limit, signal) => {
      while (session && position >= session.from && !signal.aborted) {
        const { kept } = session
        const first = firstAfter(kept, position)
        if (first < kept.length) return kept.slice(first, first + limit)
        await sleep(signal)
      }
      return undefined
    },
  }
}

/** The index of the first event after a position, the length where there is none. */
function firstAfter(events: readonly Recorded[], position: string): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]!.position > position) high = middle
    else low = middle + 1
  }
  return low
}
