// The page of statistics over HTTP: the figures of the API in words, any day of the past, both languages, and nothing of what is hidden.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingTo } from '../../src/domain/adoption/indicators.ts'
import { districts } from '../../src/domain/adoption/places.ts'
import { byDistrict } from '../../src/http/pages/statistics/districts.ts'
import { lineChart } from '../../src/http/pages/statistics/lineChart.ts'
import { tiles } from '../../src/http/pages/statistics/tiles.ts'
import { openTestGateway } from '../support/gateway.ts'
import { makeSmallCity } from '../support/smallCity.ts'

type Gateway = Awaited<ReturnType<typeof openTestGateway>>
let gateway: Gateway

beforeAll(async () => {
  gateway = await openTestGateway()
  await makeSmallCity(gateway)
})
afterAll(() => gateway.stop())

const page = async (query = '', from: Gateway = gateway) =>
  from.call('GET', `/statistics?lang=en${query}`, { headers: { accept: 'text/html' } })

/** What a reader sees, without marks and with single spaces. */
const wordsOf = (text: string): string =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** The cells of the first row of a page whose heading is this. */
const rowOf = (text: string, heading: string): string[] => {
  const row = text.split('<tr role="row">').find((part) => wordsOf(part.split('</th>')[0]!) === heading)
  return [...row!.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => wordsOf(cell!))
}

describe('targets', () => {
  test('are shown with numerator, denominator, share, result and what is missing', async () => {
    const { status, text } = await page()
    expect(status).toBe(200)
    const words = wordsOf(text)
    // 2017: four supermarkets of which all sell, and one of the registry that does not; 4 of 5 are just 80 %.
    expect(words).toContain('80 % target 80 % ✓ Met 4 of 5 establishments, by the registry')
    expect(words).toContain('No establishment is missing.')
    // 2018: 9 of 12 are 75 %, and 85 % of 12 are 10.2: eleven, two more.
    expect(words).toContain('75 % target 85 % Not met yet 9 of 12 establishments, by the registry')
    expect(words).toContain('Establishments still missing: 2.')
    const label =
      'Modern distribution and retail outlets, petrol stations, electricity, water and telecom providers that accept payment without cash'
    expect(rowOf(text, label)).toEqual(['85 %', '9', '12', '75 %', '2', 'Not met yet'])
    expect(text.indexOf('Targets of 2017')).toBeLessThan(text.indexOf('Targets of 2018'))
  })

  test('are as they were on the day that is chosen', async () => {
    const words = wordsOf((await page('&asOf=2025-11-30')).text)
    expect(words).toContain('Figures as of November 30, 2025')
    expect(words).toContain('0 % target 85 % Not met yet 0 of 12 establishments')
  })

  test.each([
    [80, 4, 5, 0],
    [80, 3, 5, 1],
    [85, 9, 12, 2],
    [80.1, 801, 1000, 0],
    [80.1, 800, 1000, 1],
    [80, 5, 5, 0],
  ])('of %d percent with %d of %d lack %d', (target, numerator, denominator, missing) => {
    expect(missingTo(target, { numerator, denominator })).toBe(missing)
    const isMet = (more: number) => (numerator + more) * 100 >= target * denominator - 1e-9
    expect(isMet(missing)).toBe(true)
    expect(missing === 0 || !isMet(missing - 1)).toBe(true)
  })
})

