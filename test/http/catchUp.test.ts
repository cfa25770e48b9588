// After an outage: the bank is asked what came meanwhile, and what is not known is taken, once.
import { afterAll, describe, expect, test } from 'vitest'
import { ask, openBank, openShop, openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const sandbox = 'con_SANDB0XBANK0'
const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const later = (seconds: number): string => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + seconds * 1_000)
  return gateway.clock.now.toISOString()
}
const play = (body: object) => gateway.call('POST', '/v1/sandbox/pay', { body })
const catchUp = (from: string, to: string, connector = sandbox, key = operatorKey) =>
  gateway.call('POST', `/v1/connectors/${connector}/catch-up`, { key, body: { from, to } })
const read = async ({ id }: { id: string }) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body

test('a lost notification is found, and found once; what was told is known', async () => {
  const from = later(1)
  const [lost, told] = [await ask(gateway, shop), await ask(gateway, shop)]
  const before = await gateway.store.head()
  const answer = await play({ qrPayload: lost.qr.payload, lost: true, transactionId: 'LOST1' })
  expect([answer.status, answer.text]).toEqual([200, '{"transactionId":"LOST1","outcome":"lost"}'])
  expect(await gateway.store.head()).toBe(before)
  await play({ qrPayload: told.qr.payload })
  const to = later(60)
  const counts = { unreadable: 0, conflicting: 0 }
  expect((await catchUp(from, to)).body).toEqual({ from, to, asked: 2, known: 1, added: 1, ...counts })
  expect(await read(lost)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  const head = await gateway.store.head()
  expect((await catchUp(from, to)).body).toEqual({ from, to, asked: 2, known: 2, added: 0, ...counts })
  expect(await gateway.store.head()).toBe(head)
})

test('money that was paid in time and found late is not late: the clock of the bank decides', async () => {
  const from = later(1)
  const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
  await play({ qrPayload: payment.qr.payload, lost: true })
  const to = later(86_400)
  expect((await catchUp(from, to)).body).toMatchObject({ added: 1 })
  expect(await read(payment)).toMatchObject({ status: 'paid' })
})

test('twice at once adds one', async () => {
  const from = later(1)
  const { qr } = await ask(gateway, shop)
  await play({ qrPayload: qr.payload, lost: true })
  const to = later(1)
  const answers = await Promise.all(Array.from({ length: 8 }, () => catchUp(from, to)))
  expect(answers.map(({ body }) => body.added).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
})

test('the beginning is included and the end is not', async () => {
  const at = later(10)
  const { qr } = await ask(gateway, shop)
  await play({ qrPayload: qr.payload, lost: true })
  const next = later(1)
  expect((await catchUp(at, next)).body.asked).toBe(1)
  expect((await catchUp(next, later(1))).body.asked).toBe(0)
  expect((await catchUp(later(-5), at)).body.asked).toBe(0)
})

test('what cannot be read, or is known with another amount, is counted, and the rest is taken', async () => {
  later(1_000)
  const from = later(1)
  const { qr } = await ask(gateway, shop)
  const occurredAt = gateway.clock.now.toISOString()
  await play({ qrPayload: qr.payload, transactionId: 'C1' })
  await play({ qrPayload: qr.payload, transactionId: 'C1', amount: '1', lost: true })
  gateway.services.sandboxBank.remember({
    connectorId: sandbox,
    notification: '{"transactionId"',
    occurredAt,
  })
  await play({ qrPayload: qr.payload, transactionId: 'C2', lost: true })
  const answer = await catchUp(from, later(1))
  expect(answer.body).toMatchObject({ asked: 4, known: 1, conflicting: 1, unreadable: 1, added: 1 })
})

describe('is refused', () => {
  const day = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'] as const

  test('for a bank that cannot be asked', async () => {
    expectRefused(await catchUp(...day, (await openBank(gateway)).id), 'statement_not_offered')
  })
  test('for a connector that nobody registered', async () => {
    expectRefused(await catchUp(...day, 'con_7K3MA9QZXW4F'), 'not_found')
  })
  test('for a time that ends before it begins', async () => {
    expectRefused(await catchUp(day[1], day[0]), 'validation_failed', '/to')
    expectRefused(await catchUp('yesterday', day[1]), 'validation_failed', '/from')
  })
  test('to a merchant', async () => {
    expectRefused(await catchUp(...day, sandbox, shop.key), 'forbidden')
  })
})

test('another connector of the kind is not told what the sandbox bank paid', async () => {
  const body = { kind: 'sandbox', name: 'Another' }
  const { id } = (await gateway.call('POST', '/v1/connectors', { key: operatorKey, body })).body
  expect((await catchUp('2026-11-22T00:00:00Z', '2027-11-22T00:00:00Z', id)).body.asked).toBe(0)
})
