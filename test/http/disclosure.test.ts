// Disclosure control over HTTP: the public gets published months with cells suppressed, an attack on all of them finds nothing, the regulator sees everything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type City, makeCity } from '../simulation/generatedCity.ts'
import { bounded, boundedByBands, solved } from '../support/attack.ts'
import { openShop, openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let city: City
let regulator: string

const month = '2026-08'
const wholeMonth = `from=${month}-01&to=${month}-31`

beforeAll(async () => {
  gateway = await openTestGateway({ disclosure: 'on' })
  gateway.clock.now = new Date('2026-09-05T05:00:00.000Z') // before August is published, its events were recorded
  city = await makeCity(gateway.store, 21, { sites: 45, payments: 3_000 })
  const body = { role: 'regulator', name: 'Sở Công Thương' }
  regulator = (await gateway.call('POST', '/v1/keys', { key: operatorKey, body })).body.apiKey
  gateway.clock.now = new Date('2026-11-25T05:00:00.000Z')
  await gateway.settled()
})
afterAll(() => gateway.stop())

const get = (path: string, key?: string) =>
  gateway.call('GET', `/v1/statistics/${path}`, key === undefined ? {} : { key })

type Row = Record<string, string> & { count: number | null; value: string | null; suppressed?: boolean }
const dimensions = ['sector', 'district', 'method']
const views = [
  [],
  ['sector'],
  ['district'],
  ['method'],
  ['sector', 'district'],
  ['sector', 'method'],
  ['district', 'method'],
  dimensions,
]
const nameOf = (row: Record<string, unknown>, view: string[]) =>
  view.map((name) => `${name}=${row[name]}`).join(';')

/** Everything that is published of a month's payments: cells by name, and the sums that anybody can make of them. */
async function allTables(key?: string) {
  const tables = await Promise.all(
    views.map(async (view) => {
      const query = key === undefined ? wholeMonth : `${wholeMonth}&interval=month`
      const { body } = await get(`payments?${query}${view.length > 0 ? `&by=${view}` : ''}`, key)
      return { view, rows: body.data as Row[] }
    }),
  )
  const sums = tables.flatMap(({ view, rows }) =>
    view.flatMap((name) => {
      const rest = view.filter((other) => other !== name)
      return [...Map.groupBy(rows, (row) => nameOf(row, rest))].map(([parent, children]) => ({
        parent,
        children: children.map((row) => nameOf(row, view)),
      }))
    }),
  )
  const cells = new Map(
    tables.flatMap(({ view, rows }) => rows.map((row) => [nameOf(row, view), row] as const)),
  )
  const bands = await openBands(key)
  for (const { method } of tables[3]!.rows)
    sums.push({
      parent: `method=${method}`,
      children: [...bands.keys()].filter((name) => name.endsWith(`method=${method}`)),
    })
  return { sums, cells: new Map([...cells, ...bands]) }
}

/** The bands of the open data, by method. */
async function openBands(key?: string): Promise<Map<string, Row>> {
  const { body } = await get(`tables/open-data?period=${month}`, key)
  const found = new Map<string, Row>()
  for (const row of body.data) {
    if (row.bandFrom === null) continue
    const name = nameOf(row, ['bandFrom', 'method'])
    const sum = (measure: 'count' | 'value') =>
      row[measure] === null ? null : String(Number(row[measure]) + Number(found.get(name)?.[measure] ?? 0))
    found.set(name, { ...row, count: sum('count'), value: sum('value') })
  }
  return found
}

const bandIn = ({ bandFrom, bandBelow }: Row) =>
  bandFrom === undefined ? undefined : { from: BigInt(bandFrom), below: BigInt(bandBelow!) }

const published = (cells: ReadonlyMap<string, Row>, measure: 'count' | 'value') =>
  new Map([...cells].map(([name, row]) => [name, row[measure] === null ? undefined : BigInt(row[measure]!)]))

describe('the public', () => {
  test('cannot reconstruct a suppressed cell from all tables and totals together', async () => {
    const { sums, cells } = await allTables()
    const truth = (await allTables(regulator)).cells
    for (const name of truth.keys()) expect(cells.has(name), name).toBe(true) // marked, not omitted
    const hidden = [...cells.values()].filter(({ suppressed }) => suppressed)
    expect(hidden.length).toBeGreaterThan(10)
    expect(hidden.length).toBeLessThan(cells.size - 10)
    for (const measure of ['count', 'value'] as const) {
      const shown = published(cells, measure)
      expect([...solved(sums, shown)]).toEqual([])
    }
    const [counts, values] = boundedByBands(
      sums,
      published(cells, 'count'),
      published(cells, 'value'),
      (name) => bandIn(cells.get(name)!),
      (name) => (/sector|district/.test(name) ? 0n : 1n),
    )
    for (const [measure, ranges] of [
      ['count', counts],
      ['value', values],
    ] as const)
      for (const [name, [lo, hi]] of ranges) {
        const real = BigInt(truth.get(name)?.[measure] ?? 0)
        expect(lo < hi && lo <= real && real <= hi, name).toBe(true)
      }
    for (const [name, row] of cells)
      if (!row.suppressed) expect(row.value).toBe(truth.get(name)?.value ?? '0')
    expect([...cells.keys()].filter((name) => name.startsWith('bandFrom')).length).toBeGreaterThan(8)
  })

  test('would reconstruct cells if only those with few merchants were left out', async () => {
    const { sums, cells } = await allTables()
    const truth = (await allTables(regulator)).cells
    const merchants = merchantsByCell()
    const naive = new Map(
      [...cells.keys()].map((name) => [
        name,
        (merchants.get(name)?.size ?? 0) < 3 ? undefined : BigInt(truth.get(name)!.value!),
      ]),
    )
    expect(solved(sums, naive).size).toBeGreaterThan(0)
  })

  test('sees no cell of fewer than three merchants', async () => {
    const { cells } = await allTables()
    const merchants = merchantsByCell()
    for (const [name, row] of cells)
      if (!name.startsWith('bandFrom') && (merchants.get(name)?.size ?? 0) < 3 && row.count !== 0)
        expect(row.suppressed, name).toBe(true)
  })

  test('gets a row for each sector and district with a site, by each method: which rows there are tells nothing', async () => {
    const open = city.sites.filter(({ registeredOn }) => registeredOn <= '2026-08-31')
    const rows: Row[] = (await get(`payments?${wholeMonth}&by=sector,district,method`)).body.data
    const methods = new Set(rows.map(({ method }) => method))
    const places = new Set(open.map(({ sector, district }) => `${sector} ${district}`))
    expect(rows.length).toBe(places.size * methods.size)
  })

  test('is told of it in every answer, also in CSV', async () => {
    const { body } = await get(`payments?${wholeMonth}`)
    expect(body.disclosure).toEqual({
      control: 'on',
      applied: true,
      minimumContributors: 3,
      dominancePercent: 10,
    })
    const answer = await gateway.call('GET', `/v1/statistics/payments?${wholeMonth}&by=sector,district`, {
      headers: { accept: 'text/csv' },
    })
    expect(answer.text.split('\r\n')[0]).toBe('period,sector,district,count,value,currency,suppressed')
    expect(answer.text).toMatch(/2026-08,[^,]+,[^,]+,,,VND,true\r\n/)
  })

  test('gets the last published month when it names none, for ever as it was published', async () => {
    expect((await get('payments')).body).toMatchObject({
      from: '2026-10-01',
      to: '2026-10-31',
      interval: 'month',
    })
    const before = (await get(`payments?${wholeMonth}&by=sector`)).text
    const late = { amount: '1000', currency: 'VND' }
    const { siteId } = city.payments[0]!
    const { merchantId } = city.sites.find(({ id }) => id === siteId)!
    const paid = { merchantId, siteId, method: 'qr', amount: late, fee: late, paidAt: '2026-08-05T05:00:00Z' }
    await gateway.store.append('payment-late', 0, [
      { type: 'PaymentPaid', data: paid, id: 'late', metadata: {} },
    ])
    await gateway.settled()
    expect((await get(`payments?${wholeMonth}&by=sector`)).text).toBe(before)
  })

  test('gets empty figures of months in which nothing had been recorded yet, and a page that shows them', async () => {
    expect((await get('acceptance?asOf=1990-12-31')).body).toMatchObject({ position: '', data: [] })
    expect((await get('transactions?month=1990-12')).body).toMatchObject({ position: '', currencies: [] })
    expect((await gateway.call('GET', '/statistics?asOf=2026-03-31')).status).toBe(200)
  })

  const refused: [string, string][] = [
    ['payments?interval=day', 'interval'],
    ['payments?interval=year', 'interval'],
    ['payments?from=2026-08-02&to=2026-08-31', 'from'],
    ['payments?from=2026-08-01&to=2026-08-30', 'to'],
    ['payments?from=2026-11-01&to=2026-11-30', 'to'],
    ['payments?from=2020-01-01&to=2026-08-31', 'from'],
    [`payments?${wholeMonth}&knownAt=2026-11-01T00:00:00Z`, 'knownAt'],
    ['acceptance?asOf=2026-08-30', 'asOf'],
    ['indicators?asOf=2026-08-30', 'asOf'],
    ['indicators?knownAt=2026-11-01T00:00:00Z', 'knownAt'],
    ['figures?asOf=2026-11-30', 'asOf'],
    ['transactions?month=2026-11', 'month'],
    ['cohorts?asOf=2026-08-01', 'asOf'],
  ]
  test.each(refused)('cannot ask for %s, from which differences could be made', async (path, pointer) => {
    expectRefused(await get(path), 'not_published', pointer)
  })

  test('cannot see revisions, which are differences', async () => {
    expectRefused(await get('indicators/pos-acceptance-modern-retail/revisions'), 'not_published')
    expect((await get('indicators/pos-acceptance-modern-retail/revisions', regulator)).status).toBe(200)
  })

  test('sees no time to settlement, which is counted from the payments of one day', async () => {
    const figures = async (key?: string) =>
      (await get('figures?asOf=2026-08-31', key)).body.figures.filter(({ unit }: Row) => unit === 'hours')
    const hidden = { numerator: null, denominator: null, value: null, suppressed: true }
    expect(await figures()).toMatchObject([hidden, hidden])
    expect(await figures(regulator)).toMatchObject([{ denominator: 0 }, { denominator: 0 }])
  })

  test('learns nothing from two dates: of all answers that it gets to any day, no two are about the same payments', async () => {
    const days = Array.from({ length: 31 }, (_, n) => `2026-08-${String(n + 1).padStart(2, '0')}`)
    const shown: string[] = []
    for (const from of days.filter((_, n) => n % 6 === 0))
      for (const to of [...days.filter((day) => day >= from), '2026-09-30']) {
        const answer = await get(`payments?from=${from}&to=${to}&by=sector`)
        if (answer.status === 200) shown.push(`${from} ${to}`)
        else expectRefused(answer, 'not_published')
      }
    expect(shown).toEqual(['2026-08-01 2026-08-31', '2026-08-01 2026-09-30'])
    const each = async (query: string): Promise<Row[]> => (await get(`payments?${query}&by=sector`)).body.data
    const both = await each('from=2026-08-01&to=2026-09-30')
    const september = await each('from=2026-09-01&to=2026-09-30')
    expect(both).toEqual([...(await each(wholeMonth)), ...september]) // the same cells, and no sum over both
    for (const path of ['acceptance', 'figures', 'indicators', 'cohorts'])
      for (const day of days.slice(0, -1)) expectRefused(await get(`${path}?asOf=${day}`), 'not_published')
  })

  test('sees acceptance by the same rule: no active site of one or two merchants, and no sum that gives it away', async () => {
    const { body } = await get('acceptance?asOf=2026-08-31')
    const exact = (await get('acceptance?asOf=2026-08-31', regulator)).body.data
    const hidden = body.data.filter(({ suppressed }: Row) => suppressed)
    expect(hidden.length).toBeGreaterThan(0)
    for (const [index, cell] of body.data.entries()) {
      const { sector, district, registered, active } = exact[index]
      expect(cell).toMatchObject({ sector, district, registered })
      if (!cell.suppressed) expect(cell.active).toBe(active)
      const own = city.sites.filter((site) => site.sector === sector && site.district === district)
      const open = own.filter(({ registeredOn }) => registeredOn <= '2026-08-31')
      if (new Set(open.map(({ merchantId }) => merchantId)).size < 3) expect(cell.active).toBe(null)
    }
    const { figures } = (await get('figures?asOf=2026-08-31')).body
    const total = figures.find(({ figure }: { figure: string }) => figure === 'acceptance-active').numerator
    const bySector = Map.groupBy(body.data as Row[], ({ sector }) => sector!)
    const sums = [
      { parent: 'all', children: body.data.map((row: Row) => nameOf(row, ['sector', 'district'])) },
      ...[...bySector].map(([sector, rows]) => ({
        parent: `sector=${sector}`,
        children: rows.map((row) => nameOf(row, ['sector', 'district'])),
      })),
    ]
    const shown = new Map<string, bigint | undefined>(
      body.data.map((row: Row) => [
        nameOf(row, ['sector', 'district']),
        row.active === null ? undefined : BigInt(row.active!),
      ]),
    )
    shown.set('all', BigInt(total))
    for (const sector of bySector.keys())
      shown.set(
        `sector=${sector}`,
        BigInt(
          exact
            .filter((row: Row) => row.sector === sector)
            .reduce((sum: number, row: { active: number }) => sum + row.active, 0),
        ),
      )
    expect([...solved(sums, shown)]).toEqual([])
  })

  test.each(['installed', 'active'])(
    'cannot reconstruct how many sites are %s from acceptance by sector, by district, by both and of all',
    async (measure) => {
      const by = ['sector', 'district']
      const all = [[], ['sector'], ['district'], by]
      const tables = await Promise.all(
        all.map(async (view) => {
          const asked = `acceptance?asOf=2026-08-31&by=${view}`
          const rows: Record<string, number | null>[] = (await get(asked)).body.data
          return { view, rows, exact: (await get(asked, regulator)).body.data as typeof rows }
        }),
      )
      const cellsOf = (key: 'rows' | 'exact') =>
        tables.flatMap((table) => table[key].map((row) => [nameOf(row, table.view), row[measure]!] as const))
      const truth = new Map(cellsOf('exact'))
      const shown = new Map(
        cellsOf('rows').map(([name, value]) => [name, value === null ? undefined : BigInt(value)]),
      )
      expect([...shown.keys()]).toEqual([...truth.keys()])
      expect([...shown.values()].filter((value) => value === undefined).length).toBeGreaterThan(1)
      for (const [name, value] of shown)
        if (value !== undefined) expect(Number(value), name).toBe(truth.get(name))
      const sums = tables.flatMap(({ view, rows }) =>
        view.flatMap((name) => {
          const rest = view.filter((other) => other !== name)
          return [...Map.groupBy(rows, (row) => nameOf(row, rest))].map(([parent, children]) => ({
            parent,
            children: children.map((row) => nameOf(row, view)),
          }))
        }),
      )
      expect([...solved(sums, shown)]).toEqual([])
      for (const [name, [lo, hi]] of bounded(sums, shown, 0n)) expect(lo < hi, name).toBe(true)
    },
  )

  test('with a key of a merchant sees no more than without', async () => {
    const { key } = await openShop(gateway)
    expect((await get(`payments?${wholeMonth}&by=sector,district`, key)).text).toBe(
      (await get(`payments?${wholeMonth}&by=sector,district`)).text,
    )
    expectRefused(await get('payments?interval=day', key), 'not_published')
  })

  test('sees no figures of today on the first page', async () => {
    expect((await gateway.call('GET', '/')).text).not.toContain('id="live"')
  })
})

describe('the regulator', () => {
  test('sees every day and every cell', async () => {
    const { body } = await get('payments?from=2026-08-05&to=2026-08-05&by=sector', regulator)
    expect(body.disclosure).toEqual({ control: 'on', applied: false })
    expect(body.data.length).toBeGreaterThan(0)
    for (const row of body.data) expect(row).toMatchObject({ count: expect.any(Number) })
    expect((await get('payments?from=2026-08-05&to=2026-08-05', operatorKey)).body.disclosure.applied).toBe(
      false,
    )
  })
})

test('in the sandbox control is off, and the answer says so', async () => {
  const sandbox = await openTestGateway()
  const { body } = await sandbox.call('GET', '/v1/statistics/payments?interval=day')
  expect(body.disclosure).toEqual({ control: 'off', applied: false })
  await sandbox.stop()
})

test('outside the sandbox control is on unless it is said to be off', async () => {
  for (const [disclosure, control] of [
    [undefined, 'on'],
    ['off', 'off'],
  ] as const) {
    const real = await openTestGateway({ sandbox: false, ...(disclosure && { disclosure }) })
    expect((await real.call('GET', '/v1/statistics/payments')).body.disclosure.control).toBe(control)
    await real.stop()
  }
})

/** Merchants that sold in each cell, from what was made up. */
function merchantsByCell(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const sites = new Map(city.sites.map((site) => [site.id, site]))
  for (const { siteId, paidOn, reversed, method } of city.payments) {
    if (!paidOn?.startsWith(month) || reversed) continue
    const { sector, district, merchantId } = sites.get(siteId)!
    for (const view of views) {
      const name = nameOf({ sector, district, method }, view)
      found.set(name, (found.get(name) ?? new Set()).add(merchantId))
    }
  }
  return found
}
