// What a terminal hears: its own payments as they change, until its key ends; and nothing is left behind.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { eventReader } from '../support/eventReader.ts'
import {
  ask,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  pay,
  type Shop,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let terminal: { id: string; key: string }
let watching = 0
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  terminal = await openTerminal(gateway, shop)
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

const open = async (key = terminal.key) =>
  eventReader(
    await gateway.app.request(`/v1/terminals/${terminal.id}/stream`, {
      headers: { authorization: `Bearer ${key}` },
    }),
  )
const sell = () => ask(gateway, { ...shop, key: terminal.key })
const act = (what: string, body: object = {}) =>
  gateway.call('POST', `/v1/terminals/${terminal.id}/${what}`, { key: shop.key, body })
const money = { amount: '125000', currency: 'VND' }

test('a payment that is asked for is told of, and each change of it', async () => {
  const bank = await openBank(gateway)
  const { next, leave } = await open()
  const { id, reference } = await sell()
  const pending = { id, ...money, status: 'pending', amountReceived: '0' }
  expect(await next()).toEqual({ event: 'payment', id: `${id}.2`, data: pending })
  await pay(gateway, bank, { amount: '125000', reference }, 'part', { amount: '25000' })
  const part = { ...pending, amountReceived: '25000' }
  expect(await next()).toEqual({ event: 'payment', id: `${id}.3`, data: part })
  await pay(gateway, bank, { amount: '125000', reference }, 'rest', { amount: '100000' })
  expect((await next()).data).toEqual({ id, ...money, status: 'paid', amountReceived: '125000' })
  await leave()
})

test('who comes back hears how its latest payments stand, oldest first', async () => {
  const first = await sell()
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 1_000)
  const second = await sell()
  await gateway.call('POST', `/v1/payments/${first.id}/cancel`, { key: terminal.key, body: {} })
  await gateway.settled()
  const { next, leave } = await open()
  expect([(await next()).data, (await next()).data]).toMatchObject([
    { id: first.id, status: 'canceled' },
    { id: second.id, status: 'pending' },
  ])
  await gateway.call('POST', `/v1/payments/${second.id}/cancel`, { key: shop.key, body: {} })
  expect((await next()).data).toMatchObject({ id: second.id, status: 'canceled' })
  await leave()
})

test('a payment that the list did not have yet when the stream began is found a little later', async () => {
  const { id } = await sell()
  await gateway.settled()
  const { readModels } = gateway.services
  const { listPayments } = readModels
  Object.assign(readModels, { listPayments: async () => ({ rows: [], nextCursor: null }) })
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const { next, leave } = await open()
  const lookAgain = timers.mock.calls.find(([, ms]) => ms === 15_000)![0]
  timers.mockRestore()
  Object.assign(readModels, { listPayments })
  lookAgain()
  expect((await next()).data.id).toBe(id)
  await leave()
})

test('payments of others, and of nobody, are not told of', async () => {
  const other = await openTerminal(gateway, shop)
  const { next, leave } = await open(shop.key)
  await ask(gateway, shop)
  await ask(gateway, { ...shop, key: other.key })
  const mine = await ask(gateway, shop, { terminalId: terminal.id })
  expect((await next()).data.id).toBe(mine.id)
  await leave()
})

test.each([
  ['block', {}],
  ['revoke', {}],
  ['rotate-key', { overlapSeconds: 0 }],
])('after %s the terminal hears no more, its merchant does', async (what, body) => {
  const [mine, merchants] = [await open(), await open(shop.key)]
  const sold = await sell()
  expect([(await mine.next()).data.id, (await merchants.next()).data.id]).toEqual([sold.id, sold.id])
  await act(what, body)
  await expect(mine.next()).rejects.toThrow('the stream ended')
  await gateway.call('POST', `/v1/payments/${sold.id}/cancel`, { key: shop.key, body: {} })
  expect((await merchants.next()).data.status).toBe('canceled')
  await merchants.leave()
})

test('a key whose overlap is over hears nothing of what comes then', async () => {
  const { next } = await open()
  const newest = (await act('rotate-key', { overlapSeconds: 60 })).body.apiKey
  expect((await ask(gateway, { ...shop, key: newest })).id).toBe((await next()).data.id)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
  await ask(gateway, { ...shop, key: newest })
  await expect(next()).rejects.toThrow('the stream ended')
})

test('a reader that leaves is forgotten, with all it followed', async () => {
  const { next, leave } = await open()
  await sell()
  await next()
  await sell()
  await next()
  expect(watching).toBe(4)
  await leave()
  expect(watching).toBe(0)
})

test('a reader that leaves before its first payments were read is forgotten too', async () => {
  await sell()
  await gateway.settled()
  const { listPayments } = gateway.services.readModels
  let read = false
  Object.assign(gateway.services.readModels, {
    listPayments: async (...args: Parameters<typeof listPayments>) => {
      const page = await listPayments(...args)
      read = true
      return page
    },
  })
  const { leave } = await open()
  await leave()
  await eventually('the list was read', () => read)
  await gateway.settled()
  expect(watching).toBe(0)
})

test('of very many payments the latest hundred are followed', async () => {
  const { next, leave } = await open()
  for (let count = 0; count < 102; count++) {
    await sell()
    await next()
  }
  expect(watching).toBe(102)
  await leave()
  expect(watching).toBe(0)
})

test('another terminal and another merchant find nothing here', async () => {
  const others = [(await openTerminal(gateway, shop)).key, (await openShop(gateway)).key]
  for (const key of others)
    expectRefused(await gateway.call('GET', `/v1/terminals/${terminal.id}/stream`, { key }), 'not_found')
  expect(watching).toBe(0)
})
