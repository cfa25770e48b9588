// Merchants and their sites: taken on by an operator, seen by their own key, with a first key shown once.
import { afterAll, describe, expect, test } from 'vitest'
import { openShop, openTestGateway, operatorKey, shopSite, supermarket } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

const gateway = await openTestGateway()
afterAll(() => gateway.stop())

const takeOn = (changes: object = {}) =>
  gateway.call('POST', '/v1/merchants', { key: operatorKey, body: { ...supermarket, ...changes } })

describe('a merchant', () => {
  test('is taken on with an id, the facts sent, the defaults named, and a key', async () => {
    const { status, body, headers } = await takeOn()
    expect(status).toBe(201)
    expect(headers.get('etag')).toBe('"1"')
    const { id, apiKey, ...rest } = body
    expect(id).toMatch(/^mer_[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(apiKey).toMatch(/^tn_[0-9A-Z]{16}_[0-9A-Z]{32}$/)
    expect(rest).toEqual({
      ...supermarket,
      latePolicy: { mode: 'hold' },
      autoReturnOverpayments: false,
      cutOff: '24:00',
      payoutCycle: 'T+1',
      feePlan: { rate: '0', fixed: '0' },
      createdAt: '2026-11-22T03:00:00.000Z',
    })
  })

  test('reads itself with that key, which is not shown again', async () => {
    const { body: created } = await takeOn()
    const { apiKey, ...shown } = created
    const read = await gateway.call('GET', `/v1/merchants/${created.id}`, { key: apiKey })
    expect(read.status).toBe(200)
    expect(read.body).toEqual(shown)
    expect(read.text).not.toContain(apiKey)
  })

  test('is read by the operator, and by no other merchant', async () => {
    const one = await openShop(gateway)
    const other = await openShop(gateway)
    const path = `/v1/merchants/${one.merchantId}`
    expect((await gateway.call('GET', path, { key: operatorKey })).status).toBe(200)
    expectRefused(await gateway.call('GET', path, { key: other.key }), 'not_found')
    expectRefused(await gateway.call('GET', '/v1/merchants/mer_00000', { key: operatorKey }), 'not_found')
  })

  test('may have a late policy and a fee plan', async () => {
    const terms = {
      latePolicy: { mode: 'accept', graceSeconds: 600 },
      feePlan: { rate: '0.55', fixed: '500' },
    }
    expect((await takeOn(terms)).body).toMatchObject(terms)
  })

  const misfits: [string, object, string][] = [
    ['a name that is empty', { name: '' }, '/name'],
    ['a tax code of nine digits', { taxCode: '010123456' }, '/taxCode'],
    ['a sector that is not on the list', { sector: 'bank' }, '/sector'],
    [
      'an account at a bank number with letters',
      { settlementAccount: { ...supermarket.settlementAccount, bankBin: '97O422' } },
      '/settlementAccount/bankBin',
    ],
    [
      'an account number with a space',
      { settlementAccount: { ...supermarket.settlementAccount, accountNumber: '01 23' } },
      '/settlementAccount/accountNumber',
    ],
    [
      'a grace period without end',
      { latePolicy: { mode: 'accept', graceSeconds: 604_801 } },
      '/latePolicy/graceSeconds',
    ],
    ['a late policy nobody knows', { latePolicy: { mode: 'burn' } }, '/latePolicy/mode'],
    ['a negative fee', { feePlan: { rate: '-1', fixed: '0' } }, '/feePlan/rate'],
    ['a field that nobody knows', { settlementAccout: {} }, '/settlementAccout'],
  ]
  test.each(misfits)('is not taken on with %s', async (_what, changes, pointer) => {
    const head = await gateway.store.head()
    expectRefused(await takeOn(changes), 'validation_failed', pointer)
    expect(await gateway.store.head()).toBe(head)
  })
})

describe('a site', () => {
  test('belongs to the merchant whose key registers it', async () => {
    const { key, merchantId } = await openShop(gateway)
    const location = { lat: 21.0245, lng: 105.8542 }
    const body = { ...shopSite, location, licenseNumber: 'GP-2026/01' }
    const site = await gateway.call('POST', '/v1/sites', { key, body })
    expect(site.status).toBe(201)
    expect(site.body).toEqual({
      id: site.body.id,
      merchantId,
      ...body,
      createdAt: '2026-11-22T03:00:00.000Z',
    })
    expect(site.body.id).toMatch(new RegExp(`^sit_${merchantId.slice(4)}[0-9A-HJKMNP-TV-Z]{8}$`))
    const read = await gateway.call('GET', `/v1/sites/${site.body.id}`, { key })
    expect(read.body).toEqual(site.body)
  })

  test('is hidden from another merchant', async () => {
    const { siteId } = await openShop(gateway)
    const other = await openShop(gateway)
    expectRefused(await gateway.call('GET', `/v1/sites/${siteId}`, { key: other.key }), 'not_found')
    expect((await gateway.call('GET', `/v1/sites/${siteId}`, { key: operatorKey })).status).toBe(200)
  })

  test.each([
    ['a latitude north of the pole', { location: { lat: 90.5, lng: 105 } }, '/location/lat'],
    ['half a location', { location: { lat: 21 } }, '/location/lng'],
    ['a location in text', { location: { lat: '21', lng: 105 } }, '/location/lat'],
    ['no address', { address: undefined }, '/address'],
  ])('is refused with %s', async (_what, changes, pointer) => {
    const { key } = await openShop(gateway)
    const answer = await gateway.call('POST', '/v1/sites', { key, body: { ...shopSite, ...changes } })
    expectRefused(answer, 'validation_failed', pointer)
  })
})

test.each(['0101234567', '0101234567-001', '0101234567001', '001085012345'])(
  'the tax code %s is taken',
  async (taxCode) => {
    const body = { ...supermarket, taxCode }
    expect((await gateway.call('POST', '/v1/merchants', { key: operatorKey, body })).status).toBe(201)
  },
)
