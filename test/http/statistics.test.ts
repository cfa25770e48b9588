// Takings, statistics, acceptance and the city's indicators: what the log adds up to, on any day asked for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Bank, openBank, openShop, openTestGateway, pay, type Shop } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let shop: Shop
let petrol: Shop
let bank: Bank

/**
 * 22 November 2026, Hanoi: a supermarket takes 125,000 at 10:00 and 75,000 at 23:59; petrol takes 300,000 one minute later,
 * which is the next business day. A second petrol station never sells. A canceled and a half paid payment count for nothing.
 */
beforeAll(async () => {
  gateway = await openTestGateway()
  bank = await openBank(gateway)
  shop = await openShop(gateway, { feePlan: { rate: '1', fixed: '0' } })
  const station = await openShop(gateway, { name: 'Xăng dầu', sector: 'petrol-station' })
  const site = { name: 'Xăng', sector: 'petrol-station', district: 'Cầu Giấy', address: '1 Xuân Thủy' }
  const sites = [await openSite(station.key, site), await openSite(station.key, site)]
  petrol = { ...station, siteId: sites[0]! }
  await sell('2026-11-22T03:00:00.000Z', shop, '125000')
  await sell('2026-11-22T16:59:00.000Z', shop, '75000')
  const canceled = await ask(gateway, shop)
  await gateway.call('POST', `/v1/payments/${canceled.id}/cancel`, { key: shop.key })
  await pay(gateway, bank, await ask(gateway, shop), 'half', { amount: '50000' })
  await sell('2026-11-22T17:00:00.000Z', petrol, '300000')
  await gateway.settled()
})
afterAll(() => gateway.stop())

const openSite = async (key: string, body: object): Promise<string> =>
  (await gateway.call('POST', '/v1/sites', { key, body })).body.id
const get = (path: string, options: object = {}) => gateway.call('GET', `/v1/${path}`, options)

async function sell(at: string, where: Shop, amount: string): Promise<void> {
  gateway.clock.now = new Date(at)
  const { outcome } = (await pay(gateway, bank, await ask(gateway, where, { amount }), `sale ${at}`)).body
  expect(outcome).toBe('applied')
}

describe('takings', () => {
  test('are what a merchant sold on each business day, with fees and what is left', async () => {
    const { status, body } = await get('takings?from=2026-11-01&to=2026-11-23', { key: shop.key })
    expect(status).toBe(200)
    expect(body).toEqual({
      data: [
        {
          businessDate: '2026-11-22',
          method: 'qr',
          currency: 'VND',
          count: 2,
          gross: '200000',
          fees: '2000',
          net: '198000',
        },
      ],
    })
  })

  test('of a minute after midnight in Hanoi belong to the next day, whatever the date in Greenwich', async () => {
    const { data } = (await get('takings', { key: petrol.key })).body
    expect(data).toMatchObject([
      { businessDate: '2026-11-23', count: 1, gross: '300000', fees: '0', net: '300000' },
    ])
  })

  test('include the first and the last day asked for, and no other', async () => {
    const days = async (from: string, to: string) =>
      (await get(`takings?from=${from}&to=${to}`, { key: shop.key })).body.data.length
    expect(await days('2026-11-22', '2026-11-22')).toBe(1)
    expect(await days('2026-11-23', '2026-11-23')).toBe(0)
    expect(await days('2026-11-20', '2026-11-21')).toBe(0)
  })
})

