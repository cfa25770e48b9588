// The report of a period: a merchant's own lines between two business dates, which add up as its settlements do.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { at, chargeWithTax, close, sell, sumOf } from '../support/settlement.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  await chargeWithTax(gateway, shop)
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const get = (query: string, key = shop.key) =>
  gateway.call('GET', `/v1/reports/payments.csv?${query}`, { key })

async function linesOf(query: string) {
  const { text } = await get(query)
  const [head = '', ...rest] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const names = head.split(',')
  return rest.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index]!, cell])))
}

test('has its schema, its positions and a line for each event, formulas made harmless', async () => {
  const payment = await sell(gateway, shop, bank, { orderId: '@SUM(A1)' })
  const { status, headers, text } = await get('from=2026-11-22&to=2026-11-22')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(headers.get('content-disposition')).toBe('attachment; filename="payments-2026-11-22-2026-11-22.csv"')
  const lines = text.split('\n')
  expect(lines.slice(0, 6)).toEqual([
    '# schema: thungan.payments-report.v1',
    `# merchantId: ${shop.merchantId}`,
    '# from: 2026-11-22',
    '# to: 2026-11-22',
    '# currency: VND',
    '# fromPosition: start',
  ])
  expect(lines[6]).toMatch(/^# toPosition: \d+$/)
  const at = '2026-11-22T03:00:00.000Z'
  expect(lines.slice(7)).toEqual([
    'line,kind,paymentId,reference,orderId,occurredAt,recordedAt,gross,refunds,chargebacks,fees,vat,reserve,net',
    `1,payment,${payment.id},,'@SUM(A1),${at},${at},125000,0,0,-1250,-125,0,123625`,
    '',
  ])
})

test('adds up as the settlements of its dates do, at the cut-off of the merchant', async () => {
  const settings = { cutOff: '16:00' }
  await gateway.call('POST', `/v1/merchants/${shop.merchantId}/settings`, { key: shop.key, body: settings })
  await sell(gateway, shop, bank)
  for (const [instant, amount] of [
    ['2026-11-23T08:59:00Z', '75000'],
    ['2026-11-23T09:00:00Z', '1000'],
    ['2026-11-24T08:00:00Z', '2000'],
  ] as const) {
    at(gateway, instant)
    await sell(gateway, shop, bank, { amount })
  }
  at(gateway, '2026-11-25T17:00:30Z')
  await close(gateway, '2026-11-25')
  const { data } = (await gateway.call('GET', '/v1/settlements', { key: shop.key })).body
  expect(data).toHaveLength(3)
  for (const { businessDate, net } of data)
    expect(sumOf(await linesOf(`from=${businessDate}&to=${businessDate}`), 'net')).toBe(BigInt(net))
  const all = data.reduce((sum: bigint, { net }: { net: string }) => sum + BigInt(net), 0n)
  expect(sumOf(await linesOf('from=2026-11-22&to=2026-11-24'), 'net')).toBe(all)
  expect((await linesOf('from=2026-11-23&to=2026-11-24')).map(({ gross }) => gross)).toEqual([
    '75000',
    '1000',
    '2000',
  ])
  expect(await linesOf('from=2026-11-25&to=2027-01-01')).toEqual([])
})

test('has one currency, and numbers its lines', async () => {
  for (let n = 1; n <= 3; n++) await sell(gateway, shop, bank, { amount: `${n}000` })
  expect((await linesOf('from=2026-11-22&to=2026-11-22')).map(({ line }) => line)).toEqual(['1', '2', '3'])
  expect(await linesOf('from=2026-11-22&to=2026-11-22&currency=USD')).toEqual([])
})

describe('is refused', () => {
  test.each([
    ['from=2026-11-22&to=2026-11-21', 'to'],
    ['from=2025-11-22&to=2026-11-23', 'to'],
    ['from=2026-11-22', 'to'],
    ['from=x&to=2026-11-22', 'from'],
    ['from=2026-11-22&to=2026-11-22&currency=XXX', 'currency'],
  ])('%s', async (query, pointer) => {
    expect((await get(query)).body).toMatchObject({ code: 'validation_failed', errors: [{ pointer }] })
  })

  test('for a year and no day more', async () => {
    expect((await get('from=2025-11-22&to=2026-11-22')).status).toBe(200)
  })

  test('to others, and to an operator that names nobody', async () => {
    const period = 'from=2026-11-22&to=2026-11-22'
    const other = await openShop(gateway)
    expect((await get(`${period}&merchantId=${shop.merchantId}`, other.key)).body.code).toBe('not_found')
    expect((await get(period, operatorKey)).body).toMatchObject({ errors: [{ pointer: 'merchantId' }] })
    expect((await get(`${period}&merchantId=mer_ZZZZZ`, operatorKey)).body.code).toBe('not_found')
    expect((await get(`${period}&merchantId=${shop.merchantId}`, operatorKey)).status).toBe(200)
  })
})
