// The seeded city as `thungan city` makes it: its indicators against a count of its plan, and what was known of it, byte for byte.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cityOf } from '../../src/adapters/node/city/adopters.ts'
import {
  eventsFileOf,
  processNames,
  readModelsFileOf,
  recordCity,
} from '../../src/adapters/node/city/fill.ts'
import { paymentsByDay } from '../../src/adapters/node/city/payments.ts'
import type { City, PlannedPayment } from '../../src/adapters/node/city/plan.ts'
import { beginReadModels } from '../../src/adapters/node/city/readModels.ts'
import { decodePosition } from '../../src/adapters/sqlite/eventRow.ts'
import { sqliteWebhookQueue } from '../../src/adapters/sqlite/webhookQueue.ts'
import { type CityGateway, openCity } from '../support/city.ts'
import { call } from '../support/gateway.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { thungan } from '../support/thungan.ts'
import { adoptionOn, dateIn } from './cityCount.ts'

const size = { seed: 20_171_231, payments: 5_000, establishments: 250 }
const folder = mkdtempSync(join(tmpdir(), 'thungan-city-'))
const dataDir = join(folder, 'city')
const laterEvents = 100_000

/** The targets that a gateway measures, as the plans of 2017 and 2018 have them. */
const retail = ['supermarket', 'shopping-centre', 'modern-distribution']
const utilities = ['electricity', 'water', 'telecom']
const targets = [
  { indicator: 'pos-acceptance-modern-retail', year: 2017, sectors: retail, target: 80 },
  { indicator: 'cashless-acceptance-utilities', year: 2017, sectors: utilities, target: 80 },
  {
    indicator: 'cashless-acceptance-retail-petrol-utilities',
    year: 2018,
    sectors: [...retail, 'petrol-station', ...utilities],
    target: 85,
  },
]

let city: City
let payments: readonly PlannedPayment[]
let gateway: CityGateway
let made: { readonly events: number }
let webhooksAt: number
beforeAll(async () => {
  const options = Object.entries(size).flatMap(([name, value]) => [`--${name}`, `${value}`])
  const done = await thungan(['city', '--data-dir', dataDir, '--json', ...options])
  expect(done).toMatchObject({ status: 0, stderr: '' })
  made = JSON.parse(done.stdout)
  const queue = sqliteWebhookQueue(join(dataDir, 'webhooks.sqlite'))
  webhooksAt = decodePosition(queue.checkpoint())
  queue.close()
  city = cityOf(size)
  payments = [...paymentsByDay(city)].flat()
  gateway = await openCity(dataDir, '2019-01-05T02:00:00.000Z')
  await gateway.settled()
}, 120_000)
afterAll(async () => {
  await gateway?.stop()
  rmSync(folder, { recursive: true })
})

const lastDay = 729

/** What the answer must say of each measured target, by the plan alone. */
function expected(asOf: string, { registryOf = lastDay, known = payments } = {}) {
  return targets.map(({ sectors, ...named }) => {
    const counted = adoptionOn(asOf, sectors, { city, payments: known, registryOf })
    const { numerator, denominator } = counted
    const percent = Math.round((1_000 * numerator) / denominator) / 10
    const met = 100 * numerator >= named.target * denominator
    return { ...named, ...counted, denominatorSource: 'registry', percent, met }
  })
}

const measured = async (query: string) =>
  (await gateway.get(`indicators?${query}`)).body.indicators
    .filter(({ numerator }: { numerator: number | null }) => numerator !== null)
    .map(({ label: _, unit: __, source: ___, observed: ____, ...figure }: Record<string, unknown>) => figure)

describe('the indicators', () => {
  test.each([
    '2017-12-31',
    '2018-12-31',
    '2017-01-01',
    '2017-02-10',
    '2017-04-01',
    '2017-09-30',
    '2018-03-31',
    '2018-07-15',
    '2019-01-05',
  ])('of %s are what the registry and the payments say', async (asOf) => {
    expect(await measured(`asOf=${asOf}`)).toEqual(expected(asOf))
  })

  test('grow from some two fifths past the targets', async () => {
    const [[begun], [first, utility], [, , second]] = [
      expected('2017-02-10'),
      expected('2017-12-31'),
      expected('2018-12-31'),
    ]
    expect(begun!.percent).toBeGreaterThan(25)
    expect(begun).toMatchObject({ met: false })
    expect([first!.met, utility!.met, second!.met]).toEqual([true, true, true])
  })

  test.each([
    ['2017-12-31', '2018-01-02T00:00:00.000Z', 366],
    ['2017-06-20', '2017-06-21T00:00:00.000Z', 171],
    ['2018-12-31', '2019-01-01T00:00:00.000Z', lastDay],
  ])('of %s as known at %s know the registry and the payments of then', async (asOf, knownAt, registryOf) => {
    const known = payments.filter(({ endedAt }) => endedAt <= Date.parse(knownAt))
    expect(await measured(`asOf=${asOf}&knownAt=${knownAt}`)).toEqual(expected(asOf, { registryOf, known }))
  })
})

