// The event store that the tests' gateways are over: in memory, or as TEST_EVENT_STORE says. Then whole suites run over another store.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { eventStoreDB } from '../../src/adapters/eventstoredb/eventStore.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { openEventStoreDouble } from './eventstoredb/double.ts'

/** `eventstoredb`: a real server where EVENTSTORE_URL names one, else a double of its own. */
export async function storeByEnvironment(dataDir: string, now: () => Date): Promise<EventStore> {
  const { TEST_EVENT_STORE = 'memory', EVENTSTORE_URL } = process.env
  switch (TEST_EVENT_STORE) {
    case 'memory':
      return memoryEventStore({ now })
    case 'sqlite':
      return sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now })
    case 'eventstoredb':
      return EVENTSTORE_URL
        ? eventStoreDB({ url: EVENTSTORE_URL, now, prefix: `test-${randomUUID()}.` })
        : overDouble(now)
    default:
      throw new Error('TEST_EVENT_STORE is memory, sqlite or eventstoredb')
  }
}

async function overDouble(now: () => Date): Promise<EventStore> {
  const double = await openEventStoreDouble()
  const store = eventStoreDB({ url: double.url, now })
  return {
    ...store,
    close: async () => {
      await store.close()
      double.close()
    },
  }
}
