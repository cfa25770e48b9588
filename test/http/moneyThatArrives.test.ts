// What can happen to money that arrives: every row of the table in the design, and that none of it is lost.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  type Shop,
  unappliedOf,
} from '../support/gateway.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  bank = await openBank(gateway)
})
afterEach(async () => {
  await expectNothingLost()
  await gateway.stop()
})

const read = async ({ id }: { id: string }) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: operatorKey })).body
const cancel = ({ id }: { id: string }) =>
  gateway.call('POST', `/v1/payments/${id}/cancel`, { key: shop.key })
const unapplied = (creditId: string) => unappliedOf(gateway, shop.key, creditId)

/** Money in = money on payments + money unapplied, each read from another place: the log, the payments, the list. */
async function expectNothingLost(): Promise<void> {
  await gateway.settled()
  const events = await gateway.store.readAll('', 10_000)
  const received = events
    .filter(({ type }) => type === 'CreditReceived')
    .map(({ data }) => BigInt((data as { amount: { amount: string } }).amount.amount))
  const payments = (await gateway.call('GET', '/v1/payments?limit=200', { key: operatorKey })).body.data
  const credits = (await gateway.call('GET', '/v1/unapplied-credits?limit=200', { key: operatorKey })).body
    .data
  const onPayments = sum(payments.map((payment: { amountReceived: string }) => payment.amountReceived))
  const notApplied = sum(credits.map((credit: { amount: string }) => credit.amount))
  expect(received.length).toBeGreaterThan(0)
  expect(onPayments + notApplied).toBe(received.reduce((a, b) => a + b, 0n))
}

/** The tests here pay in currencies without decimals, so amounts may be added as they are. */
const sum = (amounts: string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount), 0n)

test('exact and in time: paid, applied', async () => {
  const payment = await ask(gateway, shop)
  expect((await pay(gateway, bank, payment, 't1')).body.outcome).toBe('applied')
  expect(await read(payment)).toMatchObject({
    status: 'paid',
    amountReceived: '125000',
    paidAt: '2026-11-22T03:00:00.000Z',
  })
})

test('less than due: stays pending with what was received; several add up to paid', async () => {
  const payment = await ask(gateway, shop)
  expect((await pay(gateway, bank, payment, 't1', { amount: '25000' })).body.outcome).toBe('applied')
  expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '25000' })
  expect((await pay(gateway, bank, payment, 't2', { amount: '99999' })).body.outcome).toBe('applied')
  expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '124999' })
  expect((await pay(gateway, bank, payment, 't3', { amount: '1' })).body.outcome).toBe('applied')
  expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
})

test('several parts at the same moment add up, none is lost', async () => {
  const payment = await ask(gateway, shop)
  const parts = Array.from({ length: 5 }, (_, i) => pay(gateway, bank, payment, `t${i}`, { amount: '25000' }))
  expect((await Promise.all(parts)).map(({ body }) => body.outcome)).toEqual(Array(5).fill('applied'))
  expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
})

test('more than due: paid, the excess unapplied as overpaid', async () => {
  const payment = await ask(gateway, shop)
  const { creditId, outcome } = (await pay(gateway, bank, payment, 't1', { amount: '130000' })).body
  expect(outcome).toBe('overpaid')
  expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  expect(await unapplied(creditId)).toMatchObject({
    amount: '5000',
    reason: 'overpaid',
    paymentId: payment.id,
    merchantId: shop.merchantId,
  })
})

test('the last part more than what was left: paid, only the excess unapplied', async () => {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 't1', { amount: '100000' })
  const { creditId } = (await pay(gateway, bank, payment, 't2', { amount: '100000' })).body
  expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  expect(await unapplied(creditId)).toMatchObject({ amount: '75000', reason: 'overpaid' })
})

test('a second transfer for a paid one: unchanged, unapplied as duplicate', async () => {
  const payment = await ask(gateway, shop)
  await pay(gateway, bank, payment, 't1')
  const paid = await read(payment)
  const { creditId, outcome } = (await pay(gateway, bank, payment, 't2')).body
  expect(outcome).toBe('duplicate')
  expect(await read(payment)).toEqual(paid)
  expect(await unapplied(creditId)).toMatchObject({ amount: '125000', reason: 'duplicate' })
})

test('two full transfers at the same moment: one pays, the other is a duplicate', async () => {
  const payment = await ask(gateway, shop)
  const answers = await Promise.all(['t1', 't2'].map((id) => pay(gateway, bank, payment, id)))
  expect(answers.map(({ body }) => body.outcome).sort()).toEqual(['applied', 'duplicate'])
  expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
})