describe('the payments', () => {
  test('are counted and added up by year, sector and method', async () => {
    const sums = new Map<string, { count: number; value: number }>()
    for (const { end, endedAt, site, method, amount } of payments) {
      if (end !== 'paid') continue
      const key = `${dateIn(endedAt).slice(0, 4)} ${site.sector} ${method}`
      const { count, value } = sums.get(key) ?? { count: 0, value: 0 }
      sums.set(key, { count: count + 1, value: value + amount })
    }
    const { body } = await gateway.get(
      'payments?from=2017-01-01&to=2018-12-31&interval=year&by=sector,method',
    )
    type Row = { period: string; sector: string; method: string; count: number; value: string }
    const answered = body.data.map(({ period, sector, method, count, value }: Row) => [
      `${period} ${sector} ${method}`,
      { count, value: Number(value) },
    ])
    expect(answered.length).toBeGreaterThan(20)
    expect(answered).toEqual([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })

  test.each([
    ['2017-03-01', '2017-05-31'],
    ['2017-03-15', '2017-03-20'],
    ['2017-02-27', '2017-04-02'],
    ['2017-12-31', '2018-01-01'],
    ['2017-05-02', '2017-06-30'],
    ['2017-05-01', '2017-06-29'],
    ['2018-02-01', '2018-02-28'],
    ['2017-01-01', '2018-12-31'],
  ])('are counted from %s to %s, whatever they are counted by', async (from, to) => {
    for (const [interval, letters] of Object.entries({ day: 10, month: 7, year: 4 }))
      for (const by of ['', 'method', 'district', 'sector,method']) {
        const { body } = await gateway.get(`payments?from=${from}&to=${to}&interval=${interval}&by=${by}`)
        const names = by.split(',').filter((name) => name !== '')
        const answered = body.data.map((row: Record<string, string>) =>
          [row.period, ...names.map((name) => row[name]), row.count, row.value].join(' '),
        )
        const groups = Map.groupBy(
          payments.filter(({ end, endedAt }) => {
            const day = dateIn(endedAt)
            return end === 'paid' && from <= day && day <= to
          }),
          ({ endedAt, site: { sector, district }, method }) => {
            const values: Record<string, string> = { sector, district, method }
            return [dateIn(endedAt).slice(0, letters), ...names.map((name) => values[name])].join(' ')
          },
        )
        const counted = [...groups].map(
          ([group, own]) => `${group} ${own.length} ${own.reduce((sum, { amount }) => sum + amount, 0)}`,
        )
        expect(answered.toSorted(), `${interval} by ${by}`).toEqual(counted.toSorted())
      }
  })

  test('are some by card, some of bills, some declined and some refunded', () => {
    const count = (is: (payment: PlannedPayment) => boolean) => payments.filter(is).length
    expect(payments).toHaveLength(size.payments)
    expect(count(({ method }) => method === 'card')).toBeGreaterThan(size.payments / 10)
    expect(count(({ isBill }) => isBill)).toBeGreaterThan(size.payments / 50)
    expect(count(({ end }) => end === 'declined')).toBeGreaterThan(0)
    expect(count(({ end }) => end === 'expired')).toBeGreaterThan(0)
    expect(count(({ refund }) => refund !== undefined)).toBeGreaterThan(0)
  })
})

const known = ['2017-12-31', '2018-12-31'].map((day) => `indicators?asOf=${day}&knownAt=${day}T16:59:59.000Z`)

test('the same seed gives the same bytes, whatever the master key', async () => {
  const again = join(folder, 'again')
  await recordCity(again, size)
  await beginReadModels({ eventsFile: eventsFileOf(again), readModelsFile: readModelsFileOf(again) }).finish()
  const other = await openCity(again, '2019-01-05T02:00:00.000Z')
  for (const asOf of ['2017-12-31', '2018-12-31']) {
    const path = `indicators?asOf=${asOf}`
    expect((await other.get(path)).text).toBe((await gateway.get(path)).text)
  }
  await other.stop()
}, 120_000)

test('no process reads the two years once more, and the webhooks do not', async () => {
  expect(webhooksAt).toBe(made.events)
  const { lags } = (await call(gateway.app, 'GET', '/readyz')).body
  const ofOthers = ['projections', 'watchers', 'webhooks']
  const named = lags.map(({ name }: { name: string }) => name)
  expect(named.filter((name: string) => !ofOthers.includes(name)).toSorted()).toEqual(processNames.toSorted())
})

test('another seed makes another city', () => {
  const sizes = cityOf({ ...size, seed: size.seed + 10 }).sites.map(({ district }) => district)
  expect(sizes).not.toEqual(city.sites.map(({ district }) => district))
})

test('what was known is byte for byte the same after 100,000 later events and a rebuild', async () => {
  const texts = () => Promise.all(known.map(async (path) => (await gateway.get(path)).text))
  const before = await texts()
  gateway.clock.now = new Date('2019-01-06T02:00:00.000Z')
  const { id: siteId, merchantId } = city.sites[0]!
  const vnd = { amount: '1000', currency: 'VND' }
  const data = { merchantId, siteId, method: 'qr', amount: vnd, fee: { ...vnd, amount: '0' } }
  const paid = {
    type: 'PaymentPaid',
    data: { ...data, paidAt: gateway.clock.now.toISOString() },
    metadata: {},
  }
  const appends = Array.from({ length: laterEvents }, (_, n) => ({
    stream: `payment-later_${n}`,
    expectedVersion: 0,
    events: [{ ...paid, id: `later-${n}` }],
  }))
  const results = await gateway.store.appendInOrder(appends)
  expect(results.filter(({ status }) => status === 'appended')).toHaveLength(laterEvents)
  await gateway.settled()
  expect(await texts()).toEqual(before)
  expect(await rebuilt(gateway)).toEqual([])
  expect(await texts()).toEqual(before)
  const now = (await gateway.get('payments?from=2019-01-06&to=2019-01-06')).body.data
  expect(now).toMatchObject([{ count: laterEvents }])
}, 180_000)

test('a folder with a log is refused, and the log is whole', async () => {
  const again = await thungan(['city', '--data-dir', dataDir])
  expect(again).toMatchObject({ status: 2, stdout: '' })
  expect(again.stderr).toContain('holds a log already')
  expect(await thungan(['verify', '--data-dir', dataDir])).toMatchObject({ status: 0 })
}, 60_000)
