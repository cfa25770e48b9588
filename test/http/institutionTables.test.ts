// Tables for institutions over HTTP: figures against a count of what was made up, one cut in every format, and who may read them.
import { createHash } from 'node:crypto'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type City, makeCity } from '../simulation/generatedCity.ts'
import { openTestGateway, operatorKey } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: Awaited<ReturnType<typeof openTestGateway>>
let city: City

beforeAll(async () => {
  gateway = await openTestGateway()
  gateway.clock.now = new Date('2026-11-30T05:00:00.000Z')
  city = await makeCity(gateway.store, 31)
  await gateway.settled()
})
afterAll(() => gateway.stop())

const get = (path: string, key?: string) =>
  gateway.call('GET', `/v1/statistics/tables/${path}`, key === undefined ? {} : { key })
const sold = (from: string, to: string, method?: string) =>
  city.payments.filter(
    ({ paidOn, reversed, method: own }) =>
      paidOn && !reversed && paidOn >= from && paidOn <= to && (method ?? own) === own,
  )
const totalOf = (payments: { amount: number }[]) =>
  String(payments.reduce((sum, { amount }) => sum + amount, 0))
const figure = (body: { data: Record<string, string>[] }, code: string, measure: string) =>
  body.data.find((row) => row.code === code && row.measure === measure)!.value

describe('figures', () => {
  test('of the State Bank are those of the quarter', async () => {
    const { body } = await get('sbv-payment-instruments?period=2026-Q3')
    expect(body).toMatchObject({ period: '2026-Q3', complete: true, schemaVersion: '1.0' })
    for (const [code, method] of [
      ['BANK_CARD', 'card'],
      ['QR_CODE', 'qr'],
      ['TOTAL', undefined],
    ] as const) {
      const own = sold('2026-07-01', '2026-09-30', method)
      expect(own.length).toBeGreaterThan(10)
      expect(figure(body, code, 'number')).toBe(String(own.length))
      expect(figure(body, code, 'value')).toBe(totalOf(own))
    }
  })

  test('of the year and of the month, with what there is at the end', async () => {
    const year = (await get('cpmi-transactions?period=2026')).body
    expect(year.complete).toBe(false)
    expect(figure(year, 'TOTAL_CASHLESS', 'number')).toBe(String(sold('2026-01-01', '2026-12-31').length))
    const month = (await get('rbi-payment-indicators?period=2026-05')).body
    expect(figure(month, 'A.2', 'value')).toBe(totalOf(sold('2026-05-01', '2026-05-31', 'card')))
    const pos = city.terminals.filter(
      ({ kind, activatedOn, revokedOn }) =>
        kind === 'pos' &&
        activatedOn &&
        activatedOn <= '2026-05-31' &&
        !(revokedOn && revokedOn <= '2026-05-31'),
    )
    expect(figure(month, 'B.1', 'number')).toBe(String(pos.length))
    const now = (await get('cpmi-acceptance')).body
    expect(now.period).toBe('2026')
    const there = city.terminals.filter(({ activatedOn, revokedOn }) => activatedOn && !revokedOn)
    expect(figure(now, 'TERMINALS', 'number')).toBe(String(there.length))
  })

  test('of the open data add up to what was sold', async () => {
    const { body } = await get('open-data?period=2026-06')
    const own = sold('2026-06-01', '2026-06-30')
    const sum = (name: string) =>
      body.data.reduce((sum: number, row: Record<string, string>) => sum + Number(row[name]), 0)
    expect(sum('count')).toBe(own.length)
    expect(String(sum('value'))).toBe(totalOf(own))
    for (const { sector, district, method, bandFrom, bandBelow, count } of body.data) {
      const cell = own.filter(({ siteId, amount, method: how }) => {
        const site = city.sites.find(({ id }) => id === siteId)!
        const inBand = amount >= Number(bandFrom) && amount < Number(bandBelow)
        return site.sector === sector && site.district === district && how === method && inBand
      })
      expect(count).toBe(String(cell.length))
    }
  })
})

