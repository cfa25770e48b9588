// The list of unapplied money: why, since when, whose, and what it may have been meant for.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findReferences } from '../../src/domain/payments/reference.ts'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  unappliedOf,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const ownAccount = { bankBin: '970436', accountNumber: '5550001', accountName: 'CHO DONG XUAN' }

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let neighbor: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  neighbor = await openShop(gateway, { settlementAccount: ownAccount })
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const list = (key: string, query = '') => gateway.call('GET', `/v1/unapplied-credits${query}`, { key })
const noText = { content: 'chuyen tien' }
const stray = (transactionId: string, changes: object = {}) =>
  pay(gateway, bank, { amount: '125000', reference: '' }, transactionId, { ...noText, ...changes })

test('an item says how much, why, since when and for which payment', async () => {
  const payment = await ask(gateway, shop)
  const { creditId } = (await pay(gateway, bank, payment, 't1', { amount: '125700' })).body
  expect(await unappliedOf(gateway, shop.key, creditId)).toEqual({
    id: creditId,
    amount: '700',
    currency: 'VND',
    reason: 'overpaid',
    ageDays: 0,
    ageBucket: '0-1',
    returnable: false,
    receivedAt: '2026-11-22T03:00:00.000Z',
    merchantId: shop.merchantId,
    paymentId: payment.id,
    candidates: [],
  })
})

test('the age is whole days since the money was received, by the clock', async () => {
  const { creditId } = (await stray('t1')).body
  const ageAfter = async (ms: number) => {
    gateway.clock.now = new Date(Date.parse('2026-11-22T03:00:00.000Z') + ms)
    return (await unappliedOf(gateway, shop.key, creditId)).ageDays
  }
  expect(await ageAfter(86_399_999)).toBe(0)
  expect(await ageAfter(86_400_000)).toBe(1)
  expect(await ageAfter(45 * 86_400_000)).toBe(45)
})

test('amounts are shown with the decimals of their currency', async () => {
  const { creditId } = (await stray('t1', { amount: '12.5', currency: 'USD' })).body
  expect(await unappliedOf(gateway, shop.key, creditId)).toMatchObject({ amount: '12.50', currency: 'USD' })
})

describe('candidates', () => {
  test('are open payments of the account, the nearest amount first, five at most', async () => {
    const amounts = ['100000', '125000', '200000', '124000', '130000', '500000']
    const asked = []
    for (const amount of amounts) asked.push(await ask(gateway, shop, { amount }))
    const { creditId } = (await stray('t1')).body
    const { candidates } = await unappliedOf(gateway, shop.key, creditId)
    expect(candidates.map(({ amount }: { amount: string }) => amount)).toEqual([
      '125000',
      '124000',
      '130000',
      '100000',
      '200000',
    ])
    expect(candidates[0]).toEqual({
      paymentId: asked[1].id,
      amount: '125000',
      createdAt: '2026-11-22T03:00:00.000Z',
      reasons: ['amount_equal', 'time_near'],
    })
  })

  test('are neither paid nor canceled, and not of another account', async () => {
    const [paid, canceled] = [await ask(gateway, shop), await ask(gateway, shop)]
    await pay(gateway, bank, paid, 'paid')
    await gateway.call('POST', `/v1/payments/${canceled.id}/cancel`, { key: shop.key })
    await ask(gateway, neighbor)
    const { creditId } = (await stray('t1')).body
    expect((await unappliedOf(gateway, shop.key, creditId)).candidates).toEqual([])
  })

  test('are shown to a merchant from its own payments only, though the account be shared', async () => {
    const branch = await openShop(gateway, { taxCode: '0101234567-001' }) // the same account as the shop's
    const [ours, theirs] = [await ask(gateway, shop), await ask(gateway, branch)]
    const { creditId } = (await stray('t1')).body
    const seenBy = async (key: string) =>
      (await unappliedOf(gateway, key, creditId)).candidates.map(
        ({ paymentId }: { paymentId: string }) => paymentId,
      )
    expect(await seenBy(shop.key)).toEqual([ours.id])
    expect(await seenBy(branch.key)).toEqual([theirs.id])
    expect((await seenBy(operatorKey)).toSorted()).toEqual([ours.id, theirs.id].toSorted())
  })
})

describe('a merchant sees', () => {
  test('money that named its payment or came to its account, and no other', async () => {
    const payment = await ask(gateway, shop)
    await pay(gateway, bank, payment, 'exact')
    const duplicate = (await pay(gateway, bank, payment, 'again')).body.creditId
    const ours = (await stray('ours')).body.creditId
    const theirs = (await stray('theirs', ownAccount)).body.creditId
    const nobodys = (await stray('nobodys', { accountNumber: '777' })).body.creditId
    await gateway.settled()
    const seen = async (key: string) =>
      (await list(key)).body.data.map(({ id }: { id: string }) => id).toSorted()
    expect(await seen(shop.key)).toEqual([duplicate, ours].toSorted())
    expect(await seen(neighbor.key)).toEqual([theirs])
    expect(await seen(operatorKey)).toEqual([duplicate, ours, theirs, nobodys].toSorted())
  })

  test('money with a reference that no payment has, when it came to its account', async () => {
    const content = 'TN7K3MA9QZXW4F2P8R60' // names a merchant that does not exist either
    expect(findReferences(content).length).toBe(1)
    const { creditId } = (await stray('t1', { content })).body
    expect(await unappliedOf(gateway, shop.key, creditId)).toMatchObject({ reason: 'unmatched' })
  })
})

test('pages run from the oldest to the newest, each once', async () => {
  const made: string[] = []
  for (let i = 0; i < 7; i++) {
    made.push((await stray(`t${i}`)).body.creditId)
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 60_000)
  }
  await gateway.settled()
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await list(shop.key, `?limit=3${cursor}`)
    seen.push(...body.data.map(({ id }: { id: string }) => id))
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : ''
  } while (cursor)
  expect(seen).toEqual(made)
})

test.each(['limit=0', 'limit=x', 'cursor=garbage', 'merchantId=mer_7K3MA'])(
  '%s is refused',
  async (query) => {
    expectRefused(await list(shop.key, `?${query}`), 'validation_failed', query.split('=')[0])
  },
)
