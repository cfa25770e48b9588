// From the registry to the sites of the gateway: which links are sure, which a person decides, and what indicators count by them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  shopSite,
  supermarket,
  type TestGateway,
} from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'
import { fileOf, upload } from '../support/registry.ts'

let gateway: TestGateway
let bank: Bank
let shop: Shop
beforeEach(async () => {
  gateway = await openTestGateway()
  bank = await openBank(gateway)
  shop = await openShop(gateway)
})
afterEach(() => gateway.stop())

const license = 'GP 01-2015'
const row = (changes: Partial<Record<'license' | 'tax' | 'sector' | 'district' | 'days', string>> = {}) =>
  [
    changes.license ?? license,
    'Siêu thị',
    changes.tax ?? supermarket.taxCode,
    changes.sector ?? 'supermarket',
    changes.district ?? 'Hoàn Kiếm',
    changes.days ?? '2015-01-01,',
  ].join(',')

/** Uploads a registry; the id of each row's establishment. */
async function registry(...rows: string[]): Promise<string[]> {
  const { body } = await upload(gateway, fileOf(...rows))
  expect(body.rejected).toEqual([])
  await gateway.settled()
  return body.changes.map(({ id }: { id: string }) => id)
}

/** A site of the shop, sold at once where it is to be active. */
async function openSite(changes: object = {}, sold = true): Promise<string> {
  const body = { ...shopSite, ...changes }
  const siteId = (await gateway.call('POST', '/v1/sites', { key: shop.key, body })).body.id
  if (sold) await pay(gateway, bank, await ask(gateway, { ...shop, siteId }), `sale at ${siteId}`)
  await gateway.settled()
  return siteId
}

async function doubtful(query = '') {
  await gateway.settled()
  return (await gateway.call('GET', `/v1/establishments/doubtful-links${query}`, { key: operatorKey })).body
}
const pairs = async () =>
  (await doubtful()).data.map(({ establishment, site, fits }: Record<string, { id: string }>) => [
    establishment!.id,
    site!.id,
    fits,
  ])

async function decide(establishmentId: string, body: object) {
  const path = `/v1/establishments/${establishmentId}/links`
  const answer = await gateway.call('POST', path, { key: operatorKey, body })
  await gateway.settled()
  return answer
}

async function modernRetail(asOf = '2026-11-22') {
  await gateway.settled()
  const { body } = await gateway.call('GET', `/v1/statistics/indicators?asOf=${asOf}`)
  return body.indicators.find(
    ({ indicator }: { indicator: string }) => indicator === 'pos-acceptance-modern-retail',
  )
}

describe('an establishment counts as accepting', () => {
  test('where a site with its license number and tax code was paid', async () => {
    await openSite({ licenseNumber: ' gp  01-2015' }) // as people type
    await registry(row(), row({ license: 'GP 02', district: 'Ba Đình' }))
    expect(await pairs()).toEqual([])
    expect(await modernRetail()).toMatchObject({ numerator: 1, denominator: 2, percent: 50, met: false })
  })

  test('not where its site was never paid, or not for 90 days', async () => {
    await openSite({ licenseNumber: license }, false)
    await openSite({ licenseNumber: 'GP 02' })
    await registry(row(), row({ license: 'GP 02' }))
    expect(await modernRetail()).toMatchObject({ numerator: 1, denominator: 2 })
    gateway.clock.now = new Date('2027-03-01T03:00:00.000Z')
    expect(await modernRetail('2027-03-01')).toMatchObject({ numerator: 0, denominator: 2 })
  })

  test('once, however many of its sites were paid', async () => {
    await openSite({ licenseNumber: license })
    await openSite({ licenseNumber: license })
    await registry(row())
    expect(await modernRetail()).toMatchObject({ numerator: 1, denominator: 1, percent: 100, met: true })
  })

  test.each([
    ['another tax code', { tax: '0107654321' }],
    ['another license number', { license: 'GP 02' }],
  ])('not by a link that is doubtful: %s', async (_what, changes) => {
    await openSite({ licenseNumber: license })
    await registry(row(changes))
    expect(await modernRetail()).toMatchObject({ numerator: 0, denominator: 1 })
  })
})

describe('what it is a share of', () => {
  test('are the establishments that are open on the day', async () => {
    await registry(
      row({ days: '2015-01-01,' }),
      row({ license: 'GP 02', days: '2018-01-01,2019-01-01' }),
      row({ license: 'GP 03', days: '2020-01-01,' }),
    )
    const denominatorOn = async (day: string) => (await modernRetail(day)).denominator
    expect(await denominatorOn('2014-12-31')).toBe(0)
    expect(await denominatorOn('2015-01-01')).toBe(1)
    expect(await denominatorOn('2018-01-01')).toBe(2)
    expect(await denominatorOn('2018-12-31')).toBe(2)
    expect(await denominatorOn('2019-01-01')).toBe(1)
    expect(await denominatorOn('2020-01-01')).toBe(2)
  })

  test('are sites while the registry has nothing, either by sector, or the registry alone, and the answer says so', async () => {
    expect(await modernRetail()).toMatchObject({ denominator: 1, denominatorSource: 'sites' })
    await registry(row({ sector: 'water' }))
    expect(await modernRetail()).toMatchObject({ denominator: 1, denominatorSource: 'sites' })
    await registry(row({ license: 'GP 02' }), row({ license: 'GP 03' }))
    expect(await modernRetail()).toMatchObject({ denominator: 2, denominatorSource: 'mixed' })
    await openSite({ sector: 'shopping-centre' }, false)
    expect(await modernRetail()).toMatchObject({ denominator: 3, denominatorSource: 'mixed' })
    await registry(
      row({ license: 'GP 04', sector: 'shopping-centre' }),
      row({ license: 'GP 05', sector: 'modern-distribution' }),
    )
    expect(await modernRetail()).toMatchObject({ denominator: 4, denominatorSource: 'registry' })
  })
})

