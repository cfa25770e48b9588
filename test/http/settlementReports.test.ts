// The reports of a settlement in each form, read back: the same lines, and their sum is the payout.
import { createHash } from 'node:crypto'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linesMax, reportPage } from '../../src/http/pages/settlements/report.ts'
import { signedIn } from '../support/consoleVisitor.ts'
import {
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  type Shop,
  type TestGateway,
} from '../support/gateway.ts'
import { becomes, payFrom, refund } from '../support/money.ts'
import { at, chargeWithTax, close, hashOfLines, reportOf, sell, sumOf } from '../support/settlement.ts'

let gateway: TestGateway
let shop: Shop
let other: Shop
// biome-ignore lint/suspicious/noExplicitAny: as the API answers it
let settlement: any
let report: string

/** Sales, one of them given back in part, and an order whose number is a formula; then the day is closed. */
beforeAll(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  await chargeWithTax(gateway, shop)
  other = await openShop(gateway)
  const bank = await openBank(gateway)
  const sale = { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND' }
  const { body: returned } = await gateway.call('POST', '/v1/payments', { key: shop.key, body: sale })
  await payFrom(gateway, bank, returned, 'RF1')
  await sell(gateway, shop, bank, { amount: '75000', orderId: '=HYPERLINK("<b>")' })
  const { body } = await refund(gateway, shop, returned.id, { amount: '25000', reason: 'returned goods' })
  await becomes(gateway, shop, `/v1/refunds/${body.id}`, 'status', 'completed')
  await sell(gateway, other, bank, { amount: '1000' })
  at(gateway, '2026-11-22T17:00:30Z')
  const { data } = (await close(gateway, '2026-11-22')).body
  settlement = data.find(({ merchantId }: { merchantId: string }) => merchantId === shop.merchantId)
  report = `/v1/settlements/${settlement.id}/report`
})
afterAll(() => gateway.stop())

const payout = async () => {
  const { body } = await gateway.call('GET', `/v1/settlements/${settlement.id}`, { key: shop.key })
  return BigInt(body.payouts[0].amount)
}
const get = (path: string, headers: Record<string, string> = {}) =>
  gateway.call('GET', path, { key: shop.key, headers })
const bytesOf = async (path: string, headers: Record<string, string>) =>
  (await gateway.app.request(path, { headers })).arrayBuffer()
const parquetOf = () => bytesOf(`${report}.parquet`, { authorization: `Bearer ${shop.key}` })

describe('the sum of the lines is the payout', () => {
  test('in the CSV', async () => {
    const { rows } = await reportOf(gateway, shop.key, settlement.id)
    expect(rows).toHaveLength(3)
    const sound = rows.filter(({ orderId }) => orderId === '') // the test's reader splits at commas of formulas, too
    expect(sound).toHaveLength(2)
    const lines = (await get(`${report}.csv`)).text.trim().split('\n').slice(-3)
    const nets = lines.map((line) => BigInt(line.split(',').at(-2)!))
    expect(nets.reduce((sum, net) => sum + net, 0n)).toBe(await payout())
    expect(sumOf(sound, 'refunds')).toBe(-25_000n)
  })

  test('in the Parquet file, whose metadata says what it is', async () => {
    const file = await parquetOf()
    const rows = await parquetReadObjects({ file })
    expect(rows.map(({ line, kind, net }) => [line, kind, typeof net])).toEqual([
      [1n, 'payment', 'bigint'],
      [2n, 'payment', 'bigint'],
      [3n, 'refund', 'bigint'],
    ])
    expect(rows[1]!.orderId).toBe('=HYPERLINK("<b>")')
    expect(rows.reduce((sum, { net }) => sum + net, 0n)).toBe(await payout())
    const metadata = parquetMetadata(file).key_value_metadata!
    const notes = Object.fromEntries(metadata.map(({ key, value }) => [key, value]))
    expect(notes).toMatchObject({
      schema: 'thungan.settlement-report.parquet.v1',
      settlement: settlement.id,
      fromPosition: 'start',
      toPosition: settlement.toPosition,
      hash: `sha256:${settlement.hash}`,
      netMinor: settlement.net,
      decimals: '0',
    })
  })

  test('on the page, with the sums, the hash and the positions', async () => {
    const { status, text, headers } = await get(`${report}.html?lang=en`)
    expect([status, headers.get('content-language')]).toEqual([200, 'en'])
    const [, body = ''] = /<tbody>(.*)<\/tbody>/s.exec(text) ?? []
    const nets = [...body.matchAll(/<data value="(-?\d+)">[^<]*<\/data><\/td><td>[^<]*<\/td><\/tr>/g)]
    expect(nets).toHaveLength(3)
    expect(nets.reduce((sum, [, net]) => sum + BigInt(net!), 0n)).toBe(await payout())
    for (const said of [settlement.hash, `start of the log → ${settlement.toPosition}`, settlement.id])
      expect(text).toContain(`<dd>${said}</dd>`)
    expect(text).toContain(`<dt>Refunds</dt><dd><data value="-25000">-₫25,000</data></dd>`)
    expect(text).toContain('=HYPERLINK(&quot;&lt;b&gt;&quot;)')
  })

  test('and the lines are the same in all', async () => {
    const csv = (await get(`${report}.csv`)).text
    expect(hashOfLines(csv)).toBe(settlement.hash)
    const parquet = await parquetReadObjects({ file: await parquetOf() })
    const page = (await get(`${report}.html`)).text
    for (const { line, paymentId, gross, refunds, fees, vat, net } of parquet) {
      const row = page.split('<tr>').find((part) => part.startsWith(`<td class="number">${line}</td>`))!
      expect(row).toContain(`<td>${paymentId}`)
      const inRow = [...row.matchAll(/<data value="(-?\d+)">/g)].map(([, value]) => BigInt(value!))
      expect(inRow).toEqual([gross, refunds, 0n, fees, vat, 0n, net])
      const inCsv = csv.split('\n').find((text) => text.startsWith(`${line},`))!
      expect(inCsv.endsWith(`,${gross},${refunds},0,${fees},${vat},0,0,${net},`)).toBe(true)
    }
  })
})