describe('after expiry', () => {
  const expired = async (latePolicy: object) => {
    shop = await openShop(gateway, { latePolicy })
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    await passTime(gateway, 61)
    expect(await read(payment)).toMatchObject({ status: 'expired' })
    return payment
  }

  test.each(['hold', 'return'])('a merchant who wants it to %s: expired, unapplied as late', async (mode) => {
    const payment = await expired({ mode })
    const { creditId, outcome } = (await pay(gateway, bank, payment, 't1')).body
    expect(outcome).toBe('late')
    expect(await read(payment)).toMatchObject({ status: 'expired', amountReceived: '0' })
    expect(await unapplied(creditId)).toMatchObject({
      amount: '125000',
      reason: 'late',
      paymentId: payment.id,
    })
  })

  test('a merchant who accepts within a grace period: paid, applied', async () => {
    const payment = await expired({ mode: 'accept', graceSeconds: 600 })
    expect((await pay(gateway, bank, payment, 't1')).body.outcome).toBe('applied')
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('a part within the grace period is late: an expired payment is revived at one stroke or not at all', async () => {
    const payment = await expired({ mode: 'accept', graceSeconds: 600 })
    const { creditId, outcome } = (await pay(gateway, bank, payment, 't1', { amount: '25000' })).body
    expect(outcome).toBe('late')
    expect(await read(payment)).toMatchObject({ status: 'expired', amountReceived: '0' })
    expect(await unapplied(creditId)).toMatchObject({ amount: '25000', reason: 'late' })
    expect((await pay(gateway, bank, payment, 't2')).body.outcome).toBe('applied')
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('at the last second of the grace period it is paid, one later it is late', async () => {
    const [one, other] = [
      await expired({ mode: 'accept', graceSeconds: 600 }),
      await expired({ mode: 'accept', graceSeconds: 600 }),
    ]
    gateway.clock.now = new Date(Date.parse(one.qr.expiresAt) + 600_000)
    expect((await pay(gateway, bank, one, 't1')).body.outcome).toBe('applied')
    gateway.clock.now = new Date(Date.parse(other.qr.expiresAt) + 600_001)
    expect((await pay(gateway, bank, other, 't2')).body.outcome).toBe('late')
  })

  test('but paid before, and only told late by the bank: paid', async () => {
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    const paidAt = new Date(gateway.clock.now.getTime() + 30_000).toISOString()
    await passTime(gateway, 600)
    expect((await pay(gateway, bank, payment, 't1', { occurredAt: paidAt })).body.outcome).toBe('applied')
    expect(await read(payment)).toMatchObject({ status: 'paid' })
  })

  test('with a time of the bank from before the payment was asked for: late, for that clock is not believed', async () => {
    const payment = await expired({ mode: 'hold' })
    const occurredAt = '2026-11-22T02:59:59.000Z'
    expect((await pay(gateway, bank, payment, 't1', { occurredAt })).body.outcome).toBe('late')
  })

  test('and before anybody noticed that the time is over: late all the same', async () => {
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 61_000)
    expect((await pay(gateway, bank, payment, 't1')).body.outcome).toBe('late')
  })
})

test('after cancel: unchanged, unapplied as canceled', async () => {
  const payment = await ask(gateway, shop)
  await cancel(payment)
  const { creditId, outcome } = (await pay(gateway, bank, payment, 't1')).body
  expect(outcome).toBe('canceled')
  expect(await read(payment)).toMatchObject({ status: 'canceled', amountReceived: '0' })
  expect(await unapplied(creditId)).toMatchObject({ amount: '125000', reason: 'canceled' })
})

describe('partly paid, then', () => {
  test('canceled: the part becomes unapplied as underpaid', async () => {
    const payment = await ask(gateway, shop)
    const { creditId } = (await pay(gateway, bank, payment, 't1', { amount: '25000' })).body
    expect((await cancel(payment)).body).toMatchObject({ status: 'canceled', amountReceived: '0' })
    expect(await unapplied(creditId)).toMatchObject({
      amount: '25000',
      reason: 'underpaid',
      paymentId: payment.id,
      merchantId: shop.merchantId,
    })
    expect(await read(payment)).toMatchObject({ amountReceived: '0' })
  })

  test('expired: every part becomes unapplied as underpaid', async () => {
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    const parts = [
      await pay(gateway, bank, payment, 't1', { amount: '25000' }),
      await pay(gateway, bank, payment, 't2', { amount: '30000' }),
    ].map(({ body }) => body.creditId)
    await passTime(gateway, 60)
    expect(await read(payment)).toMatchObject({ status: 'expired', amountReceived: '0' })
    expect(await unapplied(parts[0])).toMatchObject({ amount: '25000', reason: 'underpaid' })
    expect(await unapplied(parts[1])).toMatchObject({ amount: '30000', reason: 'underpaid' })
  })
})

describe('no payment is named:', () => {
  const contents: [string, string][] = [
    ['no reference at all', 'chuyen tien an trua'],
    ['an empty text', ''],
    ['a reference of a payment that never was', 'TN7K3MA9QZXW4F2P8R60'],
  ]
  test.each(contents)(
    '%s is unapplied as unmatched, and the merchant sees it by its account',
    async (_what, content) => {
      const payment = await ask(gateway, shop)
      const { creditId, outcome } = (await pay(gateway, bank, payment, 't1', { content })).body
      expect(outcome).toBe('unmatched')
      expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '0' })
      expect(await unapplied(creditId)).toMatchObject({ amount: '125000', reason: 'unmatched' })
    },
  )

  test('of two references in one text the first that is a payment counts', async () => {
    const payment = await ask(gateway, shop)
    const content = `TN7K3MA9QZXW4F2P8R60 TN${payment.reference}`
    expect((await pay(gateway, bank, payment, 't1', { content })).body.outcome).toBe('applied')
  })
})

describe('money for a payment that came to', () => {
  const elsewhere: [string, object][] = [
    ['another account', { accountNumber: '9999999999' }],
    ['another bank', { bankBin: '970436' }],
    ['the account in another currency', { currency: 'JPY' }],
  ]
  test.each(elsewhere)('%s: unchanged, unapplied as mismatch', async (_what, changes) => {
    const payment = await ask(gateway, shop)
    const { creditId, outcome } = (await pay(gateway, bank, payment, 't1', changes)).body
    expect(outcome).toBe('mismatch')
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '0' })
    expect(await unapplied(creditId)).toMatchObject({
      amount: '125000',
      reason: 'mismatch',
      paymentId: payment.id,
    })
  })
})
