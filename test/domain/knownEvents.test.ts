// Events of a newer version: whoever would read one stops before it, with an error that says what to do; all else goes on.
import { describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { type EventStore, StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import { readable } from '../../src/domain/knownEvents.ts'
import { ask, eventually, openShop, openTestGateway } from '../support/gateway.ts'

const registered = (id: string) => ({ type: 'SiteRegistered', data: {}, id, metadata: {} })
const message = /^site-2 has SiteMoved \(version 1\), .*run the newer version/

/** A good event, a newer one in another stream, and a good one. */
async function mixed(newer: object): Promise<EventStore> {
  const store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  await store.append('site-1', 0, [registered('1')])
  await store.append('site-2', 0, [{ ...registered('2'), ...newer }])
  await store.append('site-3', 0, [registered('3')])
  return readable(store)
}
const signal = () => new AbortController().signal

describe('an event of a type that nobody here knows', () => {
  test('is not passed over by who reads its stream; other streams are read', async () => {
    const store = await mixed({ type: 'SiteMoved' })
    await expect(store.read('site-2')).rejects.toThrow(StoreUnavailable)
    await expect(store.read('site-2')).rejects.toThrow(message)
    for (const stream of ['site-1', 'site-3']) expect(await store.read(stream)).toHaveLength(1)
  })

  test('ends reading the log: what stands before it is given', async () => {
    const store = await mixed({ type: 'SiteMoved' })
    const [first, ...more] = await store.readAll('', 10)
    expect([first!.stream, more]).toEqual(['site-1', []])
    await expect(store.readAll(first!.position, 10)).rejects.toThrow(message)
  })

  test('ends following the log in the same way', async () => {
    const batches = (await mixed({ type: 'SiteMoved' })).follow('', signal())[Symbol.asyncIterator]()
    expect((await batches.next()).value.map(({ stream }: { stream: string }) => stream)).toEqual(['site-1'])
    await expect(batches.next()).rejects.toThrow(message)
  })
})

test('an event of a known type in a newer shape is refused as well; in its first shape it may say so', async () => {
  const newer = await mixed({ metadata: { shape: 2 } })
  await expect(newer.read('site-2')).rejects.toThrow(/SiteRegistered in shape 2 \(version 1\)/)
  const first = await mixed({ metadata: { shape: 1 } })
  expect(await first.readAll('', 10)).toHaveLength(3)
})

test('a gateway does nothing with a payment that a newer version has touched, sells on, and is not ready', async () => {
  const gateway = await openTestGateway()
  const shop = await openShop(gateway)
  const [touched, other] = [await ask(gateway, shop), await ask(gateway, shop)]
  const stream = `payment-${touched.id}`
  const split = { type: 'PaymentSplit', data: {}, id: 'split', metadata: {} }
  await gateway.store.append(stream, (await gateway.store.read(stream)).length, [split])
  const before = (await gateway.store.read(stream)).length

  const cancel = (id: string) => gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key })
  const refused = await cancel(touched.id)
  expect([refused.status, refused.body.code]).toEqual([503, 'store_unavailable'])
  expect((await gateway.call('GET', `/v1/payments/${touched.id}`, { key: shop.key })).status).toBe(503)
  expect((await gateway.store.read(stream)).length).toBe(before)
  expect((await cancel(other.id)).body.status).toBe('canceled')
  await eventually('not ready', async () => (await gateway.call('GET', '/readyz')).status === 503)
  expect((await gateway.call('GET', '/readyz?lag=any')).status).toBe(200)
  await gateway.stop()
})
