// Stored notifications read again: what could not be read becomes a credit, what names a payment now finds it, once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyDifferences, reinterpret } from '../../src/adapters/node/reinterpret.ts'
import { originalOf } from '../../src/http/takeNotification.ts'
import {
  ask,
  type Bank,
  eventually,
  notificationFor,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  passTime,
  type Shop,
  signedHeaders,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const ports = () => ({ ...gateway.services, store: gateway.store })
const look = () => reinterpret(ports())
const kinds = async () => (await look()).differences.map(({ kind }) => kind)
const apply = async () => applyDifferences((await look()).differences)
const read = async ({ id }: { id: string }) =>
  (await gateway.call('GET', `/v1/payments/${id}`, { key: shop.key })).body
const unapplied = async () => {
  await gateway.settled()
  return (await gateway.call('GET', '/v1/unapplied-credits', { key: operatorKey })).body.data
}

/** A notification that the parser of its day refused: here, for its media type. */
async function tellUnread(payment: { amount: string; reference: string }, transactionId: string) {
  const body = JSON.stringify(notificationFor(payment, transactionId, gateway.clock.now))
  const headers = {
    ...signedHeaders(bank.secret, body, gateway.clock.now),
    'content-type': 'application/vnd.bank+json',
  }
  const answer = await gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, { body, headers })
  expectRefused(answer, 'unsupported_media_type')
}

/** A credit as a parser recorded it that found other references, or another amount, in the same words. */
async function receivedBefore(
  payment: { amount: string; reference: string },
  transactionId: string,
  changes: object = {},
  words: object = {},
) {
  const { credits } = gateway.services.gateway
  const notification = notificationFor(payment, transactionId, gateway.clock.now, words)
  const raw = new TextEncoder().encode(JSON.stringify(notification))
  const creditId = `crd_${transactionId.padEnd(26, '0')}`
  const { bankBin, accountNumber, occurredAt } = notification
  const data = {
    connectorId: bank.id,
    transactionId,
    bankBin,
    accountNumber,
    amount: { amount: payment.amount, currency: 'VND' },
    references: [],
    occurredAt,
    ...originalOf(bank.id, raw, gateway.services),
    ...changes,
  } as const
  await credits.handle(creditId, { type: 'ReceiveCredit', data }, {})
  await gateway.services.matchCredit(creditId)
  return creditId
}

describe('what could not be read', () => {
  test('becomes a credit and pays its payment; looking changes nothing, twice is once', async () => {
    const payment = await ask(gateway, shop)
    await tellUnread(payment, 'FT1')
    const before = await gateway.store.head()
    const { notifications, differences } = await look()
    expect(notifications).toBe(1)
    expect(differences).toMatchObject([{ kind: 'now_readable', references: [payment.reference] }])
    expect(await gateway.store.head()).toBe(before)

    expect(await apply()).toBe(1)
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
    const [received] = await gateway.store.readAll(before, 1)
    const [kept] = await gateway.store.read(differences[0]!.stream)
    expect(received!.metadata.causationId).toBe(kept!.id)
    expect((received!.data as { sealed: string }).sealed).toBe((kept!.data as { sealed: string }).sealed)

    const after = await gateway.store.head()
    expect(await apply()).toBe(0)
    expect(await gateway.store.head()).toBe(after)
  })

  test('and came again readable meanwhile is no difference any more', async () => {
    const payment = await ask(gateway, shop)
    await tellUnread(payment, 'FT1')
    const body = JSON.stringify(notificationFor(payment, 'FT1', gateway.clock.now))
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    await gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, { body, headers })
    expect(await kinds()).toEqual([])
  })

  test('cut off between the credit and its payment, it is finished by the next run or by the gateway', async () => {
    const payment = await ask(gateway, shop)
    await tellUnread(payment, 'FT1')
    const dying = { ...ports(), matchCredit: () => Promise.reject(new Error('killed')) }
    const { differences } = await reinterpret(dying)
    await expect(applyDifferences(differences)).rejects.toThrow('killed')
    await eventually('the gateway matches it', async () => (await read(payment)).status === 'paid')
    expect(await kinds()).toEqual([])
  })

  test('is late by when it came, not by when it was read', async () => {
    const payment = await ask(gateway, shop, { expiresInSeconds: 60 })
    await tellUnread(payment, 'FT1')
    await passTime(gateway, 3_600)
    await apply()
    expect(await read(payment)).toMatchObject({ status: 'paid' })
  })

  test('by anyone today stays where it is', async () => {
    const body = '{"transactionId":'
    const headers = signedHeaders(bank.secret, body, gateway.clock.now)
    await gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, { body, headers })
    expect(await look()).toMatchObject({ notifications: 1, differences: [] })
  })
})