describe('payment statistics', () => {
  const from = 'from=2026-11-01&to=2026-11-30'
  const groups: [string, object[]][] = [
    [
      '',
      [
        { period: '2026-11-22', count: 2, value: '200000', currency: 'VND' },
        { period: '2026-11-23', count: 1, value: '300000', currency: 'VND' },
      ],
    ],
    ['interval=month', [{ period: '2026-11', count: 3, value: '500000', currency: 'VND' }]],
    ['interval=year', [{ period: '2026', count: 3, value: '500000', currency: 'VND' }]],
    [
      'interval=month&by=sector',
      [
        { period: '2026-11', sector: 'petrol-station', count: 1, value: '300000', currency: 'VND' },
        { period: '2026-11', sector: 'supermarket', count: 2, value: '200000', currency: 'VND' },
      ],
    ],
    [
      'interval=year&by=district,method',
      [
        { period: '2026', district: 'Cầu Giấy', method: 'qr', count: 1, value: '300000', currency: 'VND' },
        { period: '2026', district: 'Hoàn Kiếm', method: 'qr', count: 2, value: '200000', currency: 'VND' },
      ],
    ],
  ]
  test.each(groups)('?%s', async (query, data) => {
    const answer = await get(`statistics/payments?${from}&${query}`)
    expect(answer.status).toBe(200)
    expect(answer.body.data).toEqual(data)
  })

  test('come as CSV to who asks for it, with the same figures', async () => {
    const headers = { accept: 'text/csv' }
    const answer = await get(`statistics/payments?${from}&interval=year&by=sector,district`, { headers })
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.text).toBe(
      'period,sector,district,count,value,currency\r\n' +
        '2026,petrol-station,Cầu Giấy,1,300000,VND\r\n' +
        '2026,supermarket,Hoàn Kiếm,2,200000,VND\r\n',
    )
  })

  test('come as CSV by an address alone, which a link can hold', async () => {
    const headers = { accept: 'text/html' }
    const answer = await get(`statistics/payments?${from}&interval=year&format=csv`, { headers })
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.text).toBe('period,count,value,currency\r\n2026,3,500000,VND\r\n')
    const json = await get(`statistics/payments?${from}&format=json`, { headers: { accept: 'text/csv' } })
    expect(json.body.data.length).toBe(2)
  })

  test('in CSV quote what needs it, and no cell is a formula', async () => {
    const mine = await openTestGateway()
    const { key } = await openShop(mine)
    const hostile = { name: 'X', sector: 'other', district: '=1+1,"x"', address: 'x' }
    const siteId = (await mine.call('POST', '/v1/sites', { key, body: hostile })).body.id
    const payment = await ask(mine, { key, siteId, merchantId: '' })
    await pay(mine, await openBank(mine), payment, 't1')
    await mine.settled()
    const answer = await mine.call('GET', '/v1/statistics/payments?by=district', {
      headers: { accept: 'text/csv' },
    })
    await mine.stop()
    expect(answer.text.split('\r\n')[1]).toBe(`2026-11-22,"'=1+1,""x""",1,125000,VND`)
  })

  test('say to caches that CSV and JSON are two answers', async () => {
    expect((await get(`statistics/payments?${from}`)).headers.get('vary')).toMatch(/accept/i)
  })
})

describe('acceptance points', () => {
  const points = async (asOf: string) => (await get(`statistics/acceptance?asOf=${asOf}`)).body

  test('are counted by sector and district: registered, and paid in the last 90 days', async () => {
    expect(await points('2026-11-23')).toEqual({
      asOf: '2026-11-23',
      disclosure: { control: 'off', applied: false },
      data: [
        { sector: 'petrol-station', district: 'Cầu Giấy', registered: 2, installed: 1, active: 1 },
        { sector: 'supermarket', district: 'Hoàn Kiếm', registered: 2, installed: 1, active: 1 },
      ],
    })
  })

  test.each([
    [
      'sector',
      [
        { sector: 'petrol-station', registered: 2, installed: 1, active: 1 },
        { sector: 'supermarket', registered: 2, installed: 1, active: 1 },
      ],
    ],
    [
      'district',
      [
        { district: 'Cầu Giấy', registered: 2, installed: 1, active: 1 },
        { district: 'Hoàn Kiếm', registered: 2, installed: 1, active: 1 },
      ],
    ],
    ['', [{ registered: 4, installed: 2, active: 2 }]],
  ])('by "%s" are summed over the rest', async (by, data) => {
    expect((await get(`statistics/acceptance?asOf=2026-11-23&by=${by}`)).body.data).toEqual(data)
  })

  test('as of a day before they sold were there and not active; before they came there were none', async () => {
    expect((await points('2026-11-22')).data).toMatchObject([
      { sector: 'petrol-station', registered: 2, installed: 0, active: 0 },
      { sector: 'supermarket', registered: 2, installed: 1, active: 1 },
    ])
    expect((await points('2026-11-21')).data).toEqual([])
  })

  test('may be asked for as of an instant, whose day in Hanoi counts', async () => {
    expect((await points('2026-11-22T17:00:00Z')).asOf).toBe('2026-11-23')
    expect((await points('2026-11-22T16:59:59Z')).asOf).toBe('2026-11-22')
  })

  test('stay active for 90 days after the last payment, the day of the payment counted', async () => {
    const start = gateway.clock.now
    gateway.clock.now = new Date('2027-12-31T00:00:00.000Z')
    const activeOn = async (asOf: string) =>
      (await points(asOf)).data.find(({ sector }: { sector: string }) => sector === 'supermarket').active
    expect(await activeOn('2027-02-19')).toBe(1)
    expect(await activeOn('2027-02-20')).toBe(0)
    gateway.clock.now = start
  })
})

