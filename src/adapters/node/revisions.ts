// The revisions of an indicator, read from the whole log: one reading at a time, each kept while the log stands still.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Target } from '../../domain/adoption/indicators.ts'
import { type Revisions, revisionReader } from '../../domain/adoption/revisions.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import type { Services } from '../../http/services.ts'
import { inLogThread } from './inLogThread.ts'
import { busy, inTime } from './inTime.ts'

const batch = 2_000
const keptMax = 50
const waitingMax = 4

export async function readRevisions(
  store: Pick<EventStore, 'readAll'>,
  targets: readonly Target[],
  asOf: string,
  upTo: string,
): Promise<Revisions> {
  const reader = revisionReader(targets, asOf)
  for (let position = ''; position < upTo; ) {
    const events = await store.readAll(position, batch)
    for (const event of events) if (event.position <= upTo) reader.take(event)
    position = events.at(-1)?.position ?? upTo
    await nextTurn()
  }
  return reader.revisions()
}

export function openRevisions(store: EventStore, eventsFile: string | undefined): Services['revisions'] {
  const kept = new LRUCache<string, Promise<Revisions>>({ max: keptMax })
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  const read = async (targets: readonly Target[], asOf: string, upTo: string): Promise<Revisions> => {
    if (eventsFile === undefined) return readRevisions(store, targets, asOf, upTo)
    return (await inLogThread({ job: 'revisions', eventsFile, targets, asOf, upTo }))!
  }

  return async (targets, asOf) => {
    const upTo = await store.head()
    const key = JSON.stringify([upTo, asOf, targets])
    const known = kept.get(key)
    if (known) return inTime(known)
    if (waiting >= waitingMax) throw busy()
    waiting += 1
    const made = last.catch(() => {}).then(() => read(targets, asOf, upTo))
    last = made
    kept.set(key, made)
    made
      .catch(() => kept.delete(key))
      .finally(() => {
        waiting -= 1
      })
    return inTime(made)
  }
}
