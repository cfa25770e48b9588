// When a month is published: once, some days after its end, as it was known then. What comes later does not change it, so that no two answers differ by one sale.
import { addDays } from '../../core/businessDay.ts'
import { lastDay } from '../definitions/cohorts.ts'

/** Days after the end of a month in which late notifications still count. */
const graceDays = 10

/** The first instant of a day in Hanoi. */
const startOf = (date: string): string => new Date(`${date}T00:00:00+07:00`).toISOString()

/** The instant at which a month (`2026-11`) is published: what was recorded by then counts. */
export const publishedAt = (month: string): string => startOf(addDays(lastDay(month), graceDays + 1))

/** Whether a month is published just then. */
export const isPublication = (instant: string): boolean =>
  publishedAt(previous(instant.slice(0, 7))) === instant

/** The latest month that is published at an instant (RFC 3339 UTC, milliseconds). */
export function lastPublished(now: string): string {
  const own = now.slice(0, 7)
  const before = previous(own)
  if (publishedAt(own) <= now) return own
  return publishedAt(before) <= now ? before : previous(before)
}

export const previous = (month: string): string => addDays(`${month}-01`, -1).slice(0, 7)
export const next = (month: string): string => addDays(lastDay(month), 1).slice(0, 7)

/** The months from one to another, both included. */
export function monthsBetween(from: string, to: string): readonly string[] {
  const months: string[] = []
  for (let month = from; month <= to; month = next(month)) months.push(month)
  return months
}
