// Disputes over HTTP: opened by an operator, answered by the merchant, won or lost; and what the books say meanwhile.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  openShop,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { post, refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let other: Shop
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  other = await openShop(gateway)
})
afterAll(() => gateway.stop())

const get = (path: string, key = operatorKey) => gateway.call('GET', path, { key })
const sold = async () =>
  (await ask(gateway, shop, { method: 'card', card: { token: 'tok_approve' } })).id as string
const opened = { amount: '100000', reason: 'not_received', respondBy: '2026-12-15' }
const open = (paymentId: string, body: object = opened, headers = {}) =>
  post(gateway, `/v1/payments/${paymentId}/disputes`, operatorKey, body, headers)
const document = { kind: 'delivery', documentHash: 'ab'.repeat(32) }

async function balances(): Promise<Record<string, string>> {
  const { body } = await get('/v1/ledger/trial-balance')
  expect(body.difference).toBe('0')
  type Line = { account: string; balance: string }
  const lines = body.accounts.map(({ account, balance }: Line): [string, string] => [account, balance])
  return Object.fromEntries(lines.filter(([, balance]: [string, string]) => balance !== '0'))
}

describe('a dispute', () => {
  test('holds money back, is answered, and is lost', async () => {
    const paymentId = await sold()
    expect(await balances()).toEqual({ acquirer_receivable: '125000', merchant_payable: '125000' })
    const { status, body } = await open(paymentId)
    expect(status).toBe(201)
    const at = gateway.clock.now.toISOString()
    expect(body).toEqual({
      id: expect.stringMatching(/^dsp_[0-9A-Z]{26}$/),
      paymentId,
      currency: 'VND',
      status: 'open',
      openedAt: at,
      evidence: [],
      ...opened,
    })
    expect(await balances()).toEqual({
      acquirer_receivable: '25000',
      chargebacks: '100000',
      reserves: '100000',
      merchant_payable: '25000',
    })
    const tooMuch = await refund(gateway, shop, paymentId, { amount: '25001', reason: 'x' })
    expectRefused(tooMuch, 'refund_exceeds_rest')
    const answered = await post(gateway, `/v1/disputes/${body.id}/evidence`, shop.key, document)
    expect(answered.body.evidence).toEqual([{ ...document, submittedAt: at }])
    const lost = await post(gateway, `/v1/disputes/${body.id}/lost`, operatorKey)
    expect(lost.body).toMatchObject({ status: 'lost', closedAt: at })
    expect(await balances()).toEqual({ acquirer_receivable: '25000', merchant_payable: '25000' })
    expectRefused(await post(gateway, `/v1/disputes/${body.id}/won`, operatorKey), 'dispute_closed')
    expect((await get(`/v1/disputes/${body.id}`, shop.key)).body).toEqual(lost.body)
    expect((await get(`/v1/payments/${paymentId}/disputes`, shop.key)).body.data).toEqual([lost.body])
    const { body: owed } = await get('/v1/ledger/accounts/merchant_payable/statement', shop.key)
    expect(owed.data.map(({ event, amount }: Record<string, string>) => [event, amount])).toEqual([
      ['PaymentPaid', '125000'],
      ['DisputeOpened', '-100000'],
      ['DisputeLost', '0'],
    ])
  })

  test('that is won gives the money back', async () => {
    const before = await balances()
    const paymentId = await sold()
    const { body } = await open(paymentId, { amount: '125000', reason: 'fraud' })
    const won = await post(gateway, `/v1/disputes/${body.id}/won`, operatorKey)
    expect(won.body.status).toBe('won')
    expect(await balances()).toEqual({
      acquirer_receivable: String(Number(before.acquirer_receivable) + 125_000),
      merchant_payable: String(Number(before.merchant_payable) + 125_000),
    })
  })

  test('under an idempotency key is opened once', async () => {
    const paymentId = await sold()
    const key = { 'idempotency-key': 'case-7' }
    const [first, again] = [await open(paymentId, opened, key), await open(paymentId, opened, key)]
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await get(`/v1/payments/${paymentId}/disputes`)).body.data).toHaveLength(1)
  })
})

describe('what is refused:', () => {
  test('more than was captured, a payment by QR, what does not fit', async () => {
    const paymentId = await sold()
    expectRefused(await open(paymentId, { ...opened, amount: '125001' }), 'dispute_exceeds_rest')
    expectRefused(await open(paymentId, { ...opened, reason: 'angry' }), 'validation_failed', '/reason')
    const qr = await ask(gateway, shop)
    expectRefused(await open(qr.id), 'payment_method_differs')
    expect((await get(`/v1/payments/${qr.id}/disputes`)).body.data).toEqual([])
  })

  test("a merchant's opening or deciding, and another's looking", async () => {
    const paymentId = await sold()
    const path = `/v1/payments/${paymentId}/disputes`
    expectRefused(await post(gateway, path, shop.key, opened), 'forbidden')
    const { id } = (await open(paymentId)).body
    expectRefused(await post(gateway, `/v1/disputes/${id}/won`, shop.key), 'forbidden')
    expectRefused(await get(`/v1/disputes/${id}`, other.key), 'not_found')
    expectRefused(await get(path, other.key), 'not_found')
    expectRefused(await post(gateway, `/v1/disputes/${id}/evidence`, other.key, document), 'not_found')
    const wrong = { ...document, documentHash: 'a name' }
    const answer = await post(gateway, `/v1/disputes/${id}/evidence`, shop.key, wrong)
    expectRefused(answer, 'validation_failed', '/documentHash')
    expectRefused(await get(`/v1/disputes/${id.slice(0, -8)}00000000`), 'not_found')
  })
})
