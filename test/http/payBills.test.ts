// Bills are paid: by one payment, in part, by their paper's QR, twice at once, too late, and booked or refused by their biller.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BillProfile } from '../../src/domain/bills/biller.ts'
import { billFile, billRow, openBill, openBiller, uploadBills } from '../support/billers.ts'
import {
  type Answer,
  type Bank,
  eventually,
  notificationFor,
  notify,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  passTime,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, payer, payFrom, post } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let bank: Bank
let billerId: string
let key: string
let shop: { merchantId: string; key: string; siteId: string }
let till: string
beforeEach(async () => {
  gateway = await openTestGateway()
  gateway.clock.now = new Date('2026-11-10T03:00:00.000Z')
  bank = await openBank(gateway)
  await open()
  shop = await openShop(gateway)
  till = (await openTerminal(gateway, shop)).key
})
afterEach(() => gateway.stop())

async function open(profile: Partial<BillProfile> = {}, merchant: object = {}) {
  ;({ billerId, key } = await openBiller(gateway, profile, merchant))
}

const code = 'PD13000123456'
let transfers = 0
const next = () => `bill-${++transfers}`

/** Sends bills of (number, amount) and answers their ids, the first sent first. */
async function send(...bills: [string, string][]): Promise<string[]> {
  await uploadBills(gateway, key, billFile(...bills.map(([number, amount]) => billRow(number, amount))))
  await gateway.settled()
  const { data } = (await inquire()).body
  return bills.map(
    ([number]) => data.find(({ billNumber }: { billNumber: string }) => billNumber === number).id,
  )
}
const inquire = (as = till): Promise<Answer> =>
  gateway.call('GET', `/v1/bills?billerId=${billerId}&customerCode=${code}`, { key: as })
const ask = (billIds: string[], more: object = {}, as = till, headers: Record<string, string> = {}) =>
  post(gateway, '/v1/bills/payments', as, { billIds, ...more }, headers)
const bill = async (id: string) => (await gateway.call('GET', `/v1/bills/${id}`, { key })).body
const payment = async (id: string) => (await gateway.call('GET', `/v1/payments/${id}`, { key })).body
const isPaid = (id: string) => eventually(`${id} is paid`, async () => (await bill(id)).status === 'paid')

describe('one payment for several bills', () => {
  test('is for all that is due, and pays each of them', async () => {
    const [a, b] = (await send(['A', '100000'], ['B', '50000'])) as [string, string]
    const { status, body } = await ask([b, a])
    expect(status).toBe(201)
    expect(body).toMatchObject({
      status: 'pending',
      amount: '150000',
      merchantId: billerId,
      agent: { merchantId: shop.merchantId, terminalId: expect.stringMatching(/^ter_/) },
      bills: {
        customerCode: code,
        data: [
          { billNumber: 'A', amount: '100000', lateFee: '0' },
          { billNumber: 'B', amount: '50000', lateFee: '0' },
        ].sort((x, y) => ((x.billNumber === 'A' ? a : b) < (y.billNumber === 'A' ? a : b) ? -1 : 1)),
      },
    })
    expect((await inquire()).body.data).toMatchObject([{ paymentPending: true }, { paymentPending: true }])

    await payFrom(gateway, bank, body, next())
    expect((await inquire()).body.outcome).toBe('NO_OUTSTANDING') // at once, whatever the process has done
    for (const id of [a, b]) await isPaid(id)
    expect(await bill(a)).toMatchObject({
      amountPaid: '100000',
      payments: [{ paymentId: body.id, amount: '100000', lateFee: '0', posting: 'awaited' }],
    })
    await gateway.settled()
    const list = await gateway.call('GET', '/v1/payments', { key })
    expect(list.body.data[0]).toEqual(await payment(body.id))
  })

  test('with late fees as of now; its QR names bill and customer', async () => {
    await open({ lateFee: { kind: 'fixed', fixed: '5000', graceDays: 0 } })
    const [a] = (await send(['HD-1', '100000'])) as [string]
    gateway.clock.now = new Date('2026-11-20T03:00:00.000Z')
    const { body } = await ask([a])
    expect(body.amount).toBe('105000')
    expect(body.qr.payload).toContain('0104HD-1')
    expect(body.qr.payload).toContain(`0613${code}`)
    await payFrom(gateway, bank, body, next())
    await isPaid(a)
    expect((await bill(a)).payments).toMatchObject([{ amount: '100000', lateFee: '5000' }])
  })

  test('is seen by the shop that takes it, which can cancel it and not refund it', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const { body } = await ask([a])
    const path = `/v1/payments/${body.id}`
    expect((await gateway.call('GET', path, { key: shop.key })).body.id).toBe(body.id)
    const stranger = await openShop(gateway)
    expectRefused(await gateway.call('GET', path, { key: stranger.key }), 'not_found')
    const refund = { amount: '1', reason: 'no' }
    expectRefused(await post(gateway, `${path}/refunds`, shop.key, refund), 'not_found')
    expect((await post(gateway, `${path}/cancel`, shop.key)).body.status).toBe('canceled')
    await eventually('the bill is free', async () => (await bill(a)).paymentPending === undefined)
    expect((await ask([a])).status).toBe(201)
  })

  test('under one key is one payment; another body under it is refused', async () => {
    const [a, b] = (await send(['A', '100000'], ['B', '1000'])) as [string, string]
    const headers = { 'idempotency-key': 'pay A' }
    const first = await ask([a], {}, till, headers)
    const again = await ask([a], {}, till, headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expectRefused(await ask([b], {}, till, headers), 'idempotency_key_reused')
    await payFrom(gateway, bank, first.body, next())
    await isPaid(a)
    const later = await ask([a], {}, till, headers)
    expect([later.status, later.body]).toEqual([201, first.body])
  })

  test('asked for at once from many tills is one', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask([a])))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const answer of answers)
      if (answer.status !== 201) expectRefused(answer, 'bill_payment_pending', '/billIds/0')
  })

  test('asked for at once over a store that takes its time is one, too', async () => {
    let reads = 0
    const slow = await openTestGateway({
      around: (store) => ({
        ...store,
        read: async (...values) => {
          for (let turn = reads++ % 5; turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve))
          return store.read(...values)
        },
      }),
    })
    slow.clock.now = gateway.clock.now
    const { billId, key } = await openBill(slow)
    const body = { billIds: [billId] }
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => slow.call('POST', '/v1/bills/payments', { key, body })),
    )
    await slow.stop()
    expect(asked.filter(({ status }) => status === 201)).toHaveLength(1)
  })

  test('that cannot lock one bill leaves the others free', async () => {
    const [a, b] = (await send(['A', '100000'], ['B', '1000'])) as [string, string]
    await ask([b])
    expectRefused(await ask([a, b]), 'bill_payment_pending', '/billIds/1')
    expect((await bill(a)).paymentPending).toBeUndefined()
  })

  test('that expires frees its bills', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    await ask([a], { expiresInSeconds: 60 })
    await passTime(gateway, 61)
    expect((await ask([a])).status).toBe(201)
  })
})

