// GET /v1/sites and /v1/merchants: page by page, each its own, and all of them for the operator.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShop, openTestGateway, operatorKey, type Shop, shopSite } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let other: Shop
const ids: string[] = []
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  other = await openShop(gateway)
  ids.push(shop.siteId)
  for (let count = 0; count < 4; count++)
    ids.push((await gateway.call('POST', '/v1/sites', { key: shop.key, body: shopSite })).body.id)
  await gateway.settled()
})
afterAll(() => gateway.stop())

const get = (path: string, key: string) => gateway.call('GET', path, { key })
const idsOf = (data: { id: string }[]) => data.map(({ id }) => id)

test('a merchant lists its sites, page by page, each once and as it is read alone', async () => {
  const listed = []
  let query = '?limit=2'
  for (let pages = 0; pages < 3; pages++) {
    const { status, body } = await get(`/v1/sites${query}`, shop.key)
    expect(status).toBe(200)
    listed.push(...body.data)
    query = `?limit=2&cursor=${body.nextCursor}`
    expect(body.nextCursor === null).toBe(pages === 2)
  }
  expect(idsOf(listed)).toEqual(ids.toSorted())
  expect(listed).toContainEqual((await get(`/v1/sites/${shop.siteId}`, shop.key)).body)
})

test('another merchant sees its own only, the operator all', async () => {
  expect(idsOf((await get('/v1/sites', other.key)).body.data)).toEqual([other.siteId])
  const all = await get('/v1/sites', operatorKey)
  expect(idsOf(all.body.data)).toEqual([...ids, other.siteId].toSorted())
})

test('the operator lists merchants, without a key of theirs; a merchant may not', async () => {
  const { body } = await get('/v1/merchants', operatorKey)
  expect(idsOf(body.data)).toEqual([shop.merchantId, other.merchantId].toSorted())
  expect(body.data).toContainEqual((await get(`/v1/merchants/${shop.merchantId}`, shop.key)).body)
  expect(JSON.stringify(body)).not.toContain('tn_')
  expectRefused(await get('/v1/merchants', shop.key), 'forbidden')
})

describe('a parameter that does not fit', () => {
  test.each([
    ['cursor', '?cursor=2026'],
    ['cursor', `?cursor=pay_7K3MA9QZXW4F2P8R60`],
    ['limit', '?limit=0'],
    ['limit', '?limit=201'],
  ])('%s %s', async (parameter, query) => {
    expectRefused(await get(`/v1/sites${query}`, shop.key), 'validation_failed', parameter)
  })
})
