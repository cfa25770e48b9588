// A store over a double for one test file, and events to put into it.
import { afterEach } from 'vitest'
import { eventStoreDB } from '../../../src/adapters/eventstoredb/eventStore.ts'
import type { EventStore, NewEvent, Recorded } from '../../../src/domain/core/eventStore.ts'
import { type EventStoreDouble, openEventStoreDouble } from './double.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Both are closed after the test. */
export async function openDouble(
  options: Parameters<typeof openEventStoreDouble>[0] = {},
): Promise<EventStoreDouble> {
  const double = await openEventStoreDouble(options)
  closing.push(double.close)
  return double
}

export function openStore(
  url: string,
  options: Partial<Parameters<typeof eventStoreDB>[0]> = {},
): EventStore {
  const store = eventStoreDB({ url, now: () => new Date(), patienceMs: 5_000, silenceMs: 300, ...options })
  closing.push(store.close)
  return store
}

let count = 0

export function newEvent(data: object = { amount: '125000' }): NewEvent {
  count += 1
  const id = `019a3c5e-0000-7000-8000-${String(count).padStart(12, '0')}`
  return { id, type: 'PaymentRequested', data, metadata: {} }
}

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id)

export async function take(batches: AsyncIterable<readonly Recorded[]>, length: number): Promise<Recorded[]> {
  const taken: Recorded[] = []
  for await (const batch of batches) {
    taken.push(...batch)
    if (taken.length >= length) break
  }
  return taken
}
