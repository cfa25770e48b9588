// A store that has bad moments: it loses a race, says it is busy, or dies after the commit and before the answer.
import type { AppendResult, EventStore } from '../../src/domain/core/eventStore.ts'
import { oneAfterTheOther, StoreBusy, StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import type { Random } from './random.ts'

export function faultyStore(store: EventStore, random: Random): EventStore {
  const append: EventStore['append'] = async (stream, expectedVersion, events): Promise<AppendResult> => {
    if (random.oneIn(40)) throw new StoreBusy('a bad moment')
    const result = await store.append(stream, expectedVersion, events)
    if (random.oneIn(40)) throw new StoreUnavailable('committed, and the answer was lost')
    return result
  }
  return { ...store, append, appendInOrder: (appends) => oneAfterTheOther(append, appends) }
}
