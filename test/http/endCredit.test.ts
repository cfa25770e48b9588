// Unapplied money comes to an end: applied by hand, returned by hand or by policy, or escheated; by one of them only.
import { afterEach, describe, expect, test } from 'vitest'
import { escheatCredits } from '../../src/domain/payments/escheatCredits.ts'
import { findNearReferences } from '../../src/domain/payments/reference.ts'
import type { TransferOutcome } from '../../src/domain/payments/transfer.ts'
import {
  ask,
  type Bank,
  eventually,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  pay,
  type Shop,
  type TestGateway,
  unappliedOf,
} from '../support/gateway.ts'
import { becomes, logged, payer, payFrom, post, read, refund, scriptedBank } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
let out: ReturnType<typeof scriptedBank>
async function open(merchant: object = {}, ...answers: TransferOutcome[]): Promise<void> {
  out = scriptedBank(...answers)
  gateway = await openTestGateway({ transferConnector: out.connector })
  shop = await openShop(gateway, merchant)
  bank = await openBank(gateway)
}
afterEach(() => gateway.stop())

/** Money that names no payment. */
const stray = async (transactionId = 's1', changes: object = {}) => {
  const nothing = { amount: '125000', reference: '' }
  const answer = await payFrom(gateway, bank, nothing, transactionId, { content: 'chuyen tien', ...changes })
  return answer.body.creditId as string
}
const apply = (creditId: string, paymentId: string, key = shop.key, headers = {}) =>
  post(gateway, `/v1/unapplied-credits/${creditId}/apply`, key, { paymentId }, headers)
const giveBack = (creditId: string, key = shop.key, body: object = { reason: 'asked for' }, headers = {}) =>
  post(gateway, `/v1/unapplied-credits/${creditId}/return`, key, body, headers)
const details = (creditId: string) => read(gateway, shop, `/v1/unapplied-credits/${creditId}`)
const listed = async (key = shop.key) => {
  await gateway.settled()
  return (await read(gateway, { key }, '/v1/unapplied-credits')).data as { id: string; amount: string }[]
}
const eventsOf = async (creditId: string) =>
  (await gateway.store.read(`credit-${creditId}`)).map(({ type, metadata }) => [type, metadata.actor])

describe('applied', () => {
  test('to a pending payment, it pays it and leaves the list', async () => {
    await open()
    const [payment, creditId] = [await ask(gateway, shop), await stray()]
    const { status, body } = await apply(creditId, payment.id)
    expect([status, body]).toEqual([
      200,
      { creditId, paymentId: payment.id, amount: '125000', currency: 'VND', left: '0' },
    ])
    expect(await read(gateway, shop, `/v1/payments/${payment.id}`)).toMatchObject({ status: 'paid' })
    expect(await listed()).toEqual([])
    expect(await details(creditId)).toMatchObject({
      amount: '0',
      amountReceived: '125000',
      applications: [{ paymentId: payment.id, status: 'completed', amount: '125000' }],
    })
    expect(await eventsOf(creditId)).toContainEqual([
      'CreditApplicationRequested',
      expect.stringMatching(`^key_${shop.merchantId.slice(4)}`),
    ])
  })

  test('to a payment that was due less, the rest stays unapplied', async () => {
    await open()
    const [payment, creditId] = [await ask(gateway, shop, { amount: '100000' }), await stray()]
    expect((await apply(creditId, payment.id)).body).toMatchObject({ amount: '100000', left: '25000' })
    expect(await listed()).toMatchObject([{ id: creditId, amount: '25000' }])
    const small = await ask(gateway, shop, { amount: '25000' })
    expect((await apply(creditId, small.id)).body).toMatchObject({ amount: '25000', left: '0' })
  })

  test('to a payment that was due more, it adds up, and is unapplied again when the payment is canceled', async () => {
    await open()
    const [payment, creditId] = [await ask(gateway, shop, { amount: '200000' }), await stray()]
    await apply(creditId, payment.id)
    expect(await read(gateway, shop, `/v1/payments/${payment.id}`)).toMatchObject({
      status: 'pending',
      amountReceived: '125000',
    })
    await post(gateway, `/v1/payments/${payment.id}/cancel`, shop.key)
    await gateway.settled() // the list still has it as it was before
    expect(await unappliedOf(gateway, shop.key, creditId)).toMatchObject({
      reason: 'underpaid',
      amount: '125000',
    })
    const second = await ask(gateway, shop)
    expect((await apply(creditId, second.id)).body).toMatchObject({ amount: '125000' })
  })

  test('late money, to the expired payment that it was for', async () => {
    await open()
    const payment = await ask(gateway, shop)
    await passTime(gateway, 1_000)
    const { creditId } = (await payFrom(gateway, bank, payment, 'late')).body
    expect((await apply(creditId, payment.id)).status).toBe(200)
    expect(await read(gateway, shop, `/v1/payments/${payment.id}`)).toMatchObject({
      status: 'paid',
      paidAt: gateway.clock.now.toISOString(),
    })
    await refund(gateway, shop, payment.id)
    await becomes(gateway, shop, `/v1/payments/${payment.id}`, 'amountRefunded', '25000')
  })
})

