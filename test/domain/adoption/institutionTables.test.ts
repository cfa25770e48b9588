// What each row of the institutions' tables counts, and periods.
import { describe, expect, test } from 'vitest'
import { periodAround, periodOf } from '../../../src/domain/adoption/tables/period.ts'
import { institutionTables } from '../../../src/domain/adoption/tables/tables.ts'

const day = '2026-09-30'
const payment = (method: string, currency = 'VND') => ({ method, currency, count: 1, gross: 1n })
const terminal = (
  kind: string,
  activatedOn: string | null = '2026-01-01',
  revokedOn: string | null = null,
) => ({
  kind,
  activatedOn,
  revokedOn,
  count: 1,
})
const site = (qrSince: string | null) => ({
  id: 's',
  merchantId: 'm',
  sector: 'market',
  district: 'Ba Vì',
  registeredOn: '2026-01-01',
  terminalSince: null,
  qrSince,
  lastPaidOn: null,
})

const samples: Record<string, object> = {
  'QR in đồng': payment('qr'),
  'card in đồng': payment('card'),
  'QR in dollars': payment('qr', 'USD'),
  'card in dollars': payment('card', 'USD'),
  'another method': payment('cash'),
  'a POS': terminal('pos'),
  'a POS of tomorrow': terminal('pos', '2026-10-01'),
  'a POS never activated': terminal('pos', null),
  'a POS revoked on the day': terminal('pos', '2026-01-01', day),
  'a POS revoked the day after': terminal('pos', '2026-01-01', '2026-10-01'),
  'a QR display': terminal('qr-display'),
  'a pump': terminal('pump'),
  'a vending machine': terminal('vending'),
  'a kiosk': terminal('kiosk'),
  'a site with QR': site('2026-09-30'),
  'a site with QR later': site('2026-10-01'),
  'a site without QR': site(null),
}

/** The names of the samples that a row counts. */
function countedBy(table: string, code: string): string[] {
  const row = institutionTables.find(({ id }) => id === table)!.rows.find((row) => row.code === code)!
  const kind = 'payments' in row ? 'method' : 'terminals' in row ? 'kind' : 'qrSince'
  const counts = ('payments' in row ? row.payments : 'terminals' in row ? row.terminals : row.sites) as (
    sample: object,
    day: string,
  ) => boolean
  return Object.entries(samples)
    .filter(([, sample]) => kind in sample && counts(sample, day))
    .map(([name]) => name)
}

const inDong = ['QR in đồng', 'card in đồng', 'another method']
const pos = ['a POS', 'a POS revoked the day after']
const rows: [string, string, string[]][] = [
  ['sbv-payment-instruments', 'BANK_CARD', ['card in đồng']],
  ['sbv-payment-instruments', 'QR_CODE', ['QR in đồng']],
  ['sbv-payment-instruments', 'TOTAL', inDong],
  ['cpmi-acceptance', 'TERMINALS', [...pos, 'a QR display', 'a pump', 'a vending machine', 'a kiosk']],
  ['cpmi-acceptance', 'POS_TERMINALS', pos],
  ['cpmi-acceptance', 'QR_DISPLAYS', ['a QR display']],
  ['cpmi-acceptance', 'UNATTENDED', ['a pump', 'a vending machine', 'a kiosk']],
  ['cpmi-acceptance', 'QR_POINTS', ['a site with QR']],
  ['cpmi-transactions', 'CREDIT_TRANSFERS', ['QR in đồng']],
  ['cpmi-transactions', 'CARD_PAYMENTS', ['card in đồng']],
  ['cpmi-transactions', 'TOTAL_CASHLESS', inDong],
  ['rbi-payment-indicators', 'A.1', ['QR in đồng']],
  ['rbi-payment-indicators', 'A.2', ['card in đồng']],
  ['rbi-payment-indicators', 'A', inDong],
  ['rbi-payment-indicators', 'B.1', pos],
  ['rbi-payment-indicators', 'B.2', ['a site with QR']],
]
test.each(rows)('%s %s counts %s', (table, code, names) => expect(countedBy(table, code)).toEqual(names))

test('no row is left out here', () => {
  const all = institutionTables.flatMap(({ id, rows }) => rows.map(({ code }) => `${id} ${code}`))
  expect(rows.map(([table, code]) => `${table} ${code}`)).toEqual(all)
})

describe('periods', () => {
  test('have months and an end', () => {
    expect(periodOf('2026-02', 'month')).toEqual({ text: '2026-02', months: ['2026-02'], end: '2026-02-28' })
    expect(periodOf('2024-Q1', 'quarter')).toEqual({
      text: '2024-Q1',
      months: ['2024-01', '2024-02', '2024-03'],
      end: '2024-03-31',
    })
    expect(periodOf('2026', 'year')!.months.length).toBe(12)
  })
  test.each(['2026-Q5', '2026-13', '26', '2026-Q1 ', ''])('"%s" is none', (text) => {
    for (const frequency of ['month', 'quarter', 'year'] as const)
      expect(periodOf(text, frequency)).toBeUndefined()
  })
  test('are found around a day', () => {
    expect(periodAround('2026-10-01', 'quarter')).toBe('2026-Q4')
    expect(periodAround('2026-09-30', 'quarter')).toBe('2026-Q3')
  })
})
