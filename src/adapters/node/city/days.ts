// The days of the seeded city: the two years that Hanoi's targets are about, counted from 0.
import { addDays } from '../../../domain/core/businessDay.ts'

export const cityBegin = '2017-01-01'
export const cityDays = 730
export const firstYearDays = 365

export const dayMs = 86_400_000
const midnight = Date.parse(`${cityBegin}T00:00:00+07:00`)

/** The business date of a day. */
export const dateOf = (day: number): string => addDays(cityBegin, day)

/** The day of a business date; before the first it is below 0. */
export const dayOf = (date: string): number => Math.round((Date.parse(date) - Date.parse(cityBegin)) / dayMs)

/** The instant, in milliseconds, so long after a day began in Hanoi. */
export const instantOn = (day: number, afterMs: number): number => midnight + day * dayMs + afterMs
