// Why an entry is in the settlement of a later business date than its own.
import { addDays } from '../core/businessDay.ts'
import { type CutOff, cutInstant } from './cutOff.ts'
import type { Entry } from './entry.ts'

/**
 * `after_cut`: recorded on an earlier date, which had been cut before it was over. `reported_late`: it happened on an
 * earlier date, and was recorded after that ended.
 */
export type LateReason = 'after_cut' | 'reported_late'

/** When a business date begins, as an instant and as milliseconds. */
export type DateStart = { readonly instant: string; readonly ms: number }

export function startOf(businessDate: string, cutOff: CutOff): DateStart {
  const instant = cutInstant(addDays(businessDate, -1), cutOff)
  return { instant, ms: Date.parse(instant) }
}

/** `recordedAt` is as the store writes it; `occurredAt` as somebody said it. */
export function lateReason(
  { occurredAt, recordedAt }: Pick<Entry, 'occurredAt' | 'recordedAt'>,
  start: DateStart,
): LateReason | undefined {
  if (recordedAt < start.instant) return 'after_cut'
  return occurredAt !== recordedAt && Date.parse(occurredAt) < start.ms ? 'reported_late' : undefined
}
