// Counts how appends end: of two gateways that want the next version of a stream one conflicts, and decides again.
import type { AppendResult, EventStore } from '../../domain/core/eventStore.ts'

export type AppendCounts = Readonly<Record<AppendResult['status'], number>>

/** The store, and what came of the appends to it so far. */
export function countedAppends(store: EventStore): {
  readonly store: EventStore
  readonly counts: AppendCounts
} {
  const counts = { appended: 0, repeated: 0, conflict: 0 }
  const count = ({ status }: AppendResult) => {
    counts[status] += 1
  }
  const counting: EventStore = {
    ...store,
    append: async (...values) => {
      const result = await store.append(...values)
      count(result)
      return result
    },
    appendInOrder: async (appends) => {
      const results = await store.appendInOrder(appends)
      results.forEach(count)
      return results
    },
  }
  return { store: counting, counts }
}
