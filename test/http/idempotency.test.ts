// Idempotency-Key, what is particular: time that passes, owners, keys that do not fit. Every POST: exactlyOnce.test.ts.
import { afterAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  ask,
  notificationFor,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  shopSite,
  signedHeaders,
  supermarket,
  unappliedOf,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
const shop = await openShop(gateway)
afterAll(() => gateway.stop())

const sale = (siteId = shop.siteId) => ({ siteId, method: 'qr', amount: '125000', currency: 'VND' })
const sell = (idempotencyKey: string, body: unknown = sale(), key = shop.key) =>
  gateway.call('POST', '/v1/payments', { key, body, headers: { 'idempotency-key': idempotencyKey } })

/** The answer is the first one, byte for byte, and says that it is a replay; nothing was added. */
async function expectReplay(first: Answer, again: () => Promise<Answer>): Promise<void> {
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  const head = await gateway.store.head()
  const second = await again()
  expect([second.status, second.text]).toEqual([first.status, first.text])
  expect(second.headers.get('etag')).toBe(first.headers.get('etag'))
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect(await gateway.store.head()).toBe(head)
}

describe('a payment', () => {
  test('asked for twice under one key is one payment, with one answer', async () => {
    const first = await sell('till-1/0001')
    expect(first.status).toBe(201)
    await expectReplay(first, () => sell('till-1/0001'))
  })

  test('is answered as it was first also after it was paid and the clock went on', async () => {
    const start = gateway.clock.now
    const first = await sell('till-1/0002')
    const bank = await openBank(gateway)
    expect((await pay(gateway, bank, first.body, 'idem-paid')).body.outcome).toBe('applied')
    gateway.clock.now = new Date(start.getTime() + 86_400_000)
    await expectReplay(first, () => sell('till-1/0002'))
    gateway.clock.now = start
  })

  test('asked for under two keys, or twice under none, is two', async () => {
    const ids = [await sell('a'), await sell('b')].map(({ body }) => body.id)
    expect(new Set([...ids, (await ask(gateway, shop)).id, (await ask(gateway, shop)).id]).size).toBe(4)
  })

  test('under a key that was used for another body is refused, and the first one stands', async () => {
    const first = await sell('till-1/0003')
    const head = await gateway.store.head()
    expectRefused(await sell('till-1/0003', { ...sale(), amount: '125001' }), 'idempotency_key_reused')
    expect(await gateway.store.head()).toBe(head)
    await expectReplay(first, () => sell('till-1/0003'))
  })

  test('asked for 64 times at once is one payment and 64 equal answers', async () => {
    const before = (await gateway.store.readAll('', 10_000)).length
    const answers = await Promise.all(Array.from({ length: 64 }, () => sell('till-1/0004')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(201)
    const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')
    expect(replayed.length).toBe(63)
    const added = (await gateway.store.readAll('', 10_000)).slice(before).map(({ type }) => type)
    expect(added).toEqual(['PaymentRequested', 'QrIssued'])
  })

  test('with different bodies at once under one key is one payment; the others are told so', async () => {
    const amounts = ['1000', '2000', '3000', '4000']
    const answers = await Promise.all(amounts.map((amount) => sell('till-1/0005', { ...sale(), amount })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422])
  })

  test('that was refused is not remembered: the key is free for the corrected body', async () => {
    expectRefused(await sell('till-1/0006', { ...sale(), amount: '-1' }), 'validation_failed', '/amount')
    expectRefused(await sell('till-1/0006', '{"siteId":'), 'malformed_json')
    const corrected = await sell('till-1/0006')
    expect([corrected.status, corrected.headers.get('idempotent-replayed')]).toEqual([201, null])
  })
})

describe('money that arrived', () => {
  const transfer = (body: object, headers: Record<string, string> = {}) =>
    gateway.call('POST', '/v1/sandbox/pay', { body, headers })
  const cancel = (id: string) => gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key })

  test('is answered as it was first, also when its payment has let go of it since', async () => {
    const { id, qr } = await ask(gateway, shop)
    const send = () => transfer({ qrPayload: qr.payload, amount: '1000' }, { 'idempotency-key': 'a part' })
    const first = await send()
    expect(first.body.outcome).toBe('applied')
    await cancel(id)
    await unappliedOf(gateway, shop.key, first.body.creditId)
    await expectReplay(first, send)
  })

  test('and was told twice by its bank is answered as it was first, too', async () => {
    const [bank, payment] = [await openBank(gateway), await ask(gateway, shop)]
    const tell = () => pay(gateway, bank, payment, 'a part', { amount: '1000' })
    const first = await tell()
    await cancel(payment.id)
    await unappliedOf(gateway, shop.key, first.body.creditId)
    expect((await tell()).text).toBe(first.text)
  })

  test('is named by the bank: under one Idempotency-Key another amount is still a conflict, and recorded', async () => {
    const [bank, payment] = [await openBank(gateway), await ask(gateway, shop)]
    const tell = (amount: string) => {
      const body = JSON.stringify(notificationFor(payment, 'keyed', gateway.clock.now, { amount }))
      const headers = signedHeaders(bank.secret, body, gateway.clock.now)
      const path = `/v1/connectors/${bank.id}/notifications`
      return gateway.call('POST', path, { body, headers: { ...headers, 'idempotency-key': 'keyed' } })
    }
    const { creditId } = (await tell('1000')).body
    expectRefused(await tell('2000'), 'credit_conflict')
    const types = (await gateway.store.read(`credit-${creditId}`)).map(({ type }) => type)
    expect(types).toEqual(['CreditReceived', 'CreditConflicted'])
  })
})

describe('a key belongs to its owner', () => {
  test('two merchants may use the same one', async () => {
    const other = await openShop(gateway)
    const [mine, theirs] = [await sell('shared'), await sell('shared', sale(other.siteId), other.key)]
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(theirs.headers.get('idempotent-replayed')).toBeNull()
    expect(theirs.body.merchantId).toBe(other.merchantId)
  })

  test('two terminals of one merchant, and the merchant, may use the same one', async () => {
    const terminals = [await openTerminal(gateway, shop), await openTerminal(gateway, shop)]
    const keys = [...terminals.map(({ key }) => key), shop.key]
    const answers = await Promise.all(keys.map((key) => sell('receipt-1', sale(), key)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(3)
    await expectReplay(answers[1]!, () => sell('receipt-1', sale(), keys[1]))
  })

  test('and to one kind of request', async () => {
    const headers = { 'idempotency-key': 'one-key-for-all' }
    expect((await sell('one-key-for-all')).status).toBe(201)
    const site = await gateway.call('POST', '/v1/sites', { key: shop.key, body: shopSite, headers })
    expect([site.status, site.headers.get('idempotent-replayed')]).toEqual([201, null])
    const { id } = (await sell('one-key-for-all')).body
    const canceled = await gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key, headers })
    expect([canceled.body.status, canceled.headers.get('idempotent-replayed')]).toEqual(['canceled', null])
  })
})

describe('what is shown once', () => {
  test('a merchant’s key, is shown again to who repeats the request, and works', async () => {
    const post = () =>
      gateway.call('POST', '/v1/merchants', {
        key: operatorKey,
        body: supermarket,
        headers: { 'idempotency-key': 'm' },
      })
    const answers = await Promise.all([post(), post(), post()])
    expect(new Set(answers.map(({ body }) => body.apiKey)).size).toBe(1)
    const { id, apiKey } = answers[2]!.body
    expect((await gateway.call('GET', `/v1/merchants/${id}`, { key: apiKey })).status).toBe(200)
  })

  test('a terminal’s key: a lost answer can be asked for again, by who has the code and the idempotency key', async () => {
    const body = { siteId: shop.siteId, kind: 'pos', serialNumber: 'SN' }
    const terminal = (await gateway.call('POST', '/v1/terminals', { key: shop.key, body })).body
    const activate = (idempotencyKey: string, activationCode = terminal.activationCode) =>
      gateway.call('POST', '/v1/terminals/activate', {
        body: { activationCode },
        headers: { 'idempotency-key': idempotencyKey },
      })
    const first = await activate('boot-1')
    expect(first.status).toBe(200)
    await expectReplay(first, () => activate('boot-1'))
    expectRefused(await activate('boot-2'), 'terminal_already_activated')
    const guess = `${terminal.activationCode.slice(0, 9)}00000000`
    expectRefused(await activate('boot-1', guess), 'terminal_not_found')
    expect(
      (await gateway.call('GET', `/v1/terminals/${terminal.id}`, { key: first.body.apiKey })).status,
    ).toBe(200)
  })
})

test.each([
  ['empty', ''],
  ['longer than 255 characters', 'k'.repeat(256)],
  ['not ASCII', 'khóa'],
])('a key that is %s is refused', async (_what, key) => {
  const head = await gateway.store.head()
  expectRefused(await sell(key), 'idempotency_key_invalid')
  expect(await gateway.store.head()).toBe(head)
})
