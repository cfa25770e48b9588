// The store in EventStoreDB keeps the contract: over a double of its protocol, and over a real server where EVENTSTORE_URL names one.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { eventStoreDB } from '../../src/adapters/eventstoredb/eventStore.ts'
import { type EventStoreDouble, openEventStoreDouble } from '../support/eventstoredb/double.ts'
import { eventStoreContract } from './eventStore.contract.ts'

const now = () => new Date()
let double: EventStoreDouble
beforeAll(async () => {
  double = await openEventStoreDouble()
})
afterAll(() => double.close())

// One log for all the tests: none of them may count on an empty store.
eventStoreContract('eventstoredb (double)', () => eventStoreDB({ url: double.url, now }))

// A prefix for this one run: nobody else writes under it.
const url = process.env.EVENTSTORE_URL
if (url !== undefined) {
  const prefix = `contract-${randomUUID()}.`
  eventStoreContract('eventstoredb (real)', () => eventStoreDB({ url, now, prefix }))
}