describe('one cut', () => {
  const knownAt = '2026-11-30T05:00:00.000Z'
  const path = `sbv-payment-instruments?period=2026-Q3&knownAt=${knownAt}`

  test('has one checksum, position and schema version in every format', async () => {
    const { body } = await get(path)
    const csv = await get(`${path}&format=csv`)
    expect(createHash('sha256').update(csv.text).digest('hex')).toBe(body.checksum)
    for (const format of ['csv', 'sdmx-csv', 'parquet']) {
      const { headers } = await get(`${path}&format=${format}`)
      expect([
        headers.get('log-position'),
        headers.get('csv-sha256'),
        headers.get('schema-version'),
        headers.get('known-at'),
      ]).toEqual([body.position, body.checksum, '1.0', knownAt])
    }
    expect(csv.text.split('\r\n')[0]).toBe(body.columns.join(','))
    expect(csv.text.split('\r\n').length).toBe(body.data.length + 2)
  })

  test('as SDMX-CSV has a line per observation with the codes of SDMX', async () => {
    const { body } = await get(path)
    const lines = (await get(`${path}&format=sdmx-csv`)).text.split('\r\n')
    expect(lines[0]).toBe('DATAFLOW,FREQ,CODE,MEASURE,UNIT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS')
    const number = figure(body, 'BANK_CARD', 'number')
    expect(lines[1]).toBe(
      `THUNGAN:SBV_PAYMENT_INSTRUMENTS(1.0),Q,BANK_CARD,number,items,2026-Q3,${number},A,F`,
    )
    const open = (await get('open-data?period=2026-06&format=sdmx-csv')).text.split('\r\n')
    expect(open[0]).toBe(
      'DATAFLOW,FREQ,DISTRICT,SECTOR,METHOD,CURRENCY,BAND_FROM,BAND_BELOW,MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS',
    )
  })

  test('as Parquet has the same rows, typed, and says its cut in the file', async () => {
    const { body } = await get(path)
    const response = await gateway.app.request(`/v1/statistics/tables/${path}&format=parquet`)
    const file = await response.arrayBuffer()
    const rows = await parquetReadObjects({ file })
    expect(rows.map((row) => ({ ...row, value: String(row.value) }))).toEqual(body.data)
    expect(typeof rows[0]!.value).toBe('bigint')
    const notes = Object.fromEntries(
      parquetMetadata(file).key_value_metadata!.map(({ key, value }) => [key, value]),
    )
    expect(notes).toMatchObject({
      position: body.position,
      checksum: body.checksum,
      schemaVersion: '1.0',
      knownAt,
    })
  })

  test('is the same bytes after later events', async () => {
    const texts = () =>
      Promise.all(
        ['json', 'csv', 'sdmx-csv'].map(async (format) => (await get(`${path}&format=${format}`)).text),
      )
    const before = await texts()
    gateway.clock.now = new Date('2026-12-05T05:00:00.000Z')
    await makeLate()
    expect(await texts()).toEqual(before)
    const later = (await get('sbv-payment-instruments?period=2026-Q3')).body
    expect(figure(later, 'QR_CODE', 'number')).toBe(String(sold('2026-07-01', '2026-09-30', 'qr').length + 1))
  })

  async function makeLate(): Promise<void> {
    const money = { amount: '1000', currency: 'VND' }
    const { siteId } = city.payments[0]!
    const data = {
      merchantId: 'mer_0',
      siteId,
      method: 'qr',
      amount: money,
      fee: money,
      paidAt: '2026-08-05T05:00:00Z',
    }
    await gateway.store.append('payment-late', 0, [{ type: 'PaymentPaid', data, id: 'late', metadata: {} }])
    await gateway.settled()
  }
})

test('without an instant a table is cut at the last full minute, so that each question does not make another file', async () => {
  const before = gateway.clock.now
  const cutAt = async (now: string) => {
    gateway.clock.now = new Date(now)
    return (await get('sbv-payment-instruments?period=2026-Q3')).body.knownAt
  }
  expect(await cutAt('2026-12-06T05:07:01.234Z')).toBe('2026-12-06T05:07:00.000Z')
  expect(await cutAt('2026-12-06T05:07:59.999Z')).toBe('2026-12-06T05:07:00.000Z')
  gateway.clock.now = before
})

test.each([
  ['sbv-payment-instruments?period=2026-07', 'period'],
  ['sbv-payment-instruments?period=2031-Q1', 'period'],
  ['open-data?period=2026', 'period'],
  ['open-data?format=xml', 'format'],
  ['open-data?knownAt=2999-01-01T00:00:00Z', 'knownAt'],
])('%s is refused', async (path, pointer) => expectRefused(await get(path), 'validation_failed', pointer))

test('an unknown table is not found', async () => expectRefused(await get('nonsense'), 'not_found'))

test('where control is on, the public gets the published open data, and institutions come with a key', async () => {
  const guarded = await openTestGateway({ disclosure: 'on' })
  guarded.clock.now = new Date('2026-09-05T05:00:00.000Z')
  await makeCity(guarded.store, 31)
  guarded.clock.now = new Date('2027-01-20T05:00:00.000Z')
  const path = (table: string) => `/v1/statistics/tables/${table}`
  const open = (await guarded.call('GET', path('open-data?period=2026-08'))).body
  expect(open).toMatchObject({ period: '2026-08', complete: true, disclosure: { applied: true } })
  const hidden = open.data.filter(({ suppressed }: { suppressed: boolean }) => suppressed)
  expect(hidden.length).toBeGreaterThan(0)
  for (const { count, value } of hidden) expect([count, value]).toEqual([null, null])
  const sdmx = (await guarded.call('GET', path('open-data?period=2026-08&format=sdmx-csv'))).text
  expect(sdmx).toMatch(/,2026-08,,Q,C\r\n/)
  expectRefused(await guarded.call('GET', path('open-data?period=2027-01')), 'not_published', 'period')
  expectRefused(await guarded.call('GET', path('sbv-payment-instruments')), 'not_published')
  const sbv = await guarded.call('GET', path('sbv-payment-instruments?period=2026-Q3'), { key: operatorKey })
  expect(figure(sbv.body, 'TOTAL', 'number')).toBe(String(sold('2026-07-01', '2026-09-30').length))
  await guarded.stop()
})
