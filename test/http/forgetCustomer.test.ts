// POST /v1/billers/{id}/customers/forget: who may, what goes and what stays, and what comes after.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { customerKey } from '../../src/domain/bills/customer.ts'
import { createApp } from '../../src/http/app.ts'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import {
  call,
  eventually,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  type TestGateway,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let billerId: string
let key: string
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())
beforeEach(async () => {
  ;({ billerId, key } = await openBiller(gateway))
})

const code = 'PD13000123456'
const name = 'Nguyễn Thị Ánh'
const named = (...rows: string[]) =>
  billFile(...rows.map((row) => `${row},${name}`)).replace('dueOn', 'dueOn,customerName')
const send = async (file: string) => {
  const { body } = await uploadBills(gateway, key, file)
  await gateway.settled()
  return [body.accepted, body.unchanged]
}
const forget = (as = key, customerCode = code, headers: Record<string, string> = {}, of = billerId) =>
  gateway.call('POST', `/v1/billers/${of}/customers/forget`, { key: as, body: { customerCode }, headers })
/** A file that comes now comes after what was done before. */
const later = () => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + 1)
}
const inquire = async (as = key) =>
  (await gateway.call('GET', `/v1/bills?billerId=${billerId}&customerCode=${code}`, { key: as })).body
const recorded = async () =>
  (await gateway.store.readAll('', 10_000)).filter(
    ({ type, data }) => type === 'CustomerForgotten' && (data as { billerId: string }).billerId === billerId,
  )

test('the name is gone, the bills are as they were, and an event says so without naming anybody', async () => {
  await send(named(billRow('A1', '1000'), billRow('A2', '500')))
  const before = await inquire()
  expect(before.customer).toEqual({ name })
  const { status, body } = await forget(key, 'pd13 000 123 456')
  expect(status).toBe(200)
  expect(body).toEqual({
    id: expect.stringMatching(/^cus_[0-9A-Z]{26}$/),
    billerId,
    customerCode: code,
    times: 1,
    forgottenAt: '2026-11-22T03:00:00.000Z',
  })
  const { customer: _, ...rest } = before
  expect(await inquire()).toEqual(rest)
  const [event, ...more] = await recorded()
  expect([event!.stream, event!.data, more]).toEqual([
    `customer-${body.id}`,
    { billerId, times: 1, forgottenAt: body.forgottenAt },
    [],
  ])
})

test('bills are paid as before', async () => {
  await send(named(billRow('A1', '1000')))
  await forget()
  const [{ id }] = (await inquire()).data
  const payment = await gateway.call('POST', '/v1/bills/payments', { key, body: { billIds: [id] } })
  await gateway.call('POST', '/v1/sandbox/pay', { body: { qrPayload: payment.body.qr.payload } })
  const status = async () => (await gateway.call('GET', `/v1/bills/${id}`, { key })).body.status
  await eventually('the bill is paid', async () => (await status()) === 'paid')
  const { receiptUrl } = (await gateway.call('GET', `/v1/payments/${payment.body.id}/receipt`, { key })).body
  const receipt = await gateway.call('GET', receiptUrl.replace('http://gateway.test', ''))
  expect(receipt.status).toBe(200)
  expect(receipt.text).not.toContain('Ánh')
})

test('twice is once; so is a request that is repeated under its key after the customer came back', async () => {
  await send(named(billRow('A1', '1000')))
  const [once, again] = [await forget(), await forget()]
  expect([again.status, again.body]).toEqual([200, once.body])
  later()
  await send(named(billRow('A2', '1000')))
  expect((await forget(key, code, { 'idempotency-key': 'x' })).body.times).toBe(2)
  later()
  await send(named(billRow('A3', '1000')))
  const repeated = await forget(key, code, { 'idempotency-key': 'x' })
  expect([repeated.body.times, repeated.headers.get('idempotent-replayed')]).toEqual([2, 'true'])
  expect((await inquire()).customer).toEqual({ name })
  expect(await recorded()).toHaveLength(2)
})