describe('refused, and nothing recorded', () => {
  const unknown = `bil_${'7'.repeat(26)}`

  test('what does not exist, is closed, or is of two customers', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    await uploadBills(gateway, key, billFile(billRow('C', '5', 'PD13000999999')))
    await uploadBills(gateway, key, billFile(billRow('D', '5')))
    await uploadBills(gateway, key, 'billNumber,status\nD,canceled')
    await gateway.settled()
    const { data } = (
      await gateway.call('GET', `/v1/bills?billerId=${billerId}&customerCode=PD13000999999`, { key: till })
    ).body
    const head = await gateway.store.head()
    expectRefused(await ask([unknown]), 'validation_failed', '/billIds/0')
    expectRefused(await ask([a, data[0].id]), 'validation_failed', '/billIds/1')
    expectRefused(await ask([a, a]), 'validation_failed', '/billIds')
    expectRefused(await ask([]), 'validation_failed', '/billIds')
    expectRefused(await ask([a], { amount: '99999' }), 'bill_partial_not_allowed', '/amount')
    expectRefused(await ask([a], { amount: '100001' }), 'bill_amount_not_allowed', '/amount')
    expectRefused(await ask([a], { amount: '100.5' }), 'validation_failed', '/amount')
    expectRefused(await ask([a], { siteId: shop.siteId }, shop.key), 'validation_failed', '/siteId')
    expectRefused(await post(gateway, '/v1/bills/payments', operatorKey, { billIds: [a] }), 'forbidden')
    expect(await gateway.store.head()).toBe(head)
  })

  test('a bill that was canceled, or is paid', async () => {
    const [a, b] = (await send(['A', '100000'], ['B', '5'])) as [string, string]
    await uploadBills(gateway, key, 'billNumber,status\nA,canceled\nB,paid')
    expectRefused(await ask([a]), 'bill_canceled', '/billIds/0')
    expectRefused(await ask([b]), 'bill_paid', '/billIds/0')
  })

  test('guessing ids, after thirty wrong ones', async () => {
    for (let guess = 0; guess < 30; guess++)
      expectRefused(await ask([unknown]), 'validation_failed', '/billIds/0')
    const { status, headers } = await ask([unknown])
    expect([status, headers.get('retry-after')]).toEqual([429, '60'])
  })
})

