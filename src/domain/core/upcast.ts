// Old stored shapes as today's: events are never rewritten, so what reads them is told how a former shape reads now.
import type { EventStore, Recorded } from './eventStore.ts'

/** By event type: the event in today's shape, whatever shape it was stored in. What is in it already stays as it is. */
export type Upcasters = Readonly<Record<string, (event: Recorded) => Recorded>>

/** Every upcaster of the log. None yet: no published event has changed its shape. */
const upcasters: Upcasters = {}

/** The store, with every event that it gives read as of today. Where there is nothing to upcast, it is the store itself. */
export function upcasting(store: EventStore, table: Upcasters = upcasters): EventStore {
  if (Object.keys(table).length === 0) return store
  const current = (event: Recorded): Recorded => table[event.type]?.(event) ?? event
  return {
    ...store,
    read: async (stream, afterVersion) => (await store.read(stream, afterVersion)).map(current),
    readAll: async (after, limit) => (await store.readAll(after, limit)).map(current),
    follow: async function* (after, signal, batchSize) {
      for await (const events of store.follow(after, signal, batchSize)) yield events.map(current)
    },
  }
}