test('what a crash left without an event is recorded when it is asked for again', async () => {
  await send(named(billRow('A1', '1000')))
  gateway.services.vault.erasure!.drop(customerKey(billerId, code), gateway.clock.now.toISOString())
  expect(await recorded()).toEqual([])
  expect((await forget()).body.times).toBe(1)
  expect(await recorded()).toHaveLength(1)
})

test('a file that is sent again, or changes such a bill, does not bring the name back; a new bill does', async () => {
  await send(named(billRow('A1', '1000')))
  await forget()
  later()
  expect(await send(named(billRow('A1', '1000')))).toEqual([0, 1])
  expect(await send(named(billRow('A1', '2000')))).toEqual([1, 0])
  const { data, customer } = await inquire()
  expect([data[0].amount, customer]).toEqual(['2000', undefined])
  expect(await send(named(billRow('A2', '7')))).toEqual([1, 0])
  expect((await inquire()).customer).toEqual({ name })
})

test('a bill that goes to another customer is sealed under the key of that one', async () => {
  const other = 'PD13000123457'
  await send(named(billRow('A1', '1000', other)))
  await send(named(billRow('A1', '1000')))
  await forget(key, other)
  expect((await inquire()).customer).toEqual({ name })
  await forget()
  expect((await inquire()).customer).toBeUndefined()
})

test('while a file is taken: every bill of it is taken, and none says the name, then or when it is sent again', async () => {
  const rows = (from: number) => Array.from({ length: 1_500 }, (_, at) => billRow(`A${from + at}`, '1'))
  const file = named(...rows(0), ...rows(1_500))
  await send(named(...rows(0)))
  let taken = false
  const sending = uploadBills(gateway, key, file).finally(() => {
    taken = true
  })
  const counts = new Set<number>()
  while (!taken) {
    counts.add((await forget()).body.times)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect((await sending).body).toMatchObject({ rejectedCount: 0, accepted: 1_500 })
  expect([...counts]).toEqual([1])
  await gateway.settled()
  later()
  expect((await inquire()).customer).toBeUndefined()
  expect(await send(file)).toEqual([0, 3_000])
  expect((await inquire()).customer).toBeUndefined()
  expect(await send(named(billRow('B1', '1')))).toEqual([1, 0])
  expect((await forget()).body.times).toBe(2)
})

test('the biller and an operator may; another biller, a shop and a till may not', async () => {
  await send(named(billRow('A1', '1000')))
  expectRefused(await forget((await openBiller(gateway)).key), 'not_found')
  const shop = await openShop(gateway)
  expectRefused(await forget(shop.key), 'not_found')
  expectRefused(await forget((await openTerminal(gateway, shop)).key), 'forbidden')
  expect((await inquire()).customer).toEqual({ name })
  expect((await forget(operatorKey)).status).toBe(200)
})

test('who was never sent a bill is nobody, also where another biller knows the code', async () => {
  await send(named(billRow('A1', '1000')))
  expectRefused(await forget(key, 'PD13000999999'), 'customer_not_found')
  const other = await openBiller(gateway)
  expectRefused(await forget(other.key, code, {}, other.billerId), 'customer_not_found')
  expectRefused(await forget(operatorKey, code, {}, 'mer_00000'), 'not_found')
})

test('a customer of whom no name was sent is forgotten, too: a later one is a new person', async () => {
  await send(billFile(billRow('A1', '1000')))
  expect((await forget()).body.times).toBe(1)
  later()
  await send(named(billRow('A2', '1000')))
  expect((await forget()).body.times).toBe(2)
})

test('where keys derive from the master key nobody can be forgotten, and it is said', async () => {
  await send(named(billRow('A1', '1000')))
  const { erasure: _, ...vault } = gateway.services.vault
  const clustered = createApp({ ...gateway.services, vault })
  const path = `/v1/billers/${billerId}/customers/forget`
  expectRefused(
    await call(clustered, 'POST', path, { key, body: { customerCode: code } }),
    'forgetting_unavailable',
  )
  expect((await inquire()).customer).toEqual({ name })
})