describe('applying is refused, and nothing is written:', () => {
  test('to a paid, canceled, foreign or unknown payment, or too little to an expired one', async () => {
    await open()
    const neighbor = await openShop(gateway)
    const [paid, canceled, expired] = [
      await ask(gateway, shop),
      await ask(gateway, shop),
      await ask(gateway, shop, { amount: '125001' }),
    ]
    const foreign = await ask(gateway, neighbor, { expiresInSeconds: 5_000 })
    await payFrom(gateway, bank, paid, 't1')
    await post(gateway, `/v1/payments/${canceled.id}/cancel`, shop.key)
    await passTime(gateway, 1_000)
    const creditId = await stray()
    const before = await logged(gateway)
    expectRefused(await apply(creditId, paid.id), 'payment_already_paid')
    expectRefused(await apply(creditId, canceled.id), 'payment_canceled')
    expectRefused(await apply(creditId, expired.id), 'credit_too_small')
    expectRefused(await apply(creditId, foreign.id), 'payment_not_found')
    expectRefused(await apply(creditId, 'pay_7K3MA9QZXW4F2P8R6A'), 'validation_failed', '/paymentId')
    expectRefused(await apply(creditId, `${paid.id.slice(0, -1)}_`), 'validation_failed', '/paymentId')
    expect(await logged(gateway)).toBe(before)
    expect(await listed()).toMatchObject([{ id: creditId, amount: '125000' }])
  })

  test('in another currency, and from an account that is not the payment’s', async () => {
    await open()
    const account = { bankBin: '970436', accountNumber: '5550001', accountName: 'CHO' }
    const neighbor = await openShop(gateway, { settlementAccount: account })
    const dollars = await stray('s1', { amount: '5', currency: 'USD' })
    const elsewhere = await stray('s2', { bankBin: account.bankBin, accountNumber: account.accountNumber })
    const payment = await ask(gateway, shop)
    expectRefused(await apply(dollars, payment.id), 'credit_mismatch')
    expectRefused(await apply(elsewhere, payment.id, operatorKey), 'credit_mismatch')
    expectRefused(await apply(elsewhere, payment.id), 'not_found')
    expectRefused(await giveBack(elsewhere), 'not_found')
    expect((await giveBack(elsewhere, neighbor.key)).status).toBe(200)
  })

  test('of money that named the own payment and came to another’s account', async () => {
    await open()
    const payment = await ask(gateway, shop)
    const { creditId } = (await payFrom(gateway, bank, payment, 't1', { accountNumber: '777' })).body
    expectRefused(await apply(creditId, payment.id), 'credit_elsewhere')
    expectRefused(await giveBack(creditId), 'credit_elsewhere')
  })

  test('of money that is on a payment, and by a terminal', async () => {
    await open()
    const [first, second] = [await ask(gateway, shop), await ask(gateway, shop)]
    const { creditId } = (await payFrom(gateway, bank, first, 't1')).body
    expectRefused(await apply(creditId, second.id), 'not_found') // it was never unapplied
    const terminal = await openTerminal(gateway, shop)
    expectRefused(await apply(creditId, second.id, terminal.key), 'forbidden')
    const once = await stray()
    await apply(once, second.id)
    expectRefused(await apply(once, (await ask(gateway, shop)).id), 'credit_not_unapplied')
    expectRefused(await giveBack(once), 'credit_not_unapplied')
  })
})

