// Settlements over HTTP: a day is closed once, nothing is lost or doubled, and its report adds up.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Bank,
  openBank,
  openShop,
  openTerminal,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, payFrom, refund } from '../support/money.ts'
import { at, close, reportOf, sell, sumOf } from '../support/settlement.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank

beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway, { feePlan: { rate: '1', fixed: '0' } })
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const today = '2026-11-22'
const tomorrow = '2026-11-23'

test('a day is one batch, closed once', async () => {
  await sell(gateway, shop, bank)
  await sell(gateway, shop, bank, { amount: '75000' })
  at(gateway, '2026-11-22T17:00:30Z')
  const first = await close(gateway, today)
  expect(first.status).toBe(200)
  expect(first.body.data).toHaveLength(1)
  const [settlement] = first.body.data
  expect(settlement).toMatchObject({
    id: `set_${shop.merchantId.slice(4)}20261122VND`,
    merchantId: shop.merchantId,
    businessDate: today,
    currency: 'VND',
    gross: '200000',
    refunds: '0',
    chargebacks: '0',
    fees: '2000',
    vat: '0',
    reserve: '0',
    carriedIn: '0',
    net: '198000',
    count: 2,
    late: 0,
    fromPosition: '',
    cutOff: '24:00',
    cutAt: '2026-11-22T17:00:00.000Z',
    closedAt: '2026-11-22T17:00:30.000Z',
    payoutCycle: 'T+1',
    payout: { status: 'requested', valueDate: tomorrow },
  })
  expect((await close(gateway, today)).body).toEqual(first.body)
  const { body } = await gateway.call('GET', `/v1/settlements/${settlement.id}`, { key: shop.key })
  expect(body).toMatchObject(settlement)
  expect(body.payouts).toEqual([
    {
      endToEndId: `SET${settlement.id.slice(4)}-1`,
      status: 'requested',
      amount: '198000',
      currency: 'VND',
      valueDate: tomorrow,
      bankBin: '970422',
      accountNumber: '0123456789',
      requestedAt: '2026-11-22T17:00:30.000Z',
    },
  ])
})

test('the report adds up to the net, and its lines give the hash', async () => {
  const payment = await sell(gateway, shop, bank, { orderId: '=HYPERLINK("x")' })
  await sell(gateway, shop, bank, { amount: '75000' })
  at(gateway, '2026-11-22T17:00:30Z')
  const [settlement] = (await close(gateway, today)).body.data
  const { status, headers, rows, hash, text } = await reportOf(gateway, shop.key, settlement.id)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(text.split('\n').slice(0, 8)).toEqual([
    '# schema: thungan.settlement-report.v1',
    `# settlement: ${settlement.id}`,
    `# merchantId: ${shop.merchantId}`,
    '# businessDate: 2026-11-22',
    '# currency: VND',
    '# cutOff: 24:00',
    '# cutAt: 2026-11-22T17:00:00.000Z',
    '# fromPosition: start',
  ])
  expect(text).toContain(`1,payment,${payment.id},,"'=HYPERLINK(""x"")",2026-11-22T03:00:00.000Z,`)
  expect(rows).toHaveLength(2)
  expect(sumOf(rows.slice(1), 'net')).toBe(74_250n)
  expect(hash).toBe(settlement.hash)
})

test('a future day is refused, and so are other callers', async () => {
  expect((await close(gateway, tomorrow)).body.code).toBe('business_date_in_future')
  const terminal = await openTerminal(gateway, shop)
  for (const [key, status] of [
    [shop.key, 403],
    [terminal.key, 403],
    [undefined, 401],
  ] as const) {
    const answer = await gateway.call('POST', '/v1/settlements', {
      ...(key && { key }),
      body: { businessDate: today },
    })
    expect(answer.status).toBe(status)
  }
  const bad = await gateway.call('POST', '/v1/settlements', { key: operatorKey, body: { businessDate: 'x' } })
  expect(bad.body).toMatchObject({ code: 'validation_failed', errors: [{ pointer: '/businessDate' }] })
})