describe('an unmatched credit that names a payment now', () => {
  test('is matched: the payment is paid, nothing is unapplied, twice is once', async () => {
    const payment = await ask(gateway, shop)
    const creditId = await receivedBefore(payment, 'FT1')
    expect((await unapplied()).map(({ id }: { id: string }) => id)).toEqual([creditId])
    expect(await kinds()).toEqual(['other_references'])
    expect(await apply()).toBe(1)
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
    expect(await unapplied()).toEqual([])
    const after = await gateway.store.head()
    expect(await apply()).toBe(0)
    expect(await gateway.store.head()).toBe(after)
  })

  test('and is more than due leaves the rest as it was', async () => {
    const payment = await ask(gateway, shop)
    const creditId = await receivedBefore({ ...payment, amount: '130000' }, 'FT1')
    await apply()
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
    expect(await unapplied()).toMatchObject([{ id: creditId, amount: '5000', reason: 'unmatched' }])
  })

  test('as a part, and then the payment ends, is unapplied again, all of it', async () => {
    const payment = await ask(gateway, shop)
    const creditId = await receivedBefore({ ...payment, amount: '25000' }, 'FT1')
    await apply()
    expect(await read(payment)).toMatchObject({ status: 'pending', amountReceived: '25000' })
    await gateway.call('POST', `/v1/payments/${payment.id}/cancel`, { key: shop.key })
    await eventually('it is unapplied', async () => (await unapplied()).length === 1)
    expect(await unapplied()).toMatchObject([{ id: creditId, amount: '25000', reason: 'underpaid' }])
  })

  test('that takes no money any more stays unmatched', async () => {
    const payment = await ask(gateway, shop)
    await gateway.call('POST', `/v1/payments/${payment.id}/cancel`, { key: shop.key })
    const creditId = await receivedBefore(payment, 'FT1')
    await apply()
    expect(await unapplied()).toMatchObject([{ id: creditId, amount: '125000', reason: 'unmatched' }])
    expect(await kinds()).toEqual([])
  })

  test('cut off between payment and credit, the gateway finishes it', async () => {
    const payment = await ask(gateway, shop)
    const creditId = await receivedBefore(payment, 'FT1')
    const { credits } = gateway.services.gateway
    const references = [payment.reference]
    await credits.handle(creditId, { type: 'RereadCredit', data: { references, rereadAt: 'now' } }, {})
    await eventually('the money has its place', async () => (await unapplied()).length === 0)
    expect(await read(payment)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('its notification, repeated, is answered as it was the first time', async () => {
    const payment = await ask(gateway, shop)
    await receivedBefore(payment, 'FT1')
    await apply()
    const { state } = await gateway.services.gateway.credits.load(`crd_${'FT1'.padEnd(26, '0')}`)
    expect(state).toMatchObject({ reason: 'unmatched', unapplied: { minor: 0n } })
  })
})

describe('nothing is moved', () => {
  test('that is on a payment, whatever its words say now', async () => {
    const [one, other] = [await ask(gateway, shop), await ask(gateway, shop)]
    await receivedBefore(one, 'FT1', { references: [other.reference] })
    expect(await read(other)).toMatchObject({ status: 'paid' })
    expect(await kinds()).toEqual(['settled_otherwise'])
    expect(await apply()).toBe(0)
    expect(await read(one)).toMatchObject({ status: 'pending' })
    expect(await read(other)).toMatchObject({ status: 'paid', amountReceived: '125000' })
  })

  test('whose amount, account or transaction reads differently: that is for a person', async () => {
    const payment = await ask(gateway, shop)
    await receivedBefore(payment, 'FT1', { amount: { amount: '1', currency: 'VND' } })
    await receivedBefore(payment, 'FT2', { accountNumber: '999' })
    await receivedBefore(payment, 'FT3', {}, { transactionId: 'FT4' })
    await receivedBefore(payment, 'FT5', {}, { content: undefined })
    const before = await gateway.store.head()
    expect(await kinds()).toEqual(['other_amount', 'other_amount', 'other_transaction', 'no_longer_readable'])
    expect(await apply()).toBe(0)
    expect(await gateway.store.head()).toBe(before)
  })
})

test('what was erased is counted and left alone', async () => {
  await receivedBefore(await ask(gateway, shop), 'FT1')
  const forgetful = { ...ports(), vault: { ...gateway.services.vault, open: () => undefined } }
  expect(await reinterpret(forgetful)).toMatchObject({ notifications: 1, erased: 1, differences: [] })
})
