// Following EventStoreDB: history by a subscription of one's own, what is new by one that all followers share; none skipped, none twice.
import { setTimeout as wait } from 'node:timers/promises'
import type { EventStoreDBClient } from '@eventstore/db-client'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { passes, storeError } from './errors.ts'
import { createFeed } from './feed.ts'
import { patiently, pauseAfter } from './patience.ts'
import type { Positions } from './positions.ts'
import type { Reads } from './reads.ts'
import { openSubscription } from './subscription.ts'

const batchMax = 500
const aheadMin = 64
const pauseMaxMs = 5_000
const settledMs = 10_000 // a subscription that lasted so long ended for a reason of its own

/** Rejects only with what will not pass by itself, e.g. a user who may not read. */
export function createFollow(
  client: EventStoreDBClient,
  prefix: string,
  { decode }: Pick<Reads, 'decode'>,
  closed: AbortSignal,
  positionsOf: () => Promise<Positions>,
): EventStore['follow'] {
  const feed = createFeed(async function* (after, signal) {
    for await (const { events } of alone(after, AbortSignal.any([signal, closed]), batchMax)) yield events
  })

  async function* follow(after: string, signal: AbortSignal, batchSize = batchMax) {
    const ending = AbortSignal.any([signal, closed])
    const leave = feed.enter()
    let last = after
    try {
      while (!ending.aborted) {
        const shared = await feed.after(last, batchSize, ending)
        if (shared) {
          last = shared.at(-1)!.position
          yield shared
          continue
        }
        for await (const { events, isAtEnd } of alone(last, ending, batchSize)) {
          last = events.at(-1)!.position
          yield events
          if (feed.takesOver(last, isAtEnd)) break
        }
      }
    } finally {
      leave()
    }
  }

  /** A subscription, and after its end another from where the last one had come. */
  async function* alone(after: string, ending: AbortSignal, batchSize: number) {
    let last = after
    const positions = await patiently(Number.POSITIVE_INFINITY, ending, positionsOf).catch((error) => {
      if (!ending.aborted) throw error
    })
    if (!positions) return
    let resumeAt = positions.startAfter(after)
    let failures = 0

    while (!ending.aborted) {
      const begun = performance.now()
      const live = openSubscription(client, prefix, resumeAt, Math.max(2 * batchSize, aheadMin))
      try {
        while (!live.isOver() && !ending.aborted) {
          const taken = await live.take(batchSize, ending)
          const fresh = newer(taken, last, decode)
          if (ending.aborted) return
          if (fresh.length === 0) continue
          failures = 0
          last = fresh.at(-1)!.position
          resumeAt = positions.startAfter(last)
          yield { events: fresh, isAtEnd: live.isCaughtUp() && taken.length < batchSize }
        }
      } finally {
        live.close()
      }
      resumeAt = live.checkpoint() ?? resumeAt
      const error = live.error()
      if (error !== undefined && !passes(error)) throw storeError(error)
      failures = performance.now() - begun > settledMs ? 1 : failures + 1
      const pauseMs = pauseAfter(failures, pauseMaxMs)
      if (pauseMs > 0) await wait(pauseMs, undefined, { signal: ending }).catch(() => {})
    }
  }

  return follow
}

function newer(
  taken: Awaited<ReturnType<ReturnType<typeof openSubscription>['take']>>,
  last: string,
  decode: Reads['decode'],
): readonly Recorded[] {
  const events: Recorded[] = []
  for (const { event } of taken) {
    const recorded = event && decode(event)
    if (recorded && recorded.position > last) events.push(recorded)
  }
  return events
}
