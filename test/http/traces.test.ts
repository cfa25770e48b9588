// Traces over HTTP: what fits is shown to whom it concerns, a person names it, and its money moves as unapplied money does.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
  unappliedOf,
} from '../support/gateway.ts'
import { becomes, logged, payFrom, post } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
const ownAccount = { bankBin: '970422', accountNumber: '555500006789', accountName: 'A' }
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway, { settlementAccount: ownAccount })
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

let transfers = 0
/** Money without a text that names anything, on the shop's account unless said; answers the credit's id. */
async function stray(amount = '125000', changes: object = {}, transactionId = `TR${++transfers}`) {
  const notice = { content: 'tien hang', ...ownAccount, ...changes }
  const told = await payFrom(gateway, bank, { amount, reference: '' }, transactionId, notice)
  await unappliedOf(gateway, operatorKey, told.body.creditId)
  return told.body.creditId as string
}
const wish = { amount: '125000', occurredAt: '2026-11-22' }
const open = (key = shop.key, changes: object = {}, headers = {}) =>
  post(gateway, '/v1/traces', key, { ...wish, ...changes }, headers)
const get = async (path: string, key = shop.key) => (await gateway.call('GET', path, { key })).body
const idsIn = ({ candidates }: { candidates: { id: string }[] }) => candidates.map(({ id }) => id)

describe('to open', () => {
  test('answers the credits that fit, and why', async () => {
    const [creditId] = [await stray('125000', {}, 'FT-9'), await stray('99000')]
    const known = {
      occurredAt: '2026-11-22T10:00:00+07:00',
      transactionId: 'FT-9',
      accountNumberLast4: '6789',
    }
    const { status, body } = await open(shop.key, { ...known, note: 'Paid at till 2' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^trc_[0-9A-HJKMNP-TV-Z]{16}$/),
      status: 'open',
      merchantId: shop.merchantId,
      amount: '125000',
      currency: 'VND',
      occurredAt: '2026-11-22T03:00:00.000Z',
      transactionId: 'FT-9',
      accountNumberLast4: '6789',
      note: 'Paid at till 2',
      openedBy: 'merchant',
      openedAt: '2026-11-22T03:00:00.000Z',
      candidates: [
        {
          id: creditId,
          amount: '125000',
          currency: 'VND',
          receivedAt: '2026-11-22T03:00:00.000Z',
          reason: 'unmatched',
          rules: ['transaction_id', 'amount_equal', 'account_last4', 'time_near', 'same_day'],
        },
      ],
    })
  })

  test('finds the transaction id whatever the amount and the day, and half of the money by its rest', async () => {
    const old = await stray('7', { occurredAt: '2026-10-01T03:00:00Z' }, 'FT-OLD')
    const payment = await ask(gateway, shop)
    const { body } = await payFrom(gateway, bank, { ...payment, amount: '200000' }, 'FT-MORE', ownAccount)
    await unappliedOf(gateway, operatorKey, body.creditId)
    expect(idsIn((await open(shop.key, { transactionId: 'FT-OLD' })).body)).toEqual([old])
    const [rest] = (await open(operatorKey, { amount: '75000' })).body.candidates
    expect(rest).toMatchObject({ id: body.creditId, amount: '75000', rules: ['rest_equal', 'same_day'] })
    const [whole] = (await open(operatorKey, { amount: '200000' })).body.candidates
    expect(whole).toMatchObject({ id: body.creditId, amount: '75000', rules: ['amount_equal', 'same_day'] })
  })

  test('shows at most five, of the days around it', async () => {
    for (let n = 0; n < 6; n++) await stray()
    await stray('125000', { occurredAt: '2026-11-18T16:59:59Z' })
    expect(idsIn((await open()).body)).toHaveLength(5)
    const early = await open(shop.key, { occurredAt: '2026-11-15' })
    expect(early.body.candidates.map(({ rules }: { rules: string[] }) => rules)).toEqual([['amount_equal']])
    expect(idsIn((await open(shop.key, { occurredAt: '2026-11-14' })).body)).toEqual([])
  })

  test.each([
    [{ occurredAt: '2026-11-23' }, '/occurredAt'],
    [{ occurredAt: '2026-11-22T17:00:00Z' }, '/occurredAt'],
    [{ occurredAt: '2026-11-22T03:00:00.001Z' }, '/occurredAt'],
    [{ occurredAt: 'yesterday' }, '/occurredAt'],
    [{ amount: '0' }, '/amount'],
    [{ currency: 'XXX' }, '/currency'],
    [{ accountNumberLast4: '56789' }, '/accountNumberLast4'],
    [{ note: 'call 0912345678' }, '/note'],
    [{ note: 'a.b@example.com' }, '/note'],
    [{ transactionId: '4111111111111111' }, '/transactionId'],
  ])('is refused: %j', async (changes, pointer) => {
    const { body } = await open(shop.key, changes)
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ pointer }] })
  })

  test('twice under a key is once, and says what it said, whatever came meanwhile', async () => {
    const headers = { 'idempotency-key': 'trace-1' }
    await stray()
    const first = await open(shop.key, {}, headers)
    await stray()
    const before = await logged(gateway)
    const second = await open(shop.key, {}, headers)
    expect(second.body).toEqual(first.body)
    expect(await logged(gateway)).toBe(before)
    expectRefused(await open(shop.key, { amount: '1' }, headers), 'idempotency_key_reused')
    expect((await get(`/v1/traces/${first.body.id}/candidates`)).data).toHaveLength(2)
  })
})