test("another merchant's settlement is not there", async () => {
  const other = await openShop(gateway)
  await sell(gateway, shop, bank)
  const [{ id }] = (await close(gateway, today)).body.data
  for (const path of [`/v1/settlements/${id}`, `/v1/settlements/${id}/report.csv`]) {
    expect((await gateway.call('GET', path, { key: other.key })).status).toBe(404)
    expect((await gateway.call('GET', path, { key: shop.key })).status).toBe(200)
    expect((await gateway.call('GET', path, { key: operatorKey })).status).toBe(200)
  }
  const list = async (key: string, query = '') =>
    (await gateway.call('GET', `/v1/settlements${query}`, { key })).body
  expect((await list(other.key)).data).toEqual([])
  expect((await list(other.key, `?merchantId=${shop.merchantId}`)).code).toBe('not_found')
  expect((await list(shop.key)).data).toHaveLength(1)
  expect((await list(operatorKey, `?merchantId=${shop.merchantId}&businessDate=${today}`)).data).toHaveLength(
    1,
  )
  expect((await list(operatorKey, `?businessDate=${tomorrow}`)).data).toEqual([])
})

test('lists go on where the page before ended', async () => {
  const others = [shop, await openShop(gateway), await openShop(gateway)]
  for (const one of others) await sell(gateway, one, bank)
  const { data } = (await close(gateway, today)).body
  expect(data).toHaveLength(3)
  const first = await gateway.call('GET', '/v1/settlements?limit=2', { key: operatorKey })
  expect(first.body.data).toEqual([data[2], data[1]])
  const path = `/v1/settlements?limit=2&cursor=${first.body.nextCursor}`
  const second = await gateway.call('GET', path, { key: operatorKey })
  expect(second.body).toEqual({ data: [data[0]], nextCursor: null })
})

describe('days', () => {
  test('without entries have no batch', async () => {
    at(gateway, '2026-11-22T17:00:30Z')
    expect((await close(gateway, today)).body).toEqual({ data: [] })
    await sell(gateway, shop, bank)
    expect((await close(gateway, today)).body).toEqual({ data: [] })
    expect((await close(gateway, tomorrow)).body.data).toHaveLength(1)
  })

  test('today is cut now; what comes later is in the next date, and says why', async () => {
    await sell(gateway, shop, bank)
    const [first] = (await close(gateway, today)).body.data
    await sell(gateway, shop, bank, { amount: '75000' })
    expect((await close(gateway, today)).body.data).toEqual([first])
    at(gateway, '2026-11-23T03:00:00Z')
    await sell(gateway, shop, bank, { amount: '1000' })
    expect((await close(gateway, today)).body.data).toEqual([first])
    const [second] = (await close(gateway, tomorrow)).body.data
    expect(second).toMatchObject({ gross: '76000', count: 2, late: 1, fromPosition: first.toPosition })
    const { rows } = await reportOf(gateway, shop.key, second.id)
    expect(rows.map(({ gross, late }) => [gross, late])).toEqual([
      ['75000', 'after_cut'],
      ['1000', ''],
    ])
  })

  test('are closed in their order, whichever is asked for', async () => {
    await sell(gateway, shop, bank)
    at(gateway, '2026-11-25T03:00:00Z')
    await sell(gateway, shop, bank, { amount: '75000' })
    at(gateway, '2026-11-27T03:00:00Z')
    expect((await close(gateway, '2026-11-26')).body.data).toEqual([])
    const closed = (await gateway.call('GET', '/v1/settlements', { key: operatorKey })).body.data
    expect(closed.map(({ businessDate, gross }: Record<string, string>) => [businessDate, gross])).toEqual([
      ['2026-11-25', '75000'],
      ['2026-11-22', '125000'],
    ])
  })

  test('a shop opened later in the day still gets its batch of today', async () => {
    await sell(gateway, shop, bank)
    const [first] = (await close(gateway, today)).body.data
    const other = await openShop(gateway)
    await sell(gateway, other, bank)
    const both = (await close(gateway, today)).body.data
    expect(both).toHaveLength(2)
    expect(both).toContainEqual(first)
  })

  test('end at the cut-off of their merchant, from the day after it was set', async () => {
    const settings = { cutOff: '16:00' }
    const set = await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, {
      key: shop.key,
      body: settings,
    })
    expect(set.body.cutOff).toBe('16:00')
    at(gateway, '2026-11-22T10:00:00Z') // 17:00, still of today
    await sell(gateway, shop, bank)
    at(gateway, '2026-11-23T08:59:00Z')
    await sell(gateway, shop, bank, { amount: '75000' })
    at(gateway, '2026-11-23T09:00:00Z')
    await sell(gateway, shop, bank, { amount: '1000' })
    at(gateway, '2026-11-24T17:00:30Z')
    await close(gateway, '2026-11-24')
    const { data } = (await gateway.call('GET', '/v1/settlements', { key: shop.key })).body
    expect(data.map((one: Record<string, string>) => [one.businessDate, one.gross, one.cutOff])).toEqual([
      ['2026-11-24', '1000', '16:00'],
      ['2026-11-23', '75000', '16:00'],
      ['2026-11-22', '125000', '24:00'],
    ])
  })
})

