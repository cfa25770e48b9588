// The lines of a settlement's report as a table with types: amounts in minor units, text that is not there as null.
import type { Column } from '../adoption/tables/shape.ts'
import { type ReportLine, reportColumns } from './report.ts'

type Cell = string | bigint | null

const amounts: ReadonlySet<string> = new Set([
  'line',
  'gross',
  'refunds',
  'chargebacks',
  'fees',
  'vat',
  'reserve',
  'carriedIn',
  'net',
])

export const reportTableColumns: readonly Column[] = reportColumns.map((name) => ({
  name,
  type: amounts.has(name) ? 'integer' : 'text',
}))

export const rowOf = (line: ReportLine): readonly Cell[] =>
  reportColumns.map((name): Cell => {
    const value = line[name]
    if (typeof value === 'number') return BigInt(value)
    return value === '' ? null : value
  })