describe('the page', () => {
  test.each([
    ['', 'vi', { 'accept-language': 'vi' }],
    ['', 'en', { 'accept-language': 'en-GB' }],
    ['?lang=vi', 'vi', { 'accept-language': 'en' }],
  ])('%s is in %s', async (query, language, headers) => {
    const { text } = await get(`${report}.html${query}`, headers)
    expect(text).toContain(`<html lang="${language}">`)
    expect(text).toContain(language === 'vi' ? 'Bảng kê quyết toán' : 'Settlement report')
  })

  test('repeats its head on paper, and may load nothing', async () => {
    const { text, headers } = await get(`${report}.html`)
    expect(text).toContain('thead { display: table-header-group }')
    const style = /<style>(.*)<\/style>/s.exec(text)![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
    )
    expect((await get(`${report}.html?lang=fr`)).body.code).toBe('validation_failed')
  })

  test('with too many lines has the sums, and leads to the files', async () => {
    const { state } = await gateway.services.gateway.settlements.load(settlement.id)
    if (state.status === 'new') throw new Error('not closed')
    const pageOf = async (count: number, carriedIn: string) => {
      const large = { ...state, count, carriedIn }
      const none = async function* () {}
      let text = ''
      const shown = { settlement: large, merchantName: 'A', language: 'en' as const }
      for await (const piece of reportPage(shown, none)) text += piece
      return text
    }
    expect(await pageOf(linesMax, '0')).toContain('<table>')
    for (const text of [await pageOf(linesMax + 1, '0'), await pageOf(linesMax, '-1')]) {
      expect(text).not.toContain('<table>')
      expect(text).toContain('5,001 lines: this page lists no more than 5,000.')
      expect(text).toContain('<a href="report.csv">CSV</a>, <a href="report.parquet">Parquet</a>')
      expect(text).toContain(state.hash)
    }
  })
})

test.each(['csv', 'html', 'parquet'])(
  "report.%s of another merchant's settlement is not there",
  async (form) => {
    const status = async (key: string) => (await gateway.call('GET', `${report}.${form}`, { key })).status
    expect([await status(other.key), await status(shop.key), await status(operatorKey)]).toEqual([
      404, 200, 200,
    ])
  },
)

test.each(['html', 'parquet'])(
  'report.%s breaks off where the entries are not those that were hashed',
  async (form) => {
    const { reads, ...rest } = gateway.services.closing
    const entries: typeof reads.entries = async (range, limit) =>
      (await reads.entries(range, limit)).map((entry) => ({ ...entry, gross: entry.gross + 1n }))
    const services = { ...gateway.services, closing: { ...rest, reads: { ...reads, entries } } }
    const { createApp } = await import('../../src/http/app.ts')
    const answer = await createApp(services).request(`${report}.${form}`, {
      headers: { authorization: `Bearer ${shop.key}` },
    })
    await expect(answer.arrayBuffer()).rejects.toThrow('are not those it was closed with')
  },
)

describe('the console', () => {
  test('lists settlements with their files, for whom they are', async () => {
    const visitor = await signedIn(gateway, shop.key)
    const { text } = await visitor.get('/console/settlements?lang=en')
    expect(text).toContain('11/22/2026')
    expect(text).toContain('₫172,800')
    expect(text).toContain('<span class="pill warn">requested</span>')
    for (const form of ['csv', 'html', 'parquet']) {
      const path = `/console/settlements/${settlement.id}/report.${form}`
      expect(text).toContain(`href="${path}?lang=en"`)
      const byKey = await gateway.call('GET', `${report}.${form}${form === 'html' ? '?lang=en' : ''}`, {
        key: shop.key,
      })
      const bySession = await visitor.get(`${path}?lang=en`)
      expect([bySession.status, bySession.text]).toEqual([200, byKey.text])
      expect(bySession.headers.get('content-disposition')).toBe(byKey.headers.get('content-disposition'))
      const stranger = await signedIn(gateway, other.key)
      expect((await stranger.get(path)).status).toBe(404)
    }
    expect((await visitor.get('/console/settlements')).text).toContain('đã lập lệnh chi')
  })

  test("gives a merchant's own period, and the operator the one it names", async () => {
    const visitor = await signedIn(gateway, shop.key)
    const query = 'from=2026-11-22&to=2026-11-22'
    const own = await visitor.get(`/console/reports/payments.csv?${query}`)
    expect(own.text).toContain(`# merchantId: ${shop.merchantId}\n`)
    const operator = await signedIn(gateway, operatorKey)
    const named = await operator.get(`/console/reports/payments.csv?${query}&merchantId=${shop.merchantId}`)
    expect(named.text).toBe(own.text)
    expect((await operator.get('/console/settlements')).text).toContain('name="merchantId"')
  })
})