describe('doubtful links', () => {
  test('are those of which only the license number fits', async () => {
    const siteId = await openSite({ licenseNumber: license })
    const [id] = await registry(row({ tax: '0107654321', district: 'Ba Đình' }))
    expect(await pairs()).toEqual([[id, siteId, 'licenseNumber']])
    expect((await doubtful()).data[0]).toMatchObject({
      establishment: { id, licenseNumber: license, taxCode: '0107654321' },
      site: {
        id: siteId,
        licenseNumber: license,
        taxCode: supermarket.taxCode,
        merchantName: supermarket.name,
      },
    })
  })

  test('are those of which only the tax code fits, in the same district', async () => {
    const [id, elsewhere] = await registry(row(), row({ license: 'GP 02', district: 'Ba Đình' }))
    expect(await pairs()).toEqual([[id, shop.siteId, 'taxCode']])
    const there = await openSite({ district: 'Quận Ba Đình', licenseNumber: 'GP 99' }, false)
    expect(await pairs()).toContainEqual([elsewhere, there, 'taxCode'])
  })

  test('are none of what is surely linked already', async () => {
    await openSite({ licenseNumber: license })
    await openSite({ licenseNumber: 'GP 02' })
    const [, , third] = await registry(row(), row({ license: 'GP 02' }), row({ license: 'GP 03' }))
    expect(await pairs()).toEqual([[third, shop.siteId, 'taxCode']])
  })

  test('are told page by page, each once', async () => {
    await registry(...['1', '2', '3', '4', '5'].map((n) => row({ license: n })))
    const told = []
    let query = '?limit=2'
    for (let pages = 0; pages < 3; pages++) {
      const { data, nextCursor } = await doubtful(query)
      told.push(...data.map(({ establishment }: { establishment: { id: string } }) => establishment.id))
      query = `?limit=2&cursor=${nextCursor}`
      expect(nextCursor === null).toBe(pages === 2)
    }
    expect(told).toEqual([...new Set(told)].toSorted())
    expect(told.length).toBe(5)
  })
})

describe('what a person decides', () => {
  test('makes a doubtful link sure, and a second time changes nothing', async () => {
    const siteId = await openSite({ licenseNumber: license })
    const [id] = await registry(row({ tax: '0107654321' }))
    const said = { siteId, same: true, reason: 'visited' }
    expect((await decide(id!, said)).body).toEqual({ id, siteId, same: true })
    const head = await gateway.store.head()
    expect((await decide(id!, said)).status).toBe(200)
    expect(await gateway.store.head()).toBe(head)
    expect(await pairs()).toEqual([])
    expect(await modernRetail()).toMatchObject({ numerator: 1, denominator: 1 })
  })

  test('goes before what fits, whatever a file says later, until it is decided otherwise', async () => {
    const siteId = await openSite({ licenseNumber: license })
    const [id] = await registry(row())
    await decide(id!, { siteId, same: false })
    expect(await modernRetail()).toMatchObject({ numerator: 0, denominator: 1 })
    await registry(row({ district: 'Ba Đình' }))
    expect(await modernRetail()).toMatchObject({ numerator: 0, denominator: 1 })
    await decide(id!, { siteId, same: true })
    expect(await modernRetail()).toMatchObject({ numerator: 1, denominator: 1 })
  })

  test('takes a pair that is not the same place off the list', async () => {
    const [id] = await registry(row())
    await decide(id!, { siteId: shop.siteId, same: false })
    expect(await pairs()).toEqual([])
    expect(await modernRetail()).toMatchObject({ numerator: 0 })
  })

  test.each([
    [{ siteId: 'sit_7K3MA9QZXW4F2', same: true }, '/siteId'],
    [{ siteId: 'x', same: true }, '/siteId'],
    [{ same: true }, '/siteId'],
    [{ siteId: 'sit_7K3MA9QZXW4F2', same: 'yes' }, '/same'],
  ])('%o is refused', async (body, pointer) => {
    const [id] = await registry(row())
    expectRefused(await decide(id!, body), 'validation_failed', pointer)
  })

  test('is about an establishment that there is', async () => {
    const body = { siteId: shop.siteId, same: true }
    expectRefused(await decide('est_7K3MA9QZXW4F2P8R607K3MA9QZ', body), 'not_found')
  })
})
