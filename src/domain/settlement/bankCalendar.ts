// The days on which banks in Vietnam move money, and the day on which a payout is to be carried out.
//
// bankHolidays.json has the days off that the government announced for 2025 and 2026, where they are not a Saturday or
// Sunday; those of 2027 follow the Labor Code and are to be checked once they are announced. A year that is not there
// has its weekends only: add each year's days when they are known. What was closed keeps the date it was given.
import { addDays, businessDate } from '../core/businessDay.ts'
import holidays from './bankHolidays.json' with { type: 'json' }

/** How long after its business date a settlement is paid: the same banking day, the next, or the next Monday. */
export const payoutCycles = ['T+0', 'T+1', 'weekly'] as const
export type PayoutCycle = (typeof payoutCycles)[number]

const monday = 1
const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay()

export const isBankingDay = (date: string): boolean =>
  weekday(date) >= monday && weekday(date) <= 5 && !Object.hasOwn(holidays, date)

/** The date itself, or the first banking day after it. */
export const bankingDayFrom = (date: string): string =>
  isBankingDay(date) ? date : bankingDayFrom(addDays(date, 1))

/** The day on which a settlement of a business date is to be paid: never before it is known, always a banking day. */
export function valueDate(date: string, cycle: PayoutCycle, knownAt: string): string {
  const due = { 'T+0': date, 'T+1': addDays(date, 1), weekly: mondayAfter(date) }[cycle]
  const knownOn = businessDate(knownAt)
  return bankingDayFrom(due > knownOn ? due : knownOn)
}

const mondayAfter = (date: string): string => addDays(date, (7 + monday - weekday(date)) % 7 || 7)