describe('the page', () => {
  test('says the same in Vietnamese, and needs no script', async () => {
    const { text, headers } = await gateway.call('GET', '/statistics?lang=vi')
    expect(headers.get('content-language')).toBe('vi')
    expect(wordsOf(text)).toContain('Còn thiếu 2 cơ sở.')
    expect(text).not.toContain('<script')
    expect(text).not.toMatch(/ style="/)
    expect(text).not.toMatch(/undefined|NaN|\[object/)
  })

  test('shows sectors, methods and months as the API counts them', async () => {
    const { text } = await page()
    expect(rowOf(text, 'Petrol station')).toEqual(['4', '3', '3', '75 %'])
    expect(rowOf(text, 'Card')[0]).toBe('6')
    expect(rowOf(text, 'VietQR')[0]).toBe('10')
    expect(rowOf(text, 'Dec 2025')[0]).toBe('16')
    const { body } = await gateway.call(
      'GET',
      '/v1/statistics/payments?from=2025-12-01&to=2025-12-31&interval=month',
    )
    expect(rowOf(text, 'Dec 2025')[1]).toBe(`₫${Number(body.data[0].value).toLocaleString('en-US')}`)
  })

  test('has a tile for each of the thirty districts, with its number as text', async () => {
    expect(tiles.map(({ district }) => district).toSorted()).toEqual([...districts].toSorted())
    expect(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size).toBe(30)
    const { text } = await page()
    expect(text).toContain('<title>Hoàn Kiếm: 66.7 %, 2 of 3 sites</title>')
    expect(text).toContain('<title>Ba Vì: no sites</title>')
  })

  test('has every definition of the API one click away', async () => {
    const { body } = await gateway.call('GET', '/v1/statistics/definitions')
    const words = wordsOf((await page()).text)
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
    for (const { id, text } of body.data) expect(words, id).toContain(text.en)
  })

  test('offers files that are there', async () => {
    const { text } = await page('&asOf=2026-10-31&knownAt=2026-11-01T00:00')
    const links = [...text.matchAll(/href="(\/v1\/statistics[^"]+)" download/g)].map(([, href]) =>
      href!.replaceAll('&amp;', '&'),
    )
    expect(links.length).toBe(27)
    for (const href of links) {
      expect(href).toContain('knownAt=2026-11-01T00%3A00%3A00%2B07%3A00')
      expect((await gateway.call('GET', href)).status, href).toBe(200)
    }
  })

  test('reads the time of its form as Hanoi’s, and shows it again', async () => {
    const { status, text } = await page('&knownAt=2026-06-30T12:00')
    expect(status).toBe(200)
    expect(wordsOf(text)).toContain('Figures as of June 30, 2026, as recorded by 06/30/2026, 12:00:00')
    expect(text).toContain('name="knownAt" value="2026-06-30T12:00"')
    expect((await page('&knownAt=2026-06-30T05:00:00Z')).text).toContain('value="2026-06-30T12:00"')
  })

  test.each([
    ['&asOf=2027-01-01', 'Choose a day of the past.'],
    ['&asOf=yesterday', 'Choose a day of the past.'],
    ['&knownAt=2027-01-01T00:00', 'Choose a time of the past.'],
    ['&knownAt=soon', 'Choose a time of the past.'],
    ['&asOf=2026-10-01&knownAt=2026-09-01T00:00', 'The day must not be after'],
  ])('says what is wrong with %s, and keeps the form', async (query, says) => {
    const { status, text } = await page(query)
    expect(status).toBe(422)
    expect(text).toContain(says)
    expect(text).toContain('<form class="ask" method="get"')
  })

  test('escapes what its address holds', async () => {
    const { text } = await page(`&asOf=${encodeURIComponent('"><script>')}`)
    expect(text).not.toContain('<script')
  })
})

test('a district that is written in several ways is one, and hidden where a part of it is', () => {
  const point = { registered: 2, installed: 1, active: 1 }
  expect(
    byDistrict([
      { district: 'Quận Hoàn Kiếm', ...point },
      { district: 'hoan kiem', ...point },
      { district: 'Ba Đình', ...point },
      { district: 'Q. Ba Đình?', ...point },
      { district: 'Quận Ba Đình', registered: 1, installed: null, active: null, suppressed: true },
    ]),
  ).toEqual([
    { district: 'Ba Đình', registered: 3, installed: null, active: null, suppressed: true },
    { district: 'Hoàn Kiếm', registered: 4, installed: 2, active: 2 },
    { district: 'Q. Ba Đình?', ...point },
  ])
})

test('a hidden month breaks the line, and nothing of its height is drawn', () => {
  const points = [10, undefined, 20, 30].map((value, index) => ({ name: `m${index}`, value }))
  const svg = String(lineChart({ says: 'x', points, show: String, hidden: 'hidden' }))
  const [, path] = /class="line" d="([^"]*)"/.exec(svg)!
  expect(path!.match(/M/g)).toHaveLength(2)
  expect(svg.match(/<circle/g)).toHaveLength(3)
  expect(svg).toContain('<title>m1: hidden</title><path d="M164,172l8,8m0,-8l-8,8"/>') // on the ground
})

describe('where disclosure control is on', () => {
  let guarded: Gateway
  beforeAll(async () => {
    guarded = await openTestGateway({ disclosure: 'on' })
    await makeSmallCity(guarded, 42)
    guarded.clock.now = new Date('2026-11-24T03:00:00.000Z')
  })
  afterAll(() => guarded.stop())

  test('the page shows the last published month, and hidden cells as hidden', async () => {
    const { status, text } = await page('', guarded)
    expect(status).toBe(200)
    expect(wordsOf(text)).toContain('Figures as of October 31, 2026')
    expect(text).toContain('fewer than 3 merchants')
    const { body } = await guarded.call('GET', '/v1/statistics/acceptance?by=sector')
    const hidden = body.data.filter(({ suppressed }: { suppressed: boolean }) => suppressed)
    expect(hidden.length).toBeGreaterThan(0)
    const names: Record<string, string> = {
      supermarket: 'Supermarket',
      'petrol-station': 'Petrol station',
      electricity: 'Electricity',
      vending: 'Vending',
      'unattended-shop': 'Unattended shop',
      restaurant: 'Restaurant',
    }
    for (const { sector, registered, active, suppressed } of body.data) {
      const [shownRegistered, , shownActive, share] = rowOf(text, names[sector]!)
      expect(shownRegistered).toBe(String(registered))
      if (suppressed) expect([shownActive, share]).toEqual(['hidden', 'hidden'])
      else expect(shownActive).toBe(String(active))
    }
    expect(text).not.toMatch(/undefined|NaN|\[object/)
  })

  test('a tile that is hidden says no share, in its color as little as in its text', async () => {
    const { text } = await page('', guarded)
    const { body } = await guarded.call('GET', '/v1/statistics/acceptance?by=district')
    const hidden = body.data.filter(({ suppressed }: { suppressed: boolean }) => suppressed)
    expect(hidden.length).toBeGreaterThan(0)
    for (const { district, registered } of hidden)
      expect(text).toContain(
        `<g class="tile hatched"><title>${district}: hidden, ${registered} sites</title>`,
      )
  })

  test('only published months can be chosen, and every file offered is there', async () => {
    const { text } = await page('&asOf=2026-09-30', guarded)
    expect(wordsOf(text)).toContain('Figures as of September 30, 2026')
    expect(text).toContain('<option value="2026-10-31">Oct 2026</option>')
    expect(text).not.toContain('name="knownAt"')
    const links = [...text.matchAll(/href="(\/v1\/statistics[^"]+)" download/g)].map(([, href]) =>
      href!.replaceAll('&amp;', '&'),
    )
    expect(links.length).toBe(11)
    for (const href of links) expect((await guarded.call('GET', href)).status, href).toBe(200)
    const refused = await page('&asOf=2026-11-20', guarded)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Only published months can be seen.')
  })
})
