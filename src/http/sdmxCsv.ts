// SDMX-CSV 1.0: a table as statistical offices exchange it, one observation a line, codes of SDMX for frequency and status.
import type { Column, Shaped } from '../domain/adoption/tables/shape.ts'
import type { Frequency } from '../domain/adoption/tables/table.ts'
import { csvText } from './csv.ts'

const frequencies: Record<Frequency, string> = { month: 'M', quarter: 'Q', year: 'A' }

/** Columns that name a period or a label, or are what is observed: not dimensions. */
const others = new Set(['period', 'month', 'labelVi', 'labelEn', 'value', 'count', 'suppressed'])

/** `DATAFLOW`, dimensions in upper case, `TIME_PERIOD`, `OBS_VALUE`, `OBS_STATUS` (`A`, `Q`: suppressed) and `CONF_STATUS`. */
export function sdmxCsv(
  table: string,
  schemaVersion: string,
  period: string,
  frequency: Frequency,
  { columns, rows }: Shaped,
): string {
  const flow = `THUNGAN:${table.toUpperCase().replaceAll('-', '_')}(${schemaVersion})`
  const at = (name: string) => columns.findIndex((column) => column.name === name)
  const dimensions = columns.filter(({ name }) => !others.has(name))
  const counted = at('count') !== -1
  const measures = counted ? (['count', 'value'] as const) : (['value'] as const)
  const names = ['FREQ', ...dimensions.map(upper), ...(counted ? ['MEASURE'] : [])]
  const lines = rows.flatMap((row) =>
    measures.map((measure) => {
      const own = dimensions.map(({ name }) => row[at(name)] ?? '_T') // the SDMX code of a total
      const value = row[at(measure)]
      const hidden = value === null
      const which = counted ? [measure === 'count' ? 'number' : 'value'] : []
      const status = hidden ? ['Q', 'C'] : ['A', 'F']
      return [flow, frequencies[frequency], ...own, ...which, period, value, ...status]
    }),
  )
  return csvText(['DATAFLOW', ...names, 'TIME_PERIOD', 'OBS_VALUE', 'OBS_STATUS', 'CONF_STATUS'], lines)
}

const upper = ({ name }: Column): string => name.replace(/[A-Z]/g, '_$&').toUpperCase()
