// A published month: where there is a site there is a row, so that no table of payments tells which of few sites sold.
import { describe, expect, test } from 'vitest'
import { cellsBy, publishedPayments } from '../../../src/domain/adoption/disclosure/published.ts'

const site = (merchantId: string, district: string) => ({ merchantId, sector: 'restaurant', district })
const sold = (merchantId: string, district: string) => ({
  ...site(merchantId, district),
  method: 'qr',
  band: 50_000n,
  count: 50,
  gross: 3_000_000n,
})
const six = (district: string) => [1, 2, 3, 4, 5, 6].map((n) => [`${district}${n}`, district] as const)
const sellers = [...six('A'), ...six('B')]
const sales = [...sellers.map((of) => sold(...of)), sold('C1', 'C')]
const sites = [
  ...sellers.map((of) => site(...of)),
  site('C1', 'C'),
  site('D1', 'D'),
  ...['E1', 'E2', 'E3'].map((merchant) => site(merchant, 'E')),
]

/** What the public sees of each district. */
const shownOf = (published: ReturnType<typeof publishedPayments>, by: readonly string[]) =>
  cellsBy(published, by).map(({ id, values, measures }) => [
    values.district,
    published.suppressed.has(id) ? 'suppressed' : Number(measures[0]),
  ])

describe('a district with one site', () => {
  test.each([[['district']], [['sector', 'district']], [['sector', 'district', 'method']]])(
    'looks the same whether it sold or not: by %s',
    (by) => {
      const shown = new Map(shownOf(publishedPayments(sales, sites), by) as [string, number | string][])
      expect([...shown.keys()]).toEqual(['A', 'B', 'C', 'D', 'E'])
      expect([shown.get('C'), shown.get('D')]).toEqual(['suppressed', 'suppressed'])
      expect(shown.get('E')).toBe(0) // of three merchants, as acceptance shows that none of them is active
    },
  )

  test('is not given away as the only one that is hidden, though nothing was sold there', () => {
    const own = (of: readonly { district: string }[]) => of.filter(({ district }) => district !== 'C')
    const published = publishedPayments(own(sales) as typeof sales, own(sites) as typeof sites)
    const hidden = shownOf(published, ['district']).filter(([, shown]) => shown === 'suppressed')
    expect(hidden.map(([district]) => district)).toEqual(['A', 'D', 'E']) // one that sold with those that did not
  })
})

test('merchants that sold nothing do not hide the few that did', () => {
  const published = publishedPayments([...sales, sold('E1', 'E'), sold('E2', 'E')], sites)
  expect(new Map(shownOf(published, ['district']) as [string, number | string][]).get('E')).toBe('suppressed')
})

test('bands are there only where something was sold', () => {
  const published = publishedPayments(sales, sites)
  expect(cellsBy(published, ['band', 'method']).map(({ values }) => values)).toEqual([
    { band: '50000', method: 'qr' },
  ])
})