describe('parts and more', () => {
  test('a part is taken where the biller allows it; the rest is asked for the next time', async () => {
    await open({ partialPayment: { allowed: true, order: 'late-fee-last' } })
    const [a] = (await send(['A', '100000'])) as [string]
    const first = await ask([a], { amount: '30000' })
    await payFrom(gateway, bank, first.body, next())
    await eventually('a part is paid', async () => (await bill(a)).amountPaid === '30000')
    expect((await inquire()).body.total.due).toBe('70000')
    const second = await ask([a])
    expect(second.body.amount).toBe('70000')
    await payFrom(gateway, bank, second.body, next())
    await isPaid(a)
  })

  test('the payer bears the fee where the biller wants it so, and gets it back with the only bill', async () => {
    await open({ feeBorneBy: 'payer' }, { feePlan: { rate: '0.55', fixed: '0' } })
    const [a] = (await send(['A', '100000'])) as [string]
    const { body } = await ask([a])
    expect(body).toMatchObject({ amount: '100550', fee: '550', bills: { payerFee: '550' } })
    await payFrom(gateway, bank, body, next())
    await isPaid(a)
    await post(gateway, `/v1/bills/${a}/postings`, key, {
      paymentId: body.id,
      outcome: 'refused',
      reason: 'account_closed',
    })
    await becomes(gateway, { key }, `/v1/payments/${body.id}`, 'amountRefunded', '100550')
  })

  test('what is over a payment pays the next bill where the biller wants that', async () => {
    await open({ overpayment: 'next-bill' })
    const [a, b] = (await send(['A', '100000'], ['B', '50000'])) as [string, string]
    const { body } = await ask([a])
    await payFrom(gateway, bank, body, next(), { amount: '160000' })
    for (const id of [a, b]) await isPaid(id)
    const { paymentId } = (await bill(b)).payments[0]
    expect(paymentId).not.toBe(body.id)
    const left = async () => (await gateway.call('GET', '/v1/unapplied-credits', { key })).body.data
    await eventually('the rest of it is left', async () => (await left()).length > 0)
    expect(await left()).toMatchObject([{ amount: '10000', reason: 'overpaid' }])
  })

  test('or goes back', async () => {
    await open({ overpayment: 'returned' })
    const [a] = (await send(['A', '100000'])) as [string]
    const { body } = await ask([a])
    const { creditId } = (await payFrom(gateway, bank, body, next(), { amount: '160000' })).body
    await eventually('it went back', async () =>
      (await gateway.store.read(`credit-${creditId}`)).some(({ type }) => type === 'CreditReturned'),
    )
  })
})

describe('the QR on the paper bill', () => {
  const scan = async (id: string, amount: string, transfer = next()) => {
    const { paper } = await bill(id)
    const notification = notificationFor(
      { amount, reference: paper.reference },
      transfer,
      gateway.clock.now,
      {
        payer,
      },
    )
    return (await notify(gateway, bank, notification)).body
  }

  test('has no amount and a picture', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const { paper } = await bill(a)
    expect(paper.payload).toContain(`TN${paper.reference}`)
    expect(paper.payload.startsWith('000201010211')).toBe(true)
    const svg = await gateway.call('GET', new URL(paper.svgUrl).pathname, { key })
    expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  })

  test('pays whatever is due, the oldest bill first', async () => {
    const [a, b] = (await send(['A', '100000'], ['B', '50000'])) as [string, string]
    const outcome = await scan(b, '150000')
    expect(outcome.outcome).toBe('applied')
    for (const id of [a, b]) await isPaid(id)
    expect((await bill(a)).payments[0].paymentId).toBe((await bill(b)).payments[0].paymentId)
  })

  test('told twice by the bank is one payment', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const transfer = next()
    const first = await scan(a, '100000', transfer)
    expect(await scan(a, '100000', transfer)).toEqual(first)
    await isPaid(a)
    expect((await bill(a)).payments).toHaveLength(1)
  })

  test('leaves over what is more than due, and all of what is too little', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    expect((await scan(a, '99999')).outcome).toBe('mismatch')
    expect((await scan(a, '100001')).outcome).toBe('overpaid')
    await isPaid(a)
    expect((await scan(a, '100000')).outcome).toBe('duplicate')
    await gateway.settled()
    const left = (await gateway.call('GET', '/v1/unapplied-credits', { key })).body.data
    expect(left.map(({ amount }: { amount: string }) => amount)).toEqual(
      expect.arrayContaining(['99999', '1', '100000']),
    )
    expect(left).toHaveLength(3)
  })
})

