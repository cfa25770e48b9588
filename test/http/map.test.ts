// The shopping map over HTTP: only places that are really paid without cash, found by filter, in pages, and nothing of what they take.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, openTestGateway, operatorKey, supermarket } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'
import { type CitySite, makeSmallCity } from '../support/smallCity.ts'

type Gateway = Awaited<ReturnType<typeof openTestGateway>>
type Feature = {
  id: string
  geometry: { coordinates: [number, number] }
  properties: { name: string; sector: string; district: string; methods: string[] }
}

let gateway: Gateway
let city: readonly CitySite[]
let key: string

const location = { lat: 21.0285, lng: 105.8542 }
const openSite = async (body: object): Promise<string> =>
  (await gateway.call('POST', '/v1/sites', { key, body })).body.id

beforeAll(async () => {
  gateway = await openTestGateway({
    mapTiles: { url: 'https://tile.example/{z}/{x}/{y}.png', attribution: '© <b>Somebody</b>' },
  })
  city = await makeSmallCity(gateway)
  key = (await gateway.call('POST', '/v1/merchants', { key: operatorKey, body: supermarket })).body.apiKey
  const site = { name: 'Ở đâu đó', sector: 'supermarket', district: 'Hoàn Kiếm', address: '1 Tràng Tiền' }
  const nowhere = await openSite(site)
  const elsewhere = {
    ...site,
    name: 'Chợ <Đồng Xuân>',
    sector: 'market',
    district: 'q. hoan kiem cũ',
    location,
  }
  const spelled = { ...site, name: 'Ă máy bán nước', sector: 'vending', district: 'Quận Hoàn Kiếm', location }
  for (const siteId of [nowhere, await openSite(elsewhere), await openSite(spelled)])
    await ask(gateway, { key, siteId, merchantId: '' }, { method: 'card', card: { token: 'tok_approve' } })
  await gateway.settled()
})
afterAll(() => gateway.stop())

const get = async (query = '', from: Gateway = gateway) => from.call('GET', `/v1/map.geojson${query}`)
const found = async (query = '', from: Gateway = gateway): Promise<Feature[]> =>
  (await get(query, from)).body.features
const namesOf = (features: Feature[]) => features.map(({ properties }) => properties.name)

test('every site with a location that was paid lately is on it, and no other', async () => {
  const selling = city.filter(({ sells }) => sells).map(({ name }) => name)
  expect(selling.length).toBe(16)
  const names = namesOf(await found())
  expect(names.toSorted()).toEqual([...selling, 'Chợ <Đồng Xuân>', 'Ă máy bán nước'].toSorted())
})

test('it can be asked about a day of the past, also as a page that keeps the day', async () => {
  const on = async (asOf: string) => namesOf(await found(`?limit=100&asOf=${asOf}`))
  expect(await on('2026-11-22')).toEqual(namesOf(await found('?limit=100')))
  expect(await on('2020-01-01')).toEqual([])
  expectRefused(await get('?asOf=2026-11-23'), 'validation_failed', 'asOf')
  const { status, text } = await gateway.call('GET', '/map?lang=en&asOf=2020-01-01&sector=market')
  expect(status).toBe(200)
  for (const part of ['up to January 1, 2020', 'name="asOf" value="2020-01-01"', 'asOf=2020-01-01&amp;'])
    expect(text).toContain(part)
})

test('it is GeoJSON: longitude first', async () => {
  const { headers, body } = await get('?sector=market')
  expect(headers.get('content-type')).toBe('application/geo+json')
  expect(body).toEqual({
    type: 'FeatureCollection',
    asOf: '2026-11-22',
    disclosure: { control: 'off', applied: false },
    features: [
      {
        type: 'Feature',
        id: body.features[0].id,
        geometry: { type: 'Point', coordinates: [105.8542, 21.0285] },
        properties: {
          name: 'Chợ <Đồng Xuân>',
          sector: 'market',
          district: 'q. hoan kiem cũ',
          address: '1 Tràng Tiền',
          methods: ['card'],
        },
      },
    ],
    nextCursor: null,
  })
})

test('filters narrow it: sector, district however it is written, method', async () => {
  const vending = await found('?sector=vending')
  expect(vending.length).toBe(3)
  expect(vending.every(({ properties }) => properties.sector === 'vending')).toBe(true)
  const atLake = namesOf(await found(`?district=${encodeURIComponent('Hoàn Kiếm')}`))
  expect(atLake).toEqual(['Cửa hàng 1', 'Cửa hàng 8', 'Ă máy bán nước'])
  expect(namesOf(await found('?district=quan%20hoan%20kiem'))).toEqual(atLake)
  expect(namesOf(await found(`?district=${encodeURIComponent('q. hoan kiem cũ')}`))).toEqual([
    'Chợ <Đồng Xuân>',
  ])
  const [byCard, byQr] = [await found('?method=card'), await found('?method=qr')]
  expect(byCard.length).toBe(8)
  expect(byQr.length).toBe(10)
  expect(byQr.every(({ properties }) => properties.methods.includes('qr'))).toBe(true)
  expect(await found('?sector=market&method=qr')).toEqual([])
})

test('pages come to every place once', async () => {
  const names: string[] = []
  let cursor: string | null = null
  do {
    const { body } = await get(`?limit=5${cursor === null ? '' : `&cursor=${cursor}`}`)
    expect(body.features.length).toBeLessThanOrEqual(5)
    names.push(...namesOf(body.features))
    cursor = body.nextCursor
  } while (cursor !== null)
  expect(names).toEqual(namesOf(await found()))
})

