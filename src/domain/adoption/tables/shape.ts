// A table as it goes out, whatever the format: columns with types, and rows of cells.
import type { Text } from '../definitions/definition.ts'
import type { Observation } from './table.ts'

export type ColumnType = 'text' | 'integer' | 'flag'
export type Column = { readonly name: string; readonly type: ColumnType }
export type Shaped = {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (string | bigint | boolean | null)[])[]
}

const textColumn = (name: string): Column => ({ name, type: 'text' })

export const institutionColumns: readonly Column[] = [
  ...['period', 'code', 'labelVi', 'labelEn', 'measure', 'unit'].map(textColumn),
  { name: 'value', type: 'integer' },
]

export const shaped = (
  period: string,
  observations: readonly Observation[],
  labels: ReadonlyMap<string, Text>,
): Shaped => ({
  columns: institutionColumns,
  rows: observations.map(({ code, measure, unit, value }) => {
    const { vi, en } = labels.get(code)!
    return [period, code, vi, en, measure, unit, value]
  }),
})

/** Payments by month, district, sector, method and band of amount, as Brazil opens those of Pix. Bounds in minor units. */
export const openDataColumns: readonly Column[] = [
  ...['month', 'district', 'sector', 'method', 'currency'].map(textColumn),
  ...['bandFrom', 'bandBelow', 'count', 'value'].map((name): Column => ({ name, type: 'integer' })),
  { name: 'suppressed', type: 'flag' },
]
