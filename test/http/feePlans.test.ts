// Fee plans over HTTP: set and read by operators, quoted when a payment is asked for, and frozen there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  askByCard,
  type Bank,
  eventually,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  bank = await openBank(gateway)
})
afterAll(() => gateway.stop())

const get = (path: string, key = operatorKey) => gateway.call('GET', path, { key })
const put = (owner: string, method: string, plans: unknown, options: object = {}) =>
  gateway.call('PUT', `/v1/fee-plans/${owner}/${method}`, { key: operatorKey, body: { plans }, ...options })
const plan = (changes: object = {}) => ({ effectiveFrom: '2026-11-01', rate: '0.5', ...changes })

describe('plans', () => {
  test('are set and read as they were said', async () => {
    const full = {
      effectiveFrom: '2026-11-01',
      effectiveTo: '2026-12-31',
      currency: 'USD',
      rate: '1.25',
      fixed: '0.30',
      minimum: '0.50',
      cap: '20.00',
      vatRate: '10',
      tiers: [
        { volumeFrom: '100000.00', rate: '0.9', fixed: '0.10', cap: '10.00' },
        { volumeFrom: '10000.00', rate: '1.1', fixed: '0.00' },
      ],
    }
    const answer = await put('petrol-station', 'card', [full])
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toEqual({ owner: 'petrol-station', method: 'card', plans: [full] })
    const read = await get('/v1/fee-plans/petrol-station/card')
    expect([read.body, read.headers.get('etag')]).toEqual([answer.body, '"1"'])
    expect((await get('/v1/fee-plans/petrol-station/card', shop.key)).body).toEqual(answer.body)
    expect((await get('/v1/fee-plans/petrol-station/qr')).body.plans).toEqual([])
  })

  test('the same again are nothing new; If-Match is honored', async () => {
    const set = () => put('market', 'qr', [plan()])
    expect([(await set()).headers.get('etag'), (await set()).headers.get('etag')]).toEqual(['"1"', '"1"'])
    const stale = { headers: { 'if-match': '"0"' } }
    expectRefused(await put('market', 'qr', [plan({ rate: '0.6' })], stale), 'version_differs')
  })

  test('that overlap are refused, and which do is said', async () => {
    const answer = await put('market', 'qr', [
      plan({ effectiveTo: '2026-11-30' }),
      plan({ effectiveFrom: '2026-12-01' }),
      plan({ effectiveFrom: '2026-12-31' }),
    ])
    expectRefused(answer, 'fee_plans_overlap', '/plans/2/effectiveFrom')
    expect(answer.body.errors[0].detail).toBe(
      'Plan 1 holds from 2026-12-01 to further notice, in the same currency.',
    )
  })

  test.each([
    ['a rate that is no percentage', plan({ rate: '-1' }), '/plans/0/rate'],
    ['a rate over a hundred', plan({ rate: '100' }), '/plans/0/rate'],
    ['decimals that the currency has not', plan({ fixed: '0.5' }), '/plans/0/fixed'],
    ['a cap under the minimum', plan({ minimum: '10', cap: '9' }), '/plans/0/cap'],
    ['an end before the beginning', plan({ effectiveTo: '2026-10-31' }), '/plans/0/effectiveTo'],
    ['no day', plan({ effectiveFrom: '2026-02-30' }), '/plans/0/effectiveFrom'],
    ['a field that is not known', plan({ bornBy: 'payer' }), '/plans/0/bornBy'],
    [
      'two tiers from one volume',
      plan({
        tiers: [
          { volumeFrom: '5', rate: '1' },
          { volumeFrom: '5', rate: '2' },
        ],
      }),
      '/plans/0/tiers/1/volumeFrom',
    ],
  ])('%s is refused', async (_what, wrong, pointer) => {
    expectRefused(await put('market', 'qr', [wrong]), 'validation_failed', pointer)
  })

  test('are for operators to set, and of owners and methods that there are', async () => {
    expectRefused(await put('market', 'qr', [plan()], { key: shop.key }), 'forbidden')
    for (const path of ['nobody/qr', 'market/cash', 'mer_00000/qr']) {
      expectRefused(await get(`/v1/fee-plans/${path}`), 'not_found')
      expectRefused(
        await gateway.call('PUT', `/v1/fee-plans/${path}`, { key: operatorKey, body: { plans: [] } }),
        'not_found',
      )
    }
    const other = await openShop(gateway)
    expectRefused(await get(`/v1/fee-plans/${other.merchantId}/qr`, shop.key), 'not_found')
    expect((await get(`/v1/fee-plans/${other.merchantId}/qr`, other.key)).status).toBe(200)
  })
})

describe('a payment', () => {
  test('is charged by the plan of the moment it was asked for, whatever the plan is later', async () => {
    await put(shop.merchantId, 'qr', [plan({ minimum: '1000', vatRate: '10' })])
    const payment = await ask(gateway, shop)
    expect(payment.fee).toBe('1100') // the minimum and its tax
    await put(shop.merchantId, 'qr', [plan({ rate: '2' })])
    expect((await ask(gateway, shop)).fee).toBe('2500')
    await pay(gateway, bank, payment, 't1')
    await gateway.settled()
    expect((await get(`/v1/payments/${payment.id}`, shop.key)).body).toMatchObject({
      status: 'paid',
      fee: '1100',
    })
    const { body: list } = await get('/v1/payments?status=paid', shop.key)
    expect(list.data).toMatchObject([{ id: payment.id, fee: '1100' }])
    const { body: takings } = await get('/v1/takings', shop.key)
    expect(takings.data).toMatchObject([{ gross: '125000', fees: '1100', net: '123900' }])
    const { body: owed } = await get('/v1/ledger/accounts/merchant_payable/statement', shop.key)
    expect(owed.data).toMatchObject([{ gross: '125000', fee: '-1000', vat: '-100', balance: '123900' }])
    const { body: trial } = await get('/v1/ledger/trial-balance')
    const balances = trial.accounts.filter(({ account }: { account: string }) => /^(fee|vat)/.test(account))
    expect(balances).toMatchObject([{ balance: '1000' }, { balance: '100' }])
  })

  test('by card is charged on what is captured, by the plan frozen when it was asked for', async () => {
    await put(shop.merchantId, 'card', [plan({ rate: '1', cap: '900', vatRate: '10' })])
    const held = await askByCard(gateway, shop)
    expect(held.fee).toBe('990')
    await put(shop.merchantId, 'card', [plan({ rate: '50' })])
    const { body } = await gateway.call('POST', `/v1/payments/${held.id}/capture`, {
      key: shop.key,
      body: { amount: '60000' },
    })
    expect(body).toMatchObject({ status: 'paid', fee: '660' })
    const { body: owed } = await get('/v1/ledger/accounts/merchant_payable/statement', shop.key)
    expect(owed.data.at(-1)).toMatchObject({ source: held.id, gross: '60000', fee: '-600', vat: '-60' })
  })

  test('of a merchant with volume is charged by its tier from the month after', async () => {
    const mall = await openShop(gateway)
    const tiers = [{ volumeFrom: '125000', rate: '0.1' }]
    await put(mall.merchantId, 'qr', [plan({ tiers })])
    const first = await ask(gateway, mall)
    expect(first.fee).toBe('625')
    await pay(gateway, bank, first, 't2')
    gateway.clock.now = new Date('2026-12-01T00:00:00.000Z')
    await eventually('its volume is recorded, and the tier holds', async () => {
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 5_000)
      return (await ask(gateway, mall)).fee === '125'
    })
  })
})