describe('returned', () => {
  test('it goes to the account that the notification named', async () => {
    await open()
    const creditId = await stray()
    const { status, body } = await giveBack(creditId)
    expect([status, body]).toEqual([
      200,
      { id: `${creditId}-1`, status: 'requested', amount: '125000', currency: 'VND', creditId },
    ])
    await eventually('it is back', async () => (await details(creditId)).returns[0].status === 'completed')
    expect(out.sent).toMatchObject([
      { to: { bankBin: payer.bankBin, accountNumber: payer.accountNumber }, amount: { minor: 125_000n } },
    ])
    expect(await listed()).toEqual([])
  })

  test('and failed, it is unapplied again, and can be returned once more', async () => {
    await open({}, { status: 'failed', reason: 'account closed' })
    const creditId = await stray()
    await giveBack(creditId)
    await eventually('it failed', async () => (await details(creditId)).returns[0].status === 'failed')
    expect(await listed()).toMatchObject([{ id: creditId, amount: '125000' }])
    expect((await giveBack(creditId)).body.id).toBe(`${creditId}-2`)
    await eventually('it is back', async () => (await details(creditId)).returns[1].status === 'completed')
    expect(await listed()).toEqual([])
  })

  test('is refused where the sender is not known, and nothing is written', async () => {
    await open()
    const { creditId } = (await pay(gateway, bank, { amount: '5000', reference: '' }, 't1')).body
    const before = await logged(gateway)
    expectRefused(await giveBack(creditId), 'sender_unknown')
    expect(await logged(gateway)).toBe(before)
    expect(await listed()).toMatchObject([{ id: creditId, returnable: false }])
  })
})

test('applied and returned by many at once, exactly one wins', async () => {
  await open()
  const creditId = await stray()
  const payments = await Promise.all([1, 2, 3].map(() => ask(gateway, shop)))
  const answers = await Promise.all([
    ...payments.map(({ id }) => apply(creditId, id)),
    ...[1, 2, 3].map(() => giveBack(creditId)),
    apply(creditId, payments[0].id, operatorKey),
    giveBack(creditId, operatorKey),
  ])
  expect(answers.filter(({ status }) => status === 200).length).toBe(1)
  expect(answers.filter(({ body }) => body.code === 'credit_not_unapplied').length).toBe(7)
})

describe('an Idempotency-Key', () => {
  const under = (key: string) => ({ 'idempotency-key': key })
  const replays = async (send: () => Promise<{ status: number; text: string; headers: Headers }>) => {
    const first = await send()
    expect(first.status).toBeLessThan(300)
    await gateway.settled()
    await new Promise((resolve) => setTimeout(resolve, 300)) // what was asked for is carried out meanwhile
    const before = await logged(gateway)
    const second = await send()
    expect([second.status, second.text]).toEqual([first.status, first.text])
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'))
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true'])
    expect(await logged(gateway)).toBe(before)
  }

  test('makes apply, return, refund, retry and settings happen once, and answers as before', async () => {
    await open({}, { status: 'completed' }, { status: 'failed', reason: 'account closed' })
    const [payment, other] = [await ask(gateway, shop), await ask(gateway, shop)]
    const [first, second] = [await stray('s1'), await stray('s2', { amount: '1000' })]
    await replays(() => apply(first, payment.id, shop.key, under('k')))
    await replays(() => giveBack(second, shop.key, {}, under('k')))
    await replays(() => refund(gateway, shop, payment.id, undefined, under('k')))
    const [{ id }] = (await read(gateway, shop, `/v1/payments/${payment.id}/refunds`)).data
    await becomes(gateway, shop, `/v1/refunds/${id}`, 'status', 'failed')
    await replays(() => post(gateway, `/v1/refunds/${id}/retry`, shop.key, {}, under('k')))
    const settings = `/v1/merchants/${shop.merchantId}/settings`
    await replays(() => post(gateway, settings, shop.key, { autoReturnOverpayments: true }, under('k')))

    expectRefused(await apply(first, other.id, shop.key, under('k')), 'idempotency_key_reused')
    expectRefused(await giveBack(second, shop.key, { reason: 'y' }, under('k')), 'idempotency_key_reused')
    const another = { amount: '1', reason: 'x' }
    expectRefused(await refund(gateway, shop, payment.id, another, under('k')), 'idempotency_key_reused')
  })

  test('of a refund gives the same refund to sixteen at once', async () => {
    await open()
    const payment = await ask(gateway, shop)
    await payFrom(gateway, bank, payment, 't1')
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => refund(gateway, shop, payment.id, undefined, under('k'))),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect((await read(gateway, shop, `/v1/payments/${payment.id}/refunds`)).data.length).toBe(1)
  })
})

