// The list of payments: newest first, by page, by every filter, while new ones keep coming.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, openBank, openShop, openTestGateway, operatorKey, pay, type Shop } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let kiosk: Shop // the same merchant at another site
const asked: { id: string; amount: string; reference: string }[] = []

beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  const body = { name: 'Quầy', sector: 'convenience', district: 'Ba Đình', address: '9 Kim Mã' }
  const site = await gateway.call('POST', '/v1/sites', { key: shop.key, body })
  kiosk = { ...shop, siteId: site.body.id }
  const bank = await openBank(gateway)
  for (let minute = 0; minute < 10; minute++) {
    gateway.clock.now = new Date(Date.UTC(2026, 10, 22, 3, minute))
    const orderId = minute < 2 ? 'HD-1' : `HD-${minute}`
    asked.push(await ask(gateway, minute % 2 ? kiosk : shop, { orderId, expiresInSeconds: 86_400 }))
  }
  await pay(gateway, bank, asked[3]!, 'list-3')
  await gateway.call('POST', `/v1/payments/${asked[4]!.id}/cancel`, { key: shop.key })
  await gateway.settled()
})
afterAll(() => gateway.stop())

const list = (query = '', key = shop.key) => gateway.call('GET', `/v1/payments${query}`, { key })
const idsOf = async (query: string) =>
  (await list(query)).body.data.map(({ id }: { id: string }) => asked.findIndex((one) => one.id === id))

test('shows each payment as reading it does, newest first', async () => {
  const { status, body } = await list()
  expect(status).toBe(200)
  expect(body.nextCursor).toBeNull()
  expect(await idsOf('')).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  for (const payment of body.data)
    expect(payment).toEqual((await gateway.call('GET', `/v1/payments/${payment.id}`, { key: shop.key })).body)
})

describe('a filter', () => {
  const filters: [string, () => string, number[]][] = [
    ['by site', () => `siteId=${kiosk.siteId}`, [9, 7, 5, 3, 1]],
    ['by status', () => 'status=paid', [3]],
    ['by another status', () => 'status=canceled', [4]],
    ['by a status that nothing has', () => 'status=refunded', []],
    ['by order, which need not be unique', () => 'orderId=HD-1', [1, 0]],
    ['from an instant on, which counts', () => 'from=2026-11-22T03:07:00Z', [9, 8, 7]],
    ['to an instant, which does not count', () => 'to=2026-11-22T03:02:00Z', [1, 0]],
    ['in another time zone', () => 'from=2026-11-22T10:08:00%2B07:00', [9, 8]],
    [
      'by several at once',
      () => `siteId=${kiosk.siteId}&status=pending&from=2026-11-22T03:02:00Z`,
      [9, 7, 5],
    ],
    ['for an order of nobody', () => 'orderId=%27%20or%20%271%27=%271', []],
  ]
  test.each(filters)('%s', async (_what, query, expected) => {
    expect(await idsOf(`?${query()}`)).toEqual(expected)
  })

  test.each([
    ['a site id of another kind', 'siteId=ter_9QZXW4F2', 'siteId'],
    ['a status nobody knows', 'status=lost', 'status'],
    ['a date without a time', 'from=2026-11-22', 'from'],
    ['a time without a zone', 'to=2026-11-22T03:00:00', 'to'],
    ['a day that does not exist', 'to=2026-02-30T03:00:00Z', 'to'],
    ['a limit of zero', 'limit=0', 'limit'],
    ['a limit beyond bounds', 'limit=201', 'limit'],
    ['half a limit', 'limit=1.5', 'limit'],
    ['a cursor that no page gave', 'cursor=garbage', 'cursor'],
    ['a parameter that nobody knows', 'sort=amount', 'sort'],
  ])('refuses %s, by the name of the parameter', async (_what, query, name) => {
    expectRefused(await list(`?${query}`), 'validation_failed', name)
  })
})

describe('pages', () => {
  test('hold every payment once, in order, also when all were made in the same millisecond', async () => {
    const crowd = await openShop(gateway)
    const made = await Promise.all(Array.from({ length: 23 }, () => ask(gateway, crowd)))
    await gateway.settled()
    const seen = await readAll(crowd.key, 5)
    expect(seen.length).toBe(23)
    expect(new Set(seen)).toEqual(new Set(made.map(({ id }) => id)))
    expect(seen).toEqual([...seen].sort().reverse())
  })

  test('show nothing twice and leave nothing out while new payments arrive between them', async () => {
    const busy = await openShop(gateway)
    const old: string[] = []
    for (let i = 0; i < 6; i++) old.unshift((await ask(gateway, busy)).id)
    await gateway.settled()
    const seen = await readAll(busy.key, 2, async () => {
      gateway.clock.now = new Date(gateway.clock.now.getTime() + 1_000)
      await ask(gateway, busy)
      await ask(gateway, busy)
      await gateway.settled()
    })
    expect(seen.length).toBe(6)
    expect(new Set(seen)).toEqual(new Set(old))
  })

  test('end with a null cursor, also when the last page is full', async () => {
    expect((await list('?limit=10')).body.nextCursor).toBeNull()
    const first = (await list('?limit=9')).body
    expect(first.data.length).toBe(9)
    const last = (await list(`?limit=9&cursor=${first.nextCursor}`)).body
    expect([last.data.length, last.nextCursor]).toEqual([1, null])
  })

  test('keep to the filter', async () => {
    const first = (await list(`?siteId=${kiosk.siteId}&limit=3`)).body
    const rest = (await list(`?siteId=${kiosk.siteId}&limit=3&cursor=${first.nextCursor}`)).body
    const seen = [...first.data, ...rest.data].map(({ id }) => asked.findIndex((one) => one.id === id))
    expect(seen).toEqual([9, 7, 5, 3, 1])
  })

  test("follow another merchant's cursor without showing what is another's", async () => {
    const { nextCursor } = (await list('?limit=1')).body
    const other = await openShop(gateway)
    expect((await list(`?cursor=${nextCursor}`, other.key)).body.data).toEqual([])
  })
})

test('the operator sees the payments of all', async () => {
  const other = await openShop(gateway)
  const { id } = await ask(gateway, other)
  await gateway.settled()
  const seen = await readAll(operatorKey, 200)
  expect(seen).toContain(id)
  expect(seen).toContain(asked[0]!.id)
})

/** Every id of the list, page after page; `between` happens after each page. */
async function readAll(key: string, limit: number, between = async () => {}): Promise<string[]> {
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await list(`?limit=${limit}${cursor}`, key)
    seen.push(...body.data.map(({ id }: { id: string }) => id))
    if (!body.nextCursor) return seen
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
    await between()
  }
}
