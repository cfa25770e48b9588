// The store in a Durable Object keeps the contract, inside workerd.

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { durableObjectEventStore } from '../../src/adapters/durable-object/eventStore.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { eventStoreContract } from '../contract/eventStore.contract.ts'

const now = () => new Date()

test('this runs in workerd', () => {
  expect(navigator.userAgent).toBe('Cloudflare-Workers')
})

// One object for all the tests: none of them may count on an empty store.
eventStoreContract('durable object', async () => {
  const stub = env.MERCHANTS.getByName('contract')
  const store = await runInDurableObject(stub, (_object, { storage }) =>
    durableObjectEventStore({ storage, now }),
  )
  return within((work) => runInDurableObject(stub, work), store)
})

/** Storage answers only within its object: every call is made there. */
function within(inObject: <T>(work: () => Promise<T>) => Promise<T>, store: EventStore): EventStore {
  async function* follow(...args: Parameters<EventStore['follow']>) {
    const iterator = store.follow(...args)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const { done, value } = await inObject(() => iterator.next())
        if (done) return
        yield value
      }
    } finally {
      await inObject(async () => iterator.return?.())
    }
  }
  return {
    read: (...args) => inObject(() => store.read(...args)),
    append: (...args) => inObject(() => store.append(...args)),
    appendInOrder: (...args) => inObject(() => store.appendInOrder(...args)),
    readAll: (...args) => inObject(() => store.readAll(...args)),
    follow,
    head: () => inObject(() => store.head()),
    close: () => inObject(() => store.close()),
  }
}
