// Figures of a city by chance against counts made straight from what was made up, without the read models.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestGateway, operatorKey } from '../support/gateway.ts'
import { rebuilt } from '../support/rebuilt.ts'
import { type City, makeCity } from './generatedCity.ts'

const daysBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 86_400_000
const oneDecimal = (numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : Number(((100 * numerator) / denominator).toFixed(1))

describe.each([11, 12, 13])('city %i', (seed) => {
  let gateway: Awaited<ReturnType<typeof openTestGateway>>
  let city: City

  beforeAll(async () => {
    gateway = await openTestGateway()
    gateway.clock.now = new Date('2026-11-30T05:00:00.000Z')
    city = await makeCity(gateway.store, seed)
    await gateway.settled()
  })
  afterAll(() => gateway.stop())

  const get = async (path: string) => (await gateway.call('GET', `/v1/statistics/${path}`)).body
  const sales = (siteId?: string) =>
    city.payments.filter(
      (payment) => payment.paidOn && !payment.reversed && (siteId ?? payment.siteId) === payment.siteId,
    )
  const figure = (body: { figures: { figure: string }[] }, name: string) =>
    body.figures.find((one) => one.figure === name)

  test.each(['2026-02-15', '2026-06-30', '2026-10-27'])('acceptance and terminals on %s', async (asOf) => {
    const put = (indicator: string, value: number) =>
      gateway.call('PUT', '/v1/observations', {
        key: operatorKey,
        body: { observations: [{ indicator, date: '2026-01-31', value, source: 'GSO' }] },
      })
    await put('population', 8_587_100)
    await put('adult-population', 6_500_000)
    await put('non-cash-sales-share', 41.5)
    await gateway.settled()
    const open = city.sites.filter(({ registeredOn }) => registeredOn <= asOf)
    const inService = city.terminals.filter(
      ({ activatedOn, revokedOn }) => activatedOn && activatedOn <= asOf && !(revokedOn && revokedOn <= asOf),
    )
    const installed = open.filter(
      ({ id }) =>
        inService.some(({ siteId }) => siteId === id) ||
        city.payments.some(
          ({ siteId, method, askedOn }) => siteId === id && method === 'qr' && askedOn <= asOf,
        ),
    )
    const active = open.filter(({ id }) =>
      sales(id).some(({ paidOn }) => daysBetween(paidOn!, asOf) >= 0 && daysBetween(paidOn!, asOf) < 90),
    )
    expect(active.length).toBeGreaterThan(0)
    expect(installed.length).toBeLessThan(open.length)
    const body = await get(`figures?asOf=${asOf}`)
    const share = (counted: unknown[]) => ({
      numerator: counted.length,
      denominator: open.length,
      value: oneDecimal(counted.length, open.length),
    })
    expect(figure(body, 'acceptance-installed')).toMatchObject(share(installed))
    expect(figure(body, 'acceptance-active')).toMatchObject(share(active))
    const pos = inService.filter(({ kind }) => kind === 'pos').length
    const perAdults = { numerator: pos, denominator: 6_500_000, value: Number((pos / 65).toFixed(1)) }
    expect(figure(body, 'pos-per-100000-adults')).toMatchObject(perAdults)
    expect(figure(body, 'pos-per-10000-people')).toMatchObject({ numerator: pos, denominator: 8_587_100 })
    expect(figure(body, 'non-cash-sales-share')).toMatchObject({ value: 41.5, observed: { source: 'GSO' } })
    const { data } = await get(`acceptance?asOf=${asOf}`)
    for (const cell of data) {
      const here = ({ sector, district }: { sector: string; district: string }) =>
        sector === cell.sector && district === cell.district
      expect(cell).toMatchObject({
        registered: open.filter(here).length,
        installed: installed.filter(here).length,
        active: active.filter(here).length,
      })
    }
    const total = data.reduce((sum: number, { registered }: { registered: number }) => sum + registered, 0)
    expect(total).toBe(open.length)
  })

  test.each(['2026-03', '2026-08'])('payments of %s', async (month) => {
    const body = await get(`transactions?month=${month}`)
    const sold = sales().filter(({ paidOn }) => paidOn!.startsWith(month))
    const value = sold.reduce((sum, { amount }) => sum + amount, 0)
    const sorted = sold.map(({ amount }) => amount).toSorted((a, b) => a - b)
    const middle = sorted[Math.ceil(sorted.length / 2) - 1]!
    const [mix] = body.currencies
    expect(mix).toMatchObject({ currency: 'VND', count: sold.length, value: String(value) })
    expect(Math.abs(Number(mix['ticket-mean']) - value / sold.length)).toBeLessThanOrEqual(0.5)
    const { from, below } = mix['ticket-median']
    expect(Number(from)).toBeLessThanOrEqual(middle)
    expect(Number(below)).toBeGreaterThan(middle)
    for (const { method, count, value: of, percentOfCount } of mix['method-mix']) {
      const own = sold.filter((sale) => sale.method === method)
      expect(count).toBe(own.length)
      expect(of).toBe(String(own.reduce((sum, { amount }) => sum + amount, 0)))
      expect(percentOfCount).toBe(oneDecimal(own.length, sold.length))
    }
    const asked = city.payments.filter(({ askedOn }) => askedOn.startsWith(month))
    const by = (name: string, method: string) =>
      asked.filter(({ end, method: own }) => end === name && own === method).length
    const of = (method: string) => asked.filter((payment) => payment.method === method).length
    const paid = asked.filter(({ paidOn }) => paidOn).length
    const refunds = asked.reduce((sum, { refunds }) => sum + refunds, 0)
    expect(
      body.rates.map((rate: Record<string, unknown>) => [rate.figure, rate.numerator, rate.denominator]),
    ).toEqual([
      ['card-decline-rate', by('declined', 'card'), of('card')],
      ['card-timeout-rate', by('timed-out', 'card'), of('card')],
      ['qr-expiry-rate', by('expired', 'qr'), of('qr')],
      ['qr-cancel-rate', by('canceled', 'qr'), of('qr')],
      ['refund-rate', refunds, paid],
    ])
  })

  test('new adopters, and who stays', async () => {
    const asOf = '2026-10-27'
    const { data } = await get(`cohorts?asOf=${asOf}`)
    const made = new Map<string, { sites: number; kept: [number, number] }>()
    for (const { id } of city.sites) {
      const days = sales(id)
        .map(({ paidOn }) => paidOn!)
        .toSorted()
      const first = days[0]
      if (first === undefined) continue
      const cohort = made.get(first.slice(0, 7)) ?? { sites: 0, kept: [0, 0] }
      const again = (after: number) =>
        days.some((day) => daysBetween(first, day) >= after && daysBetween(first, day) < after + 30)
      cohort.sites += 1
      cohort.kept[0] += Number(again(30))
      cohort.kept[1] += Number(again(90))
      made.set(first.slice(0, 7), cohort)
    }
    expect(data.length).toBe(made.size)
    for (const { month, sites, kept } of data) {
      expect(sites).toBe(made.get(month)!.sites)
      for (const [index, { afterDays, sites: stayed }] of kept.entries()) {
        const [year, number] = month.split('-').map(Number)
        const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
        const over = daysBetween(last, asOf) >= afterDays + 29
        expect(stayed).toBe(over ? made.get(month)!.kept[index as 0 | 1] : null)
      }
    }
  })

  test('a rebuild counts the same', async () => {
    expect(await rebuilt(gateway)).toEqual([])
  })
})
