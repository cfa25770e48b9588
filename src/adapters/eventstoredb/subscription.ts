// One subscription to the streams of a prefix, as batches: what it has given and how it ended is known at every moment.
import {
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type Position,
  type START,
  streamNameFilter,
} from '@eventstore/db-client'

// A checkpoint for every 32 x 256 events that are not ours, so that a new start need not pass over them again.
const maxSearchWindow = 32
const checkpointInterval = 256
const gatherMs = 50

export type LiveSubscription = {
  /** Up to `max` events, at least one unless it is over. History comes in full batches, news at once. */
  readonly take: (max: number, signal: AbortSignal) => Promise<readonly AllStreamResolvedEvent[]>
  readonly isOver: () => boolean
  /** Whether the server has said that it has given all there was. */
  readonly isCaughtUp: () => boolean
  /** Why it ended, undefined where the server just ended it. */
  readonly error: () => unknown
  /** Up to where nothing more is ours, where that is behind all that was taken. */
  readonly checkpoint: () => Position | undefined
  readonly close: () => void
}

/** `highWaterMark`: how many events may wait to be taken; then the server waits. */
export function openSubscription(
  client: EventStoreDBClient,
  prefix: string,
  fromPosition: Position | typeof START,
  highWaterMark: number,
): LiveSubscription {
  let caughtUp = false
  let over = false
  let error: unknown
  let checkpoint: Position | undefined
  let wake = () => {}

  const checkpointReached = async (_: unknown, position: Position) => {
    if (subscription.readableLength === 0) checkpoint = position // else events before it still wait to be taken
  }
  const filter = streamNameFilter({
    prefixes: [prefix],
    maxSearchWindow,
    checkpointInterval,
    checkpointReached,
  })
  const subscription = client.subscribeToAll({ fromPosition, filter }, { highWaterMark })
  const end = (reason?: unknown): void => {
    error ??= reason
    over = true
    wake()
  }
  subscription.on('readable', () => wake())
  subscription.on('caughtUp', () => {
    caughtUp = true
    wake()
  })
  subscription.on('error', end)
  subscription.on('end', () => end())
  subscription.on('close', () => end())

  const sleep = (ms: number | undefined, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => wake(), ms)
      wake = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', wake)
        wake = () => {}
        resolve()
      }
      signal.addEventListener('abort', wake)
    })

  const takeWaiting = (batch: AllStreamResolvedEvent[], max: number): void => {
    while (batch.length < max) {
      const event = subscription.read() as AllStreamResolvedEvent | null
      if (event === null) return
      batch.push(event)
      checkpoint = undefined
    }
  }

  return {
    take: async (max, signal) => {
      const batch: AllStreamResolvedEvent[] = []
      let gatherUntil = Number.POSITIVE_INFINITY
      for (;;) {
        takeWaiting(batch, max)
        if (batch.length === max || over || signal.aborted) return batch
        if (batch.length > 0) {
          gatherUntil = Math.min(gatherUntil, performance.now() + gatherMs)
          if (caughtUp || performance.now() >= gatherUntil) return batch
        }
        await sleep(batch.length > 0 ? gatherMs : undefined, signal)
      }
    },
    isOver: () => over,
    isCaughtUp: () => caughtUp,
    error: () => error,
    checkpoint: () => checkpoint,
    close: () => {
      subscription.destroy()
      subscription.unsubscribe().catch(() => {})
    },
  }
}