describe('a merchant is shown only', () => {
  test('what came to its account or named its payments; the operator all', async () => {
    const other = await openShop(gateway)
    const elsewhere = await stray('125000', { accountNumber: '1' })
    const own = await stray()
    const payment = await ask(gateway, other)
    await gateway.call('POST', `/v1/payments/${payment.id}/cancel`, { key: other.key, body: {} })
    const named = (await payFrom(gateway, bank, payment, 'FT-NAMED', { accountNumber: '2' })).body.creditId
    await unappliedOf(gateway, operatorKey, named)
    expect(idsIn((await open()).body)).toEqual([own])
    expect(idsIn((await open(other.key)).body)).toEqual([named])
    expect(idsIn((await open(operatorKey)).body).toSorted()).toEqual([elsewhere, own, named].toSorted())
    const { id } = (await open()).body
    expect((await get(`/v1/traces/${id}/candidates`, operatorKey)).data).toHaveLength(3)
    expectRefused(
      await post(gateway, `/v1/traces/${id}/found`, shop.key, { creditId: named }),
      'credit_not_found',
    )
  })

  test('its own traces', async () => {
    const other = await openShop(gateway)
    const { id } = (await open()).body
    const byOperator = (await open(operatorKey)).body
    expect(byOperator.merchantId).toBeUndefined()
    for (const path of [`/v1/traces/${id}`, `/v1/traces/${id}/candidates`]) {
      expect((await gateway.call('GET', path, { key: other.key })).status).toBe(404)
      expect((await gateway.call('GET', path, { key: operatorKey })).status).toBe(200)
    }
    expect((await gateway.call('GET', `/v1/traces/${byOperator.id}`, { key: shop.key })).status).toBe(404)
    for (const [act, body] of [
      ['found', { creditId: await stray() }],
      ['close', { outcome: 'closed' }],
    ] as const)
      expectRefused(await post(gateway, `/v1/traces/${id}/${act}`, other.key, body), 'not_found')
    const terminal = await openTerminal(gateway, shop)
    expectRefused(await open(terminal.key), 'forbidden')
  })
})

