// The terminal's records of a batch beside ours: which each side has that the other has not.
import type { UploadedRecord } from './batch.ts'
import { type CountedEntry, referenceOf } from './batchEntries.ts'

export type ComparedRecords = {
  /** Uploaded, and not recorded here. */
  readonly unknown: readonly UploadedRecord[]
  /** Recorded here, and not uploaded. Authorizations are not uploaded. */
  readonly missing: readonly CountedEntry[]
}

/** By kind, reference and amount, each of ours beside one of theirs at most. */
export function compareRecords(
  ours: readonly CountedEntry[],
  uploaded: Iterable<UploadedRecord>,
): ComparedRecords {
  const open = new Map<string, CountedEntry[]>()
  for (const entry of ours) {
    if (entry.kind === 'authorization') continue
    const key = `${entry.kind} ${referenceOf(entry)} ${entry.amount}`
    open.set(key, [...(open.get(key) ?? []), entry])
  }
  const unknown = [...uploaded].filter(
    ({ kind, reference, amount }) => open.get(`${kind} ${reference} ${amount}`)?.shift() === undefined,
  )
  return { unknown, missing: [...open.values()].flat() }
}
