// When a mandate's debits are carried out, and when a bank that gave no answer is asked again.
import { addDays, businessDate } from '../core/businessDay.ts'

const dayMs = 86_400_000
/** Of a day, not before seven in the morning in Vietnam. */
const beginsUtc = 'T00:00:00.000Z'

/** On the due date, or at once if that is past; never sooner than the notice period after the notice. */
export function debitTime(
  dueOn: string,
  announcedAt: string,
  noticeDays: number,
): { debitOn: string; debitAt: string } {
  const noticeEnds = new Date(Date.parse(announcedAt) + noticeDays * dayMs).toISOString()
  const soonest = addDays(businessDate(announcedAt), noticeDays)
  const debitOn = dueOn > soonest ? dueOn : soonest
  const begins = `${debitOn}${beginsUtc}`
  return { debitOn, debitAt: begins > noticeEnds ? begins : noticeEnds }
}

/** A bank has this long to answer before it is asked; a connector gives up sooner, and then says that it does not know. */
export const answerWithinMs = 60_000
const firstAskMs = 2_000
const askEveryMaxMs = 6 * 3_600_000

/** When to ask again after so many times. */
export const nextAsk = (at: string, asks: number): string =>
  later(at, Math.min(firstAskMs * 2 ** asks, askEveryMaxMs))

/** A bank that has not said within two days whether it takes a mandate has declined it. */
export const registrationEnds = (requestedAt: string): string => later(requestedAt, 2 * dayMs)

/** A payment can wait for its debit longer than a bank may leave one pending (two days). */
export const paymentExpires = (at: Date): Date => new Date(at.getTime() + 3 * dayMs)

export const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString()

export const hasCome = (at: string, now: Date): boolean => Date.parse(at) <= now.getTime()