describe('found', () => {
  test('by a person, it leads to the money, which is applied as ever', async () => {
    const creditId = await stray()
    const { id } = (await open()).body
    const before = await logged(gateway)
    const { status, body } = await post(gateway, `/v1/traces/${id}/found`, shop.key, { creditId })
    expect([status, body.status, body.creditId, body.foundAt]).toEqual([
      200,
      'found',
      creditId,
      '2026-11-22T03:00:00.000Z',
    ])
    expect(await logged(gateway)).toBe(before + 1) // no money moved
    const payment = await ask(gateway, shop)
    const applied = await post(gateway, `/v1/unapplied-credits/${creditId}/apply`, shop.key, {
      paymentId: payment.id,
    })
    expect(applied.body).toMatchObject({ amount: '125000', left: '0' })
    await gateway.settled()
    expect((await get(`/v1/traces/${id}/candidates`)).data).toEqual([])
    expect(idsIn(await get(`/v1/traces/${id}`))).toEqual([creditId])
    expect((await post(gateway, `/v1/traces/${id}/close`, shop.key, { outcome: 'closed' })).body.status).toBe(
      'closed',
    )
  })

  test('it is returned as ever', async () => {
    const creditId = await stray()
    const { id } = (await open()).body
    await post(gateway, `/v1/traces/${id}/found`, operatorKey, { creditId })
    const returned = await post(gateway, `/v1/unapplied-credits/${creditId}/return`, shop.key, {})
    expect(returned.status).toBe(200)
    const credit = `/v1/unapplied-credits/${creditId}`
    await becomes(gateway, shop, credit, 'amount', '0')
  })

  test('it is not found again elsewhere, nor not found', async () => {
    const [one, two] = [await stray(), await stray()]
    const path = `/v1/traces/${(await open()).body.id}`
    await post(gateway, `${path}/found`, shop.key, { creditId: one })
    const before = await logged(gateway)
    expect((await post(gateway, `${path}/found`, shop.key, { creditId: one })).body.status).toBe('found')
    expectRefused(await post(gateway, `${path}/found`, shop.key, { creditId: two }), 'trace_found')
    expectRefused(await post(gateway, `${path}/close`, shop.key, { outcome: 'not_found' }), 'trace_found')
    expect(await logged(gateway)).toBe(before)
  })
})

test('not found, it is closed, and says why', async () => {
  const { id } = (await open()).body
  const body = { outcome: 'not_found', reason: 'The bank knows no such transfer' }
  const answer = await post(gateway, `/v1/traces/${id}/close`, operatorKey, body)
  expect(answer.body).toMatchObject({ status: 'not_found', reason: body.reason })
  const creditId = await stray()
  expectRefused(await post(gateway, `/v1/traces/${id}/found`, shop.key, { creditId }), 'trace_closed')
})

test('the list has the oldest first with their age, by status, a page at a time', async () => {
  const ids: string[] = []
  for (const day of ['22', '23', '24']) {
    gateway.clock.now = new Date(`2026-11-${day}T03:00:00Z`)
    ids.push((await open()).body.id)
  }
  await post(gateway, `/v1/traces/${ids[1]}/close`, shop.key, { outcome: 'not_found' })
  await gateway.settled()
  const { data, nextCursor } = await get('/v1/traces?limit=2')
  const shown = data.map(({ id, status, ageDays }: Record<string, unknown>) => [id, status, ageDays])
  expect(shown).toEqual([
    [ids[0], 'open', 2],
    [ids[1], 'not_found', 1],
  ])
  expect(
    (await get(`/v1/traces?limit=2&cursor=${nextCursor}`)).data.map(({ id }: { id: string }) => id),
  ).toEqual([ids[2]])
  const stillOpen = (await get('/v1/traces?status=open', operatorKey)).data.map(
    ({ id }: { id: string }) => id,
  )
  expect(stillOpen).toEqual([ids[0], ids[2]])
  expect((await get('/v1/traces', (await openShop(gateway)).key)).data).toEqual([])
})
