// Complaints over HTTP: who opens, reads and answers them, the clock, and how the money ends them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolveOverdueComplaints } from '../../src/domain/complaints/resolveComplaints.ts'
import type { TransferOutcome } from '../../src/domain/payments/transfer.ts'
import { openBill } from '../support/billers.ts'
import { complain, tokenOf } from '../support/complaints.ts'
import {
  ask,
  askByCard,
  type Bank,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, payFrom, post, read, refund, scriptedBank } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
let out: ReturnType<typeof scriptedBank>
async function open(...answers: TransferOutcome[]): Promise<void> {
  out = scriptedBank(...answers)
  gateway = await openTestGateway({ transferConnector: out.connector })
  shop = await openShop(gateway)
  bank = await openBank(gateway)
}
afterEach(() => gateway.stop())

let transfers = 0
async function sold(by: Shop = shop): Promise<string> {
  const payment = await ask(gateway, by)
  await payFrom(gateway, bank, payment, `t${++transfers}`)
  return payment.id
}
const opened = async (paymentId: string, body: object = { kind: 'paid_twice' }, key = shop.key) => {
  const answer = await complain(gateway, key, paymentId, body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const hours = (count: number) => {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + count * 3_600_000)
}
const resolve = (id: string, body: object = { remedy: 'refund' }, key = shop.key) =>
  post(gateway, `/v1/complaints/${id}/resolve`, key, body)
const reject = (id: string, key = shop.key) =>
  post(gateway, `/v1/complaints/${id}/reject`, key, { reason: 'Booked once' })
/** A round of the clock. */
const tick = async () => {
  await gateway.settled()
  const { gateway: aggregates, now, readModels } = gateway.services
  return resolveOverdueComplaints({
    complaints: aggregates.complaints,
    now,
    dueComplaints: readModels.dueComplaints,
  })
}
const becomesOf = (id: string, status: string) =>
  becomes(gateway, shop, `/v1/complaints/${id}`, 'status', status)

describe('with a way out for money', () => {
  beforeEach(() => open())

  test('a complaint is opened, read alone, beside its payment and in the list, with age and deadline', async () => {
    const paymentId = await sold()
    const answer = await opened(paymentId, {
      kind: 'wrong_amount',
      amount: '5000',
      text: 'Price tag said 120,000',
    })
    expect(answer).toEqual({
      id: expect.stringMatching(/^cpl_[0-9A-Z]{26}$/),
      paymentId,
      merchantId: shop.merchantId,
      kind: 'wrong_amount',
      status: 'assigned',
      claim: '5000',
      currency: 'VND',
      text: 'Price tag said 120,000',
      openedBy: 'merchant',
      openedAt: '2026-11-22T03:00:00.000Z',
      deadline: '2026-11-27T03:00:00.000Z',
      evidence: [],
    })
    hours(49)
    await gateway.settled()
    const read1 = { ...answer, ageDays: 2 }
    expect(await read(gateway, shop, `/v1/complaints/${answer.id}`)).toEqual(read1)
    const page = { data: [read1], nextCursor: null }
    expect(await read(gateway, shop, `/v1/payments/${paymentId}/complaints`)).toEqual(page)
    expect(await read(gateway, shop, '/v1/complaints?status=assigned')).toEqual(page)
    expect((await read(gateway, shop, '/v1/complaints?status=rejected')).data).toEqual([])
  })

  test('resolved with a refund: the money goes back once, under the id of the complaint, and ends it', async () => {
    const paymentId = await sold()
    const { id } = await opened(paymentId)
    const answer = await resolve(id)
    expect(answer.body).toMatchObject({
      status: 'pending_refund',
      answer: { outcome: 'resolved', remedy: 'refund', refund: '125000', by: 'merchant' },
      refundId: `ref_${id.slice(4)}`,
    })
    expect(await becomesOf(id, 'refunded')).toMatchObject({ refundId: `ref_${id.slice(4)}` })
    expect(out.sent.map(({ transferId, amount }) => [transferId, amount.minor])).toEqual([
      [`ref_${id.slice(4)}-1`, 125_000n],
    ])
    expect(await read(gateway, shop, `/v1/payments/${paymentId}`)).toMatchObject({
      status: 'refunded',
      amountRefunded: '125000',
    })
    expect((await resolve(id)).status).toBe(200) // twice is once
    expectRefused(await reject(id), 'complaint_closed')
  })

  test('resolved without money: nothing is sent', async () => {
    const { id } = await opened(await sold(), { kind: 'service_cut' })
    expectRefused(await resolve(id), 'complaint_amount_missing')
    const { body } = await resolve(id, { remedy: 'corrected', note: 'The service is back' })
    expect(body).toMatchObject({
      status: 'resolved',
      answer: { outcome: 'resolved', remedy: 'corrected', text: 'The service is back', by: 'merchant' },
    })
    expect(out.sent).toEqual([])
  })

  test('rejected with a reason, by an operator, too; then it is closed, and another may be opened', async () => {
    const paymentId = await sold()
    const { id } = await opened(paymentId)
    expectRefused(await complain(gateway, shop.key, paymentId, { kind: 'paid_twice' }), 'complaint_open')
    expect((await reject(id, operatorKey)).body).toMatchObject({
      status: 'rejected',
      answer: { outcome: 'rejected', text: 'Booked once', by: 'operator' },
    })
    expectRefused(await resolve(id), 'complaint_closed')
    expect((await opened(paymentId)).id).not.toBe(id)
  })

  test('of a refund that is on its way nothing is claimed again', async () => {
    const paymentId = await sold()
    await refund(gateway, shop, paymentId)
    expect((await opened(paymentId)).claim).toBe('100000')
    const more = { kind: 'wrong_amount', amount: '100001' }
    expectRefused(await complain(gateway, shop.key, paymentId, more), 'complaint_exceeds_payment')
  })

  test('evidence is added by both sides and says nothing by which a person is known', async () => {
    const till = await openTerminal(gateway, shop)
    const { id } = await opened(await sold(), { kind: 'paid_twice' }, till.key)
    const say = (text: string, key: string) => post(gateway, `/v1/complaints/${id}/evidence`, key, { text })
    await say('FT26326123456789', till.key)
    const { body } = await say('One transfer only in our statement of 22 November', shop.key)
    expect(body).toMatchObject({
      openedBy: 'terminal',
      evidence: [
        { text: 'FT26326123456789', by: 'terminal' },
        { text: 'One transfer only in our statement of 22 November', by: 'merchant' },
      ],
    })
    for (const personal of [
      'call 0987 654 321',
      '+84987654321',
      'write to an@example.vn',
      '4111 1111 1111 1111',
    ])
      expectRefused(await say(personal, shop.key), 'validation_failed', '/text')
  })

  test('payers complain with the link of their receipt, and with no other', async () => {
    const [paymentId, other] = [await sold(), await sold()]
    const path = `/v1/receipts/${paymentId}/complaints`
    const token = tokenOf(gateway, paymentId)
    const call = (token: string) => post(gateway, path, '', { kind: 'paid_twice', token })
    for (const wrong of [tokenOf(gateway, other), 'x', '']) expectRefused(await call(wrong), 'not_found')
    const { status, body } = await call(token)
    expect([status, body.openedBy]).toEqual([201, 'payer'])
    expect((await gateway.call('GET', `${path}?token=${token}`)).body.data).toEqual([{ ...body, ageDays: 0 }])
    expectRefused(await gateway.call('GET', `${path}?token=x`), 'not_found')
    const unpaid = (await ask(gateway, shop)).id
    const link = { kind: 'not_credited', token: tokenOf(gateway, unpaid) }
    expectRefused(await post(gateway, `/v1/receipts/${unpaid}/complaints`, '', link), 'not_found')
  })

  test('another merchant sees and does nothing: all of it is 404', async () => {
    const paymentId = await sold()
    const { id } = await opened(paymentId)
    await gateway.settled()
    const other = await openShop(gateway)
    const head = await gateway.store.head()
    const { key } = other
    expectRefused(await complain(gateway, key, paymentId), 'not_found')
    expectRefused(await gateway.call('GET', `/v1/payments/${paymentId}/complaints`, { key }), 'not_found')
    expectRefused(await gateway.call('GET', `/v1/complaints/${id}`, { key }), 'not_found')
    expectRefused(await resolve(id, { remedy: 'refund' }, key), 'not_found')
    expectRefused(await reject(id, key), 'not_found')
    expectRefused(await post(gateway, `/v1/complaints/${id}/evidence`, key, { text: 'x' }), 'not_found')
    expect((await read(gateway, other, '/v1/complaints')).data).toEqual([])
    expect(await gateway.store.head()).toBe(head)
    const all = (await gateway.call('GET', '/v1/complaints', { key: operatorKey })).body.data
    expect(all.map((one: { id: string }) => one.id)).toEqual([id])
    const nobody = `cpl_${paymentId.slice(4)}00000000`
    expectRefused(await gateway.call('GET', `/v1/complaints/${nobody}`, { key: shop.key }), 'not_found')
  })

  test('who took a payment of bills for a biller complains and sees, and does not answer; the biller does', async () => {
    const { billId, key: biller } = await openBill(gateway)
    const till = await openTerminal(gateway, shop)
    const payment = (await post(gateway, '/v1/bills/payments', till.key, { billIds: [billId] })).body
    await post(gateway, '/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })
    await becomes(gateway, { key: till.key }, `/v1/payments/${payment.id}`, 'status', 'paid')
    hours(24)
    const { id, openedBy } = await opened(payment.id, { kind: 'account_not_updated' }, till.key)
    expect(openedBy).toBe('agent')
    const path = `/v1/complaints/${id}`
    expect(
      (await post(gateway, `${path}/evidence`, shop.key, { text: 'receipt shown' })).body.evidence,
    ).toMatchObject([{ by: 'agent' }])
    for (const key of [till.key, shop.key, biller]) {
      expect((await gateway.call('GET', path, { key })).status).toBe(200)
      expect((await read(gateway, { key }, `/v1/payments/${payment.id}/complaints`)).data).toHaveLength(1)
    }
    expectRefused(await resolve(id, { remedy: 'refund' }, shop.key), 'not_found')
    expectRefused(await reject(id, shop.key), 'not_found')
    expect((await resolve(id, { remedy: 'refund' }, biller)).body.answer).toMatchObject({
      refund: '100000',
      by: 'merchant',
    })
    await becomes(gateway, { key: biller }, path, 'status', 'refunded')
  })

  test('what is not paid here is not credited, and nothing else', async () => {
    const { id } = await ask(gateway, shop)
    expectRefused(await complain(gateway, shop.key, id), 'complaint_payment_unpaid')
    expect(await opened(id, { kind: 'not_credited' })).not.toHaveProperty('claim')
    expectRefused(
      await complain(gateway, shop.key, await sold(), { kind: 'not_credited' }),
      'complaint_payment_paid',
    )
  })

  test('a card is given its money back, too', async () => {
    const { id: paymentId } = await askByCard(gateway, shop, { capture: 'automatic' })
    const { id } = await opened(paymentId)
    expect((await resolve(id, { remedy: 'refund', amount: '25000' })).body.status).toBe('pending_refund')
    await becomesOf(id, 'refunded')
    expect(await read(gateway, shop, `/v1/payments/${paymentId}`)).toMatchObject({ amountRefunded: '25000' })
  })

  test('what the issuer of a card has taken back does not go back a second time', async () => {
    const { id: paymentId } = await askByCard(gateway, shop, { capture: 'automatic' })
    const { id } = await opened(paymentId)
    const dispute = { amount: '125000', reason: 'duplicate' }
    expect((await post(gateway, `/v1/payments/${paymentId}/disputes`, operatorKey, dispute)).status).toBe(201)
    expectRefused(await resolve(id), 'complaint_exceeds_payment')
    hours(5 * 24)
    await tick()
    expect(await becomesOf(id, 'failed')).toMatchObject({ failure: 'refund_exceeds_rest' })
    expect((await resolve(id, { remedy: 'corrected' })).body.status).toBe('resolved')
  })

  test('the merchant hears of it by webhook', async () => {
    const hook = { url: 'http://127.0.0.1:9/hooks', events: ['complaint.opened', 'complaint.refunded'] }
    const { id: endpoint } = (await post(gateway, '/v1/webhook-endpoints', shop.key, hook)).body
    const paymentId = await sold()
    const { id } = await opened(paymentId)
    await resolve(id)
    await becomesOf(id, 'refunded')
    const messages = async () =>
      (await read(gateway, shop, `/v1/webhook-endpoints/${endpoint}/messages`)).data as {
        type: string
        data: object
      }[]
    await expect.poll(async () => (await messages()).length).toBe(2)
    expect((await messages()).map(({ type, data }) => [type, data])).toEqual([
      ['complaint.opened', { paymentId, complaintId: id }],
      ['complaint.refunded', { paymentId, complaintId: id }],
    ])
  })
})

describe('the clock', () => {
  beforeEach(() => open())
  test('what nobody answers in five days is resolved for the payer, once, and the money goes back', async () => {
    const [owing, owingNothing, answered] = [await sold(), await sold(), await sold()]
    const { id } = await opened(owing)
    const { id: nothing } = await opened(owingNothing, { kind: 'payment_info_delay' })
    await reject((await opened(answered)).id)
    hours(5 * 24 - 1)
    expect(await tick()).toBe(0)
    expect((await read(gateway, shop, `/v1/complaints/${id}`)).status).toBe('assigned')
    hours(1)
    expectRefused(await reject(id), 'complaint_overdue')
    expect(await tick()).toBe(2)
    await tick()
    expect(await becomesOf(id, 'refunded')).toMatchObject({
      answer: { outcome: 'default_resolved', refund: '125000', at: '2026-11-27T03:00:00.000Z' },
    })
    expect((await becomesOf(nothing, 'default_resolved')).answer).toEqual({
      outcome: 'default_resolved',
      at: '2026-11-27T03:00:00.000Z',
    })
    expect(out.sent).toHaveLength(1)
    expect(await tick()).toBe(0)
  })

  test('a biller is complained of a day after the payment at the earliest', async () => {
    const biller = await openShop(gateway, { sector: 'electricity' })
    const paymentId = await sold(biller)
    expectRefused(await complain(gateway, biller.key, paymentId), 'complaint_too_early')
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 24 * 3_600_000 - 1)
    expectRefused(await complain(gateway, biller.key, paymentId), 'complaint_too_early')
    gateway.clock.now = new Date(gateway.clock.now.getTime() + 1)
    await opened(paymentId, { kind: 'account_not_updated' }, biller.key)
  })
})

describe('money that does not go back', () => {
  test('the bank refuses: failed, and refunded once the refund is tried again', async () => {
    await open({ status: 'failed', reason: 'account closed' })
    const { id } = await opened(await sold())
    await resolve(id)
    expect(await becomesOf(id, 'failed')).toMatchObject({ failure: 'refund_failed' })
    expectRefused(await resolve(id, { remedy: 'corrected' }), 'complaint_closed')
    expect((await post(gateway, `/v1/refunds/ref_${id.slice(4)}/retry`, shop.key)).status).toBe(200)
    expect(await becomesOf(id, 'refunded')).not.toHaveProperty('failure')
  })

  test('the payer is unknown: failed without a refund, and it may be answered otherwise', async () => {
    await open()
    const payment = await ask(gateway, shop)
    await pay(gateway, bank, payment, 'unnamed')
    const { id } = await opened(payment.id)
    await resolve(id)
    expect(await becomesOf(id, 'failed')).toMatchObject({ failure: 'sender_unknown' })
    expectRefused(await gateway.call('GET', `/v1/refunds/ref_${id.slice(4)}`, { key: shop.key }), 'not_found')
    expect((await resolve(id, { remedy: 'corrected' })).body.status).toBe('resolved')
  })

  test('no way out: failed without a refund', async () => {
    gateway = await openTestGateway({ sandbox: false })
    shop = await openShop(gateway)
    bank = await openBank(gateway)
    const { id } = await opened(await sold())
    await resolve(id)
    expect(await becomesOf(id, 'failed')).toMatchObject({ failure: 'transfers_unavailable' })
  })
})
