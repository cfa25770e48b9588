// Periods of tables: `2026-11`, `2026-Q4`, `2026`; written as SDMX writes them.
import { lastDay } from '../definitions/cohorts.ts'
import { monthsBetween } from '../disclosure/publication.ts'
import type { Frequency } from './table.ts'

export type Period = { readonly text: string; readonly months: readonly string[]; readonly end: string }

const shapes: Readonly<Record<Frequency, RegExp>> = {
  month: /^(\d{4})-(0[1-9]|1[0-2])$/,
  quarter: /^(\d{4})-Q([1-4])$/,
  year: /^(\d{4})$/,
}

/** Undefined where the text names no such period. */
export function periodOf(text: string, frequency: Frequency): Period | undefined {
  const parts = shapes[frequency].exec(text)
  if (!parts) return undefined
  const [, year, number = '1'] = parts
  const first = frequency === 'quarter' ? 3 * Number(number) - 2 : Number(number)
  const length = { month: 1, quarter: 3, year: 12 }[frequency]
  const month = (n: number) => `${year}-${String(n).padStart(2, '0')}`
  const months = monthsBetween(month(first), month(first + length - 1))
  return { text, months, end: lastDay(months.at(-1)!) }
}

/** The period that a day is in. */
export function periodAround(day: string, frequency: Frequency): string {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))]
  if (frequency === 'year') return year
  return frequency === 'month' ? day.slice(0, 7) : `${year}-Q${Math.ceil(month / 3)}`
}