test('refunds are taken off; what is negative is carried into the next batch', async () => {
  const payment = await sellFrom()
  at(gateway, '2026-11-22T17:00:30Z')
  await close(gateway, today)
  const { body } = await refund(gateway, shop, payment.id, { amount: '100000', reason: 'returned goods' })
  await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
  at(gateway, '2026-11-23T17:00:30Z')
  const [second] = (await close(gateway, tomorrow)).body.data
  expect(second).toMatchObject({
    gross: '0',
    refunds: '100000',
    net: '-100000',
    payout: { status: 'carried_over' },
  })
  await sell(gateway, shop, bank, { amount: '150000' })
  const [third] = (await close(gateway, '2026-11-24')).body.data
  expect(third).toMatchObject({
    gross: '150000',
    fees: '1500',
    carriedIn: '-100000',
    net: '48500',
    payout: { status: 'requested' },
  })
  const { rows, hash } = await reportOf(gateway, shop.key, third.id)
  expect(rows.map(({ kind, net }) => [kind, net])).toEqual([
    ['payment', '148500'],
    ['carried_in', '-100000'],
  ])
  expect(hash).toBe(third.hash)
})

async function sellFrom(): Promise<{ id: string }> {
  const { body } = await gateway.call('POST', '/v1/payments', {
    key: shop.key,
    body: { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND' },
  })
  await payFrom(gateway, bank, body, 'SEFROM1')
  return body
}

test('each currency is a batch of its own', async () => {
  await sell(gateway, shop, bank)
  await gateway.call('POST', '/v1/payments', {
    key: shop.key,
    body: {
      siteId: shop.siteId,
      method: 'card',
      amount: '12.50',
      currency: 'USD',
      card: { token: 'tok_approve' },
      capture: 'automatic',
    },
  })
  const { data } = (await close(gateway, today)).body
  expect(
    data.map(({ currency, gross, fees, net }: Record<string, string>) => [currency, gross, fees, net]),
  ).toEqual([
    ['USD', '12.50', '0.12', '12.38'],
    ['VND', '125000', '1250', '123750'],
  ])
  const { rows } = await reportOf(gateway, shop.key, data[0].id)
  expect(rows.map(({ gross, fees, net }) => [gross, fees, net])).toEqual([['12.50', '-0.12', '12.38']])
})

test('a merchant without an account is reported and not paid', async () => {
  await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, {
    key: operatorKey,
    body: { payoutAccount: null },
  })
  await sell(gateway, shop, bank)
  const [settlement] = (await close(gateway, today)).body.data
  expect(settlement.payout).toEqual({ status: 'no_account' })
  const { body } = await gateway.call('GET', `/v1/settlements/${settlement.id}`, { key: shop.key })
  expect(body.payouts).toEqual([])
})

test('a merchant cannot have its own money sent elsewhere', async () => {
  const { status } = await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, {
    key: shop.key,
    body: { payoutAccount: { bankBin: '970436', accountNumber: '1', accountName: 'X' } },
  })
  expect(status).toBe(403)
})