describe('two payers of one bill', () => {
  test('end with one paid bill; who came second has the money back, or, where the bill was paid already, is unapplied', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const asked = await ask([a])
    const { paper } = await bill(a)
    const scanned = notificationFor(
      { amount: '100000', reference: paper.reference },
      next(),
      gateway.clock.now,
      { payer },
    )
    await Promise.all([notify(gateway, bank, scanned), payFrom(gateway, bank, asked.body, next())])
    await isPaid(a)
    const { payments } = await bill(a)
    expect(payments).toHaveLength(1)
    await gateway.settled()
    const all = (await gateway.call('GET', '/v1/payments', { key })).body.data as { id: string }[]
    const [second, ...more] = all.filter(({ id }) => id !== payments[0].paymentId)
    expect(more).toEqual([])
    if (second) await becomes(gateway, { key }, `/v1/payments/${second.id}`, 'status', 'refunded')
    const left = (await gateway.call('GET', '/v1/unapplied-credits', { key })).body.data
    const reasons = left.map(({ reason, amount }: { reason: string; amount: string }) => [reason, amount])
    expect(reasons).toEqual(second ? [] : [['duplicate', '100000']])
    expect((await payment(payments[0].paymentId)).status).toBe('paid')
  })

  test('where the loser cannot be paid back, its payment says so and the biller is told', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const asked = await ask([a])
    const { paper } = await bill(a)
    await notify(
      gateway,
      bank,
      notificationFor({ amount: '100000', reference: paper.reference }, next(), gateway.clock.now),
    )
    await isPaid(a)
    await notify(gateway, bank, notificationFor(asked.body, next(), gateway.clock.now)) // by nobody that is named
    const types = async () =>
      (await gateway.store.read(`payment-${asked.body.id}`)).map(({ type, data }) => [type, data])
    await eventually('it is said', async () => (await types()).at(-1)![0] === 'BillShareUnreturned')
    expect((await types()).at(-1)![1]).toMatchObject({ billId: a, reason: 'sender_unknown' })
  })
})

describe('the biller', () => {
  test('sees what was paid until it has booked it', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const { body } = await ask([a])
    await payFrom(gateway, bank, body, next())
    await isPaid(a)
    await gateway.settled()
    const postings = async (posting: string) =>
      (await gateway.call('GET', `/v1/bills/postings?posting=${posting}`, { key })).body.data
    expect(await postings('awaited')).toEqual((await bill(a)).payments)
    const said = { paymentId: body.id, outcome: 'posted', receiptNumber: 'R-1' }
    const posted = await post(gateway, `/v1/bills/${a}/postings`, key, said)
    expect(posted.body).toMatchObject({ posting: 'posted', receiptNumber: 'R-1' })
    expect((await post(gateway, `/v1/bills/${a}/postings`, key, said)).body).toEqual(posted.body)
    await gateway.settled()
    expect(await postings('awaited')).toEqual([])
    expect(await postings('posted')).toEqual([posted.body])
    expectRefused(
      await post(gateway, `/v1/bills/${a}/postings`, key, { ...said, receiptNumber: 'R-2' }),
      'bill_payment_posted',
    )
  })

  test('who refuses sends the money back, and nobody pays that bill again', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    const { body } = await ask([a])
    await payFrom(gateway, bank, body, next())
    await isPaid(a)
    const said = { paymentId: body.id, outcome: 'refused', reason: 'account_closed' }
    const refused = await post(gateway, `/v1/bills/${a}/postings`, key, said)
    expect(refused.body).toMatchObject({ posting: 'refused', refusal: 'account_closed' })
    await becomes(gateway, { key }, `/v1/payments/${body.id}`, 'status', 'refunded')
    expectRefused(await ask([a]), 'bill_canceled', '/billIds/0')
  })

  test('alone sees its bill', async () => {
    const [a] = (await send(['A', '100000'])) as [string]
    for (const path of [`/v1/bills/${a}`, `/v1/bills/${a}/qr.svg`])
      expectRefused(await gateway.call('GET', path, { key: shop.key }), 'not_found')
    const said = { paymentId: `pay_${'0'.repeat(17)}0`, outcome: 'refused', reason: 'other' }
    expect((await post(gateway, `/v1/bills/${a}/postings`, shop.key, said)).status).not.toBe(200)
  })

  test('that has set no rules goes by the usual ones', async () => {
    const { merchantId, key: own } = await openShop(gateway, { sector: 'water' })
    const read = await gateway.call('GET', `/v1/billers/${merchantId}`, { key: own })
    expect(read.body.profile).toMatchObject({ customerCode: { check: 'any' } })
    const { body } = await uploadBills(gateway, own, billFile(billRow('W-1', '70000', 'HN-0001')))
    expect(body).toMatchObject({ accepted: 1, rejectedCount: 0 })
  })
})
