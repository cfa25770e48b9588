// Server-sent events of a payment: the status now, then every change, and nothing left behind when the reader leaves.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventReader } from '../support/eventReader.ts'
import { ask, openBank, openShop, openTestGateway, pay } from '../support/gateway.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let watching = 0
beforeEach(async () => {
  gateway = await openTestGateway()
  watching = 0
  const { watch } = gateway.services
  Object.assign(gateway.services, {
    watch: (...args: Parameters<typeof watch>) => {
      const unwatch = watch(...args)
      watching += 1
      return () => {
        watching -= 1
        unwatch()
      }
    },
  })
})
afterEach(() => gateway.stop())

test('tells the status now, each part that comes, and paid', async () => {
  const payment = await ask(gateway, await openShop(gateway))
  const bank = await openBank(gateway)
  const response = await gateway.app.request(`/v1/payments/${payment.id}/stream`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { next, leave } = eventReader(response)
  const money = { amount: '125000', currency: 'VND' }

  const pending = { ...money, status: 'pending', amountReceived: '0' }
  expect(await next()).toEqual({ event: 'status', id: '2', data: pending })
  await pay(gateway, bank, payment, 'part', { amount: '25000' })
  expect(await next()).toEqual({ event: 'status', id: '3', data: { ...pending, amountReceived: '25000' } })
  await pay(gateway, bank, payment, 'rest', { amount: '100000' })
  const paid = { ...money, status: 'paid', amountReceived: '125000' }
  expect(await next()).toEqual({ event: 'status', id: '5', data: paid })
  await leave()
})

test('tells of a cancellation, and nothing of other payments', async () => {
  const shop = await openShop(gateway)
  const [one, other] = [await ask(gateway, shop), await ask(gateway, shop)]
  const { next, leave } = eventReader(await gateway.app.request(`/v1/payments/${one.id}/stream`))
  await next()
  await gateway.call('POST', `/v1/payments/${other.id}/cancel`, { key: shop.key })
  await gateway.call('POST', `/v1/payments/${one.id}/cancel`, { key: shop.key })
  expect(await next()).toMatchObject({ id: '3', data: { status: 'canceled' } })
  await leave()
})

test('has nothing of who pays, where to or what for', async () => {
  const payment = await ask(gateway, await openShop(gateway), { description: 'Thuốc ho', orderId: 'HD-1' })
  const { next, leave } = eventReader(await gateway.app.request(`/v1/payments/${payment.id}/stream`))
  expect(Object.keys((await next()).data).sort()).toEqual(['amount', 'amountReceived', 'currency', 'status'])
  await leave()
})

test('a reader that cancels is forgotten', async () => {
  const { id } = await ask(gateway, await openShop(gateway))
  const { next, leave } = eventReader(await gateway.app.request(`/v1/payments/${id}/stream`))
  await next()
  expect(watching).toBe(1)
  await leave()
  expect(watching).toBe(0)
})

test('a reader whose connection breaks is forgotten, and the stream ends', async () => {
  const { id } = await ask(gateway, await openShop(gateway))
  const gone = new AbortController()
  const request = new Request(`http://gateway.test/v1/payments/${id}/stream`, { signal: gone.signal })
  const { next } = eventReader(await gateway.app.request(request))
  await next()
  gone.abort()
  await expect(next()).rejects.toThrow('the stream ended')
  expect(watching).toBe(0)
})

test('a reader that leaves while the status is being read harms nobody', async () => {
  const shop = await openShop(gateway)
  const { id } = await ask(gateway, shop)
  const response = await gateway.app.request(`/v1/payments/${id}/stream`)
  await response.body!.cancel() // before the first status was read
  await gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key })
  expect(watching).toBe(0)
  expect((await gateway.call('GET', '/healthz')).status).toBe(200)
})

test('HEAD says what GET would, and leaves no reader behind', async () => {
  const { id } = await ask(gateway, await openShop(gateway))
  const head = await gateway.call('HEAD', `/v1/payments/${id}/stream`)
  expect([head.status, head.text]).toEqual([200, ''])
  expect(head.headers.get('content-type')).toBe('text/event-stream')
  expect(watching).toBe(0)
})

test('a store that fails ends the stream instead of the process', async () => {
  const shop = await openShop(gateway)
  const { id } = await ask(gateway, shop)
  const { next } = eventReader(await gateway.app.request(`/v1/payments/${id}/stream`))
  await next()
  const { payments } = gateway.services.gateway
  const { load } = payments
  Object.assign(payments, { load: () => Promise.reject(new Error('the disk is gone')) })
  await gateway.services.gateway.payments.handle(
    id,
    { type: 'CancelPayment', data: { at: '2026-11-22T03:00:00.000Z' } },
    {},
  )
  await expect(next()).rejects.toThrow('the stream ended')
  Object.assign(payments, { load })
  expect(watching).toBe(0)
})