test('If-Match of another version is refused; of the right one it goes through', async () => {
  await open()
  const creditId = await stray()
  const { headers } = await gateway.call('GET', `/v1/unapplied-credits/${creditId}`, { key: shop.key })
  const payment = await ask(gateway, shop)
  const path = `/v1/unapplied-credits/${creditId}`
  const body = { paymentId: payment.id }
  expectRefused(
    await post(gateway, `${path}/apply`, shop.key, body, { 'if-match': '"1"' }),
    'version_differs',
  )
  expectRefused(await post(gateway, `${path}/return`, shop.key, {}, { 'if-match': '"1"' }), 'version_differs')
  const right = { 'if-match': headers.get('etag')! }
  expect((await post(gateway, `${path}/apply`, shop.key, body, right)).status).toBe(200)
  expectRefused(await refund(gateway, shop, payment.id, undefined, { 'if-match': '"2"' }), 'version_differs')
  const now = {
    'if-match':
      payment &&
      (await gateway.call('GET', `/v1/payments/${payment.id}`, { key: shop.key })).headers.get('etag')!,
  }
  expect((await refund(gateway, shop, payment.id, undefined, now)).status).toBe(201)
})

describe('by policy', () => {
  const settle = (settings: object, key = shop.key) =>
    post(gateway, `/v1/merchants/${shop.merchantId}/settings`, key, settings)
  const returned = (creditId: string) =>
    eventually(
      `${creditId} is back`,
      async () => (await details(creditId)).returns[0]?.status === 'completed',
    )

  test('`return`: late money goes back by itself', async () => {
    await open({ latePolicy: { mode: 'return' } })
    const payment = await ask(gateway, shop)
    await passTime(gateway, 1_000)
    const { creditId, outcome } = (await payFrom(gateway, bank, payment, 'late')).body
    expect(outcome).toBe('late')
    await returned(creditId)
    expect(await listed()).toEqual([])
    expect(await eventsOf(creditId)).toContainEqual(['CreditReturnRequested', 'returnByPolicy'])
  })

  test('an overpaid excess goes back by itself where the merchant wants that', async () => {
    await open({ autoReturnOverpayments: true })
    const payment = await ask(gateway, shop)
    const { creditId } = (await payFrom(gateway, bank, payment, 't1', { amount: '130000' })).body
    await returned(creditId)
    expect(out.sent).toMatchObject([{ amount: { minor: 5_000n } }])
    const again = (await payFrom(gateway, bank, payment, 't2')).body // a duplicate is not an excess
    expect(await unappliedOf(gateway, shop.key, again.creditId)).toMatchObject({ reason: 'duplicate' })
    expect(out.sent.length).toBe(1)
  })

  test('a failed one waits for a person', async () => {
    await open({ autoReturnOverpayments: true }, { status: 'failed', reason: 'account closed' })
    const payment = await ask(gateway, shop)
    const { creditId } = (await payFrom(gateway, bank, payment, 't1', { amount: '130000' })).body
    await eventually('it failed', async () => (await details(creditId)).returns[0]?.status === 'failed')
    expect(await listed()).toMatchObject([{ id: creditId, amount: '5000' }])
    expect((await giveBack(creditId)).status).toBe(200)
  })

  test('a payment keeps the policy that was in force when it was asked for', async () => {
    await open()
    const before = await ask(gateway, shop)
    const { status, body } = await settle({ autoReturnOverpayments: true, latePolicy: { mode: 'return' } })
    expect([status, body]).toMatchObject([
      200,
      { autoReturnOverpayments: true, latePolicy: { mode: 'return' } },
    ])
    const after = await ask(gateway, shop)
    const [held, back] = [
      (await payFrom(gateway, bank, before, 't1', { amount: '130000' })).body.creditId,
      (await payFrom(gateway, bank, after, 't2', { amount: '130000' })).body.creditId,
    ]
    await returned(back)
    expect(await listed()).toMatchObject([{ id: held, amount: '5000' }])
  })

  test('is set by the merchant or the operator, and by no other', async () => {
    await open()
    const neighbor = await openShop(gateway)
    expect((await settle({ latePolicy: { mode: 'hold' } }, operatorKey)).status).toBe(200)
    expectRefused(await settle({ autoReturnOverpayments: true }, neighbor.key), 'not_found')
    expectRefused(await settle({}), 'validation_failed')
    expectRefused(await settle({ latePolicy: { mode: 'keep' } }), 'validation_failed', '/latePolicy/mode')
    expectRefused(await settle({ name: 'x' }), 'validation_failed', '/name')
  })
})

