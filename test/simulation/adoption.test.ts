// A city by chance: indicators and doubtful links against a count made straight from what was registered, sold and decided.
import { describe, expect, test } from 'vitest'
import { ask, openBank, openShop, openTestGateway, operatorKey, pay, shopSite } from '../support/gateway.ts'
import { fileOf, upload } from '../support/registry.ts'
import { type Random, seeded } from './random.ts'

type Gateway = Awaited<ReturnType<typeof openTestGateway>>
type Place = { id: string; license: string; tax: string; district: string }
type Establishment = Place & { open: boolean }
type Site = Place & { paid: boolean }
type City = {
  establishments: readonly Establishment[]
  sites: readonly Site[]
  decided: ReadonlyMap<string, boolean>
}

const taxCodes = ['0101234567', '0107654321', '0109999999']
const districts = ['Hoàn Kiếm', 'Ba Đình']
const key = operatorKey

const pairOf = (one: Place, site: Place): string => `${one.id}.${site.id}`

const isSure = ({ decided }: City, one: Place, site: Place): boolean =>
  decided.get(pairOf(one, site)) ?? (one.license === site.license && one.tax === site.tax)

/** The open ones with a site that was paid, among the open ones. */
function counted(city: City): [number, number] {
  const open = city.establishments.filter((one) => one.open)
  const active = open.filter((one) => city.sites.some((site) => site.paid && isSure(city, one, site)))
  return [active.length, open.length]
}

function doubted(city: City): string[] {
  const free = (one?: Place, site?: Place): boolean =>
    !city.establishments.some((a) => city.sites.some((b) => (a === one || b === site) && isSure(city, a, b)))
  return city.establishments
    .flatMap((one) =>
      city.sites
        .filter((site) => !city.decided.has(pairOf(one, site)))
        .filter((site) => {
          if (one.license === site.license) return one.tax !== site.tax
          return one.tax === site.tax && one.district === site.district && free(one, site)
        })
        .map((site) => pairOf(one, site)),
    )
    .toSorted()
}

const tick = ({ clock }: Gateway) => {
  clock.now = new Date(clock.now.getTime() + 1_000)
}

async function build(gateway: Gateway, random: Random): Promise<City> {
  const bank = await openBank(gateway)
  const place = () => ({
    license: `GP${random.below(20)}`,
    tax: random.pick(taxCodes),
    district: random.pick(districts),
  })
  const shops = await Promise.all(taxCodes.map((taxCode) => openShop(gateway, { taxCode })))
  const own = shops.map(({ siteId }, at) => ({
    id: siteId,
    license: '',
    tax: taxCodes[at]!,
    district: 'Hoàn Kiếm',
  }))
  const sites: Site[] = own.map((site) => ({ ...site, paid: false }))
  for (let n = 0; n < 20; n++) {
    const { license, tax, district } = place()
    const shop = shops[taxCodes.indexOf(tax)]!
    const body = { ...shopSite, licenseNumber: license, district: `Quận ${district}` }
    const { id } = (await gateway.call('POST', '/v1/sites', { key: shop.key, body })).body
    const paid = random.oneIn(2)
    tick(gateway)
    if (paid) await pay(gateway, bank, await ask(gateway, { ...shop, siteId: id }), `sale ${n}`)
    sites.push({ id, license, tax, district, paid })
  }
  const rows = [...new Map(Array.from({ length: 25 }, place).map((one) => [one.license, one])).values()]
  const planned = rows.map((row) => ({ ...row, open: !random.oneIn(4) }))
  const lines = planned.map(
    ({ license, tax, district, open }) =>
      `${license},Siêu thị,${tax},supermarket,${district},2015-01-01,${open ? '' : '2020-01-01'}`,
  )
  tick(gateway)
  const { changes } = (await upload(gateway, fileOf(...lines))).body
  const establishments = planned.map((one, at) => ({ ...one, id: changes[at].id as string }))
  const decided = new Map<string, boolean>()
  for (let n = 0; n < 12; n++) {
    const [one, site, same] = [random.pick(establishments), random.pick(sites), random.oneIn(2)]
    const body = { siteId: site.id, same }
    tick(gateway)
    await gateway.call('POST', `/v1/establishments/${one.id}/links`, { key, body })
    decided.set(pairOf(one, site), same)
  }
  await gateway.settled()
  return { establishments, sites, decided }
}

describe.each([1, 2, 3, 4, 5, 6])('city %i', (seed) => {
  test('is counted as it is, and what is doubtful is listed once', async () => {
    const gateway = await openTestGateway()
    const city = await build(gateway, seeded(seed))
    const { indicators } = (await gateway.call('GET', '/v1/statistics/indicators')).body
    const listed: string[] = []
    let query = '?limit=3'
    for (let pages = 0; pages < 200 && query !== ''; pages++) {
      const { body } = await gateway.call('GET', `/v1/establishments/doubtful-links${query}`, { key })
      listed.push(
        ...body.data.map(({ establishment, site }: { establishment: Place; site: Place }) =>
          pairOf(establishment, site),
        ),
      )
      query = body.nextCursor === null ? '' : `?limit=3&cursor=${body.nextCursor}`
    }
    await gateway.stop()
    const [numerator, denominator] = counted(city)
    expect(numerator).toBeGreaterThan(0)
    expect(indicators[0]).toMatchObject({ indicator: 'pos-acceptance-modern-retail', numerator, denominator })
    expect(doubted(city).length).toBeGreaterThan(0)
    expect(listed).toEqual(doubted(city))
  })

  test('had after each change the share that is told of that instant', async () => {
    const gateway = await openTestGateway()
    await build(gateway, seeded(seed))
    tick(gateway)
    const path = '/v1/statistics/indicators'
    const { data } = (await gateway.call('GET', `${path}/pos-acceptance-modern-retail/revisions`)).body
    const of2017 = data.filter(({ year }: { year: number }) => year === 2017)
    expect(of2017.length).toBeGreaterThan(8)
    const byInstant = new Map<string, object>(
      of2017.map((revision: { knownAt: string }) => [revision.knownAt, revision]),
    )
    for (const [knownAt, { year: _, ...revision }] of byInstant as Map<string, { year: number }>) {
      const { body } = await gateway.call('GET', `${path}?knownAt=${knownAt}`)
      const { position, ...figure } = revision as typeof revision & { position: string }
      expect({ ...body.indicators[0], knownAt }).toMatchObject(figure)
      expect(body.position >= position).toBe(true)
    }
    const now = (await gateway.call('GET', path)).body.indicators[0]
    const { numerator, denominator } = of2017.at(-1)
    expect(now).toMatchObject({ numerator, denominator })
    await gateway.stop()
  })
})