describe('the indicators', () => {
  const modernRetail = async (asOf: string) => {
    const { body } = await get(`statistics/indicators?asOf=${asOf}`)
    return body.indicators.find(
      ({ indicator, year }: { indicator: string; year: number }) =>
        indicator === 'pos-acceptance-modern-retail' && year === 2017,
    )
  }

  test('measure active sites among registered ones against the target', async () => {
    expect(await modernRetail('2026-11-23')).toMatchObject({
      unit: 'percent',
      target: 80,
      numerator: 1,
      denominator: 2,
      percent: 50,
      met: false,
      label: { en: expect.stringMatching(/supermarkets/i), vi: expect.stringMatching(/siêu thị/i) },
    })
  })

  test('have no share where there is nothing to count', async () => {
    expect(await modernRetail('2026-11-01')).toMatchObject({
      numerator: 0,
      denominator: 0,
      percent: null,
      met: null,
    })
  })

  test('say null where the gateway cannot measure', async () => {
    const { indicators } = (await get('statistics/indicators')).body
    const outside = indicators.filter(({ numerator }: { numerator: number | null }) => numerator === null)
    expect(outside.length).toBeGreaterThan(0)
    for (const one of outside) expect(one).toMatchObject({ denominator: null, percent: null, met: null })
  })

  test('of today are meant when no day is named', async () => {
    expect((await get('statistics/indicators')).body.asOf).toBe('2026-11-23')
  })
})

test.each([
  ['statistics/indicators?asOf=2026-11-24', 'asOf'],
  ['statistics/indicators?asOf=2026-13-01', 'asOf'],
  ['statistics/indicators?asOf=yesterday', 'asOf'],
  ['statistics/acceptance?asOf=2999-01-01', 'asOf'],
  ['statistics/acceptance?asof=2026-11-22', 'asof'],
  ['statistics/acceptance?by=method', 'by'],
  ['statistics/payments?from=2026-11-23&to=2026-11-22', 'from'],
  ['statistics/payments?from=1970-01-01&to=2026-11-22', 'from'],
  ['statistics/payments?interval=week', 'interval'],
  ['statistics/payments?by=merchant', 'by'],
  ['statistics/payments?by=sector,sector', 'by'],
  ['takings?from=2026-11-23&to=2026-11-22', 'from'],
])('%s is refused, by the name of the parameter', async (path, name) => {
  const answer = await get(path, path.startsWith('takings') ? { key: shop.key } : {})
  expectRefused(answer, 'validation_failed')
  expect(answer.body.errors[0].pointer.split('/')[0]).toBe(name)
})

describe('ten million cells', () => {
  const methods = 14
  const days = 3_650
  let large: Awaited<ReturnType<typeof openTestGateway>>

  /** One payment a day by each of many methods: more rows than are answered, of the millions that the question has room for. */
  beforeAll(async () => {
    large = await openTestGateway()
    const vnd = { amount: '1000', currency: 'VND' }
    const sale = { merchantId: 'mer_7K3MA', siteId: 'sit_7K3MA9QZXW4F2', amount: vnd, fee: vnd }
    const events = Array.from({ length: methods * days }, (_, n) => {
      const paidAt = new Date(Date.UTC(2016, 10, 1, 5) + Math.floor(n / methods) * 86_400_000).toISOString()
      const data = { ...sale, method: `m${n % methods}`, paidAt }
      return { type: 'PaymentPaid', id: `many-${n}`, data, metadata: {} }
    })
    await large.store.append('payment-many', 0, events)
    await large.settled()
  }, 60_000)
  afterAll(() => large.stop())

  const ask = (query: string) => large.call('GET', `/v1/statistics/payments?by=method&${query}`)

  test('are refused, and a part that has room is answered', async () => {
    expectRefused(await ask('interval=day&from=2016-11-01&to=2026-10-29'), 'too_many_cells')
    const { status, body } = await ask('interval=day&from=2017-01-01&to=2017-12-31')
    expect([status, body.data.length]).toEqual([200, 365 * methods])
    expect((await ask('interval=month&from=2016-11-01&to=2026-10-29')).body.data).toHaveLength(120 * methods)
  })
})