describe('escheated', () => {
  const escheat = async () => {
    await gateway.settled()
    const { credits } = gateway.services.gateway
    const { unappliedBefore } = gateway.services.readModels
    return escheatCredits({ credits, now: gateway.services.now, termDays: 365, unappliedBefore })
  }

  test('after the term, and not a millisecond before; what was applied stays', async () => {
    await open()
    const [creditId, payment] = [await stray(), await ask(gateway, shop, { amount: '25000' })]
    await apply(creditId, payment.id)
    const start = gateway.clock.now.getTime()
    gateway.clock.now = new Date(start + 365 * 86_400_000 - 1)
    await escheat()
    expect(await listed()).toMatchObject([{ id: creditId, amount: '100000', ageBucket: 'over-30' }])
    gateway.clock.now = new Date(start + 365 * 86_400_000)
    await escheat()
    await escheat()
    expect(await details(creditId)).toMatchObject({ amount: '0', escheated: '100000' })
    expect(await listed()).toEqual([])
    expect((await eventsOf(creditId)).filter(([type]) => type === 'CreditEscheated')).toEqual([
      ['CreditEscheated', 'escheatCredits'],
    ])
    expectRefused(await giveBack(creditId), 'credit_not_unapplied')
  })
})

test('the totals add the list up by age and currency', async () => {
  await open()
  const day = 86_400_000
  const start = gateway.clock.now.getTime()
  for (const [index, age] of [40, 30, 8, 7, 2, 1, 0].entries()) {
    gateway.clock.now = new Date(start + (40 - age) * day)
    await stray(`s${index}`, { amount: String(1_000 + index) })
  }
  await stray('usd', { amount: '12.50', currency: 'USD' })
  await gateway.settled()
  const { data } = await read(gateway, shop, '/v1/unapplied-credits/totals')
  expect(data).toEqual([
    { ageBucket: '0-1', currency: 'USD', count: 1, amount: '12.50' },
    { ageBucket: '0-1', currency: 'VND', count: 2, amount: '2011' },
    { ageBucket: '2-3', currency: 'VND', count: 1, amount: '1004' },
    { ageBucket: '4-7', currency: 'VND', count: 1, amount: '1003' },
    { ageBucket: '8-30', currency: 'VND', count: 2, amount: '2003' },
    { ageBucket: 'over-30', currency: 'VND', count: 1, amount: '1000' },
  ])
  const items = (await read(gateway, shop, '/v1/unapplied-credits')).data
  expect(items.map(({ ageBucket }: { ageBucket: string }) => ageBucket)).toEqual([
    'over-30',
    '8-30',
    '8-30',
    '4-7',
    '2-3',
    '0-1',
    '0-1',
    '0-1',
  ])
})

describe('candidates are ranked', () => {
  const mistyped = (reference: string) =>
    reference.slice(0, 10) + (reference[10] === '7' ? '8' : '7') + reference.slice(11)

  test('by a mistyped reference before an equal amount, and by the payer who paid a part', async () => {
    await open()
    const equal = await ask(gateway, shop)
    let meant = await ask(gateway, shop, { amount: '90000' })
    while (findNearReferences(`TN${mistyped(meant.reference)}`).length === 0)
      meant = await ask(gateway, shop, { amount: '90000' }) // few references look like words or numbers
    const part = await ask(gateway, shop, { amount: '300000' })
    await payFrom(gateway, bank, part, 'part', { amount: '1000' })
    const creditId = await stray('s1', { content: `mua hang TN${mistyped(meant.reference)}` })
    const { candidates } = await unappliedOf(gateway, shop.key, creditId)
    expect(candidates.map(({ paymentId, reasons }: Record<string, unknown>) => [paymentId, reasons])).toEqual(
      [
        [meant.id, ['reference_one_edit', 'time_near']],
        [part.id, ['same_payer', 'time_near']],
        [equal.id, ['amount_equal', 'time_near']],
      ],
    )
  })
})