test('it is bounded, and refuses what it does not know', async () => {
  expectRefused(await get('?limit=1001'), 'validation_failed', 'limit')
  expectRefused(await get('?sector=casino'), 'validation_failed', 'sector')
  expectRefused(await get('?method=cash'), 'validation_failed', 'method')
  expectRefused(await get('?cursor=1'), 'validation_failed', 'cursor')
  expectRefused(await get('?openNow=1'), 'validation_failed', 'openNow')
})

test('it says nothing of merchants’ money', async () => {
  const { text } = await get()
  expect(text).not.toMatch(/mer_|amount|count|value|gross|currency|taxCode|account/i)
})

test('a place that was last paid more than 90 days ago is not on it', async () => {
  const late = await openTestGateway()
  await makeSmallCity(late, 3)
  for (const [day, places] of [
    ['2026-11-22', 3],
    ['2027-02-19', 3],
    ['2027-02-20', 0],
  ] as const) {
    late.clock.now = new Date(`${day}T03:00:00.000Z`)
    expect((await found('', late)).length, day).toBe(places)
  }
  await late.stop()
})

describe('the page', () => {
  const page = (query = '') => gateway.call('GET', `/map?lang=en${query}`)

  test('lists them by name in pages, with filters that stay chosen', async () => {
    const { status, text } = await page('&sector=vending&method=card')
    expect(status).toBe(200)
    expect([...text.matchAll(/<li class="place"/g)].length).toBe(
      (await found('?sector=vending&method=card')).length,
    )
    expect(text).toContain('<option value="vending" selected>')
    expect(text).toContain('<option value="card" selected>')
    expect(text).toContain('href="/v1/map.geojson?sector=vending&amp;method=card&amp;limit=1000"')
    expect(text).toContain('Opening hours are not in the data')
    expect((await page('&district=Ba+V%C3%AC')).text).toContain('There is no such place.')
  })

  test('leads to the next page and back', async () => {
    const many = await openTestGateway()
    await makeSmallCity(many, 70)
    const first = await many.call('GET', '/map?lang=vi')
    expect([...first.text.matchAll(/<li class="place"/g)].length).toBe(50)
    const [, next] = /href="(\/map\?[^"]*cursor=[^"]*)"/.exec(first.text)!
    const second = await many.call('GET', next!.replaceAll('&amp;', '&'))
    expect([...second.text.matchAll(/<li class="place"/g)].length).toBe(6)
    expect(second.text).toContain('Về trang đầu')
    expect(second.text).not.toContain('Xem tiếp')
    await many.stop()
  })

  test('escapes what merchants wrote and what was configured', async () => {
    const { text } = await page()
    expect(text).toContain('<h3>Chợ &lt;Đồng Xuân&gt;</h3>')
    expect(text).toContain('data-attribution="© &lt;b&gt;Somebody&lt;/b&gt;"')
  })

  test('lets in pictures of the tiles’ host, and no other page does', async () => {
    const policyOf = async (path: string) =>
      (await gateway.call('GET', path)).headers.get('content-security-policy')!
    expect(await policyOf('/map')).toContain("img-src 'self' data: https://tile.example;")
    expect(await policyOf('/map')).toContain("script-src 'self'; style-src 'self';")
    expect(await policyOf('/statistics')).toContain("img-src 'self' data:;")
  })

  test('says what is wrong with its address', async () => {
    const { status, text } = await page('&sector=casino')
    expect(status).toBe(422)
    expect(text).toContain('role="alert"')
  })

  test('draws with the library’s own files, and gives no other', async () => {
    const script = await gateway.call('GET', '/map/assets/leaflet.js')
    expect(script.status).toBe(200)
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect((await gateway.call('GET', '/map/assets/leaflet.css')).status).toBe(200)
    expect((await gateway.call('GET', '/map/assets/package.json')).status).toBe(404)
    expect((await gateway.call('GET', '/map/assets/constructor')).status).toBe(404)
  })
})

test('where disclosure control is on, counting places teaches no more than the tables of acceptance', async () => {
  const guarded = await openTestGateway({ disclosure: 'on' })
  const own = await makeSmallCity(guarded, 84)
  guarded.clock.now = new Date('2026-11-24T03:00:00.000Z')
  const { body } = await guarded.call('GET', '/v1/statistics/acceptance')
  const open = body.data.filter(({ suppressed }: { suppressed: boolean }) => !suppressed)
  const shown = await found('?limit=1000', guarded)
  const cellOf = ({ sector, district }: { sector: string; district: string }) => `${sector} ${district}`
  const counts = Map.groupBy(shown, ({ properties }) => cellOf(properties))
  expect(shown.length).toBeLessThan(own.filter(({ sells }) => sells).length)
  for (const cell of body.data)
    expect(counts.get(cellOf(cell))?.length ?? 0, cellOf(cell)).toBe(cell.suppressed ? 0 : cell.active)
  expect(open.length).toBe([...counts.keys()].length)
  const all = await guarded.call('GET', '/v1/map.geojson?limit=1000', { key: operatorKey })
  expect(all.body.features.length).toBe(own.filter(({ sells }) => sells).length)
  expect(all.body.disclosure.applied).toBe(false)
  expectRefused(await get('?asOf=2026-09-15', guarded), 'not_published', 'asOf')
  expect((await get('?asOf=2026-09-30', guarded)).body.asOf).toBe('2026-09-30')
  await guarded.stop()
})
