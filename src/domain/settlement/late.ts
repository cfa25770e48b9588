// Why an entry is in the settlement of a later business date than its own.
import { businessDateAt, type CutOff } from './cutOff.ts'
import type { Entry } from './entry.ts'

/**
 * `after_cut`: recorded on an earlier date, which had been cut before it was over. `reported_late`: it happened on an
 * earlier date, and was recorded after that ended.
 */
export type LateReason = 'after_cut' | 'reported_late'

export function lateReason(
  { occurredAt, recordedAt }: Pick<Entry, 'occurredAt' | 'recordedAt'>,
  businessDate: string,
  cutOff: CutOff,
): LateReason | undefined {
  if (businessDateAt(recordedAt, cutOff) < businessDate) return 'after_cut'
  return businessDateAt(occurredAt, cutOff) < businessDate ? 'reported_late' : undefined
}
