// What a terminal's batch is counted from: the card payments and refunds of a stretch of the log.
import { paymentOfRefund, retrievalReference } from '../payments/reference.ts'
import type { BatchEntry } from './batchTotals.ts'
import type { ReversalReason } from './cardPaymentEvents.ts'

/** A payment or refund at a terminal, with the places in the log where something happened to it; null: it did not. */
export type BatchRecord = {
  /** `pay_…` or `ref_…`. */
  readonly id: string
  readonly terminalId: string
  readonly currency: string
  /** What was captured, or is given back. */
  readonly amount: bigint
  /** Held to be completed later. */
  readonly authorizedAt: string | null
  /** Captured, or asked to be given back. */
  readonly recordedAt: string | null
  readonly reversedAt: string | null
  readonly reversalReason: string | null
}

/** An entry of the batch, and whose it is. */
export type CountedEntry = BatchEntry & { readonly id: string }

/** The entries of what was recorded after one place in the log, and not after another. */
export const entriesBetween = (records: Iterable<BatchRecord>, after: string, upTo: string): CountedEntry[] =>
  [...records].flatMap((record) => entriesOf(record, after, upTo))

function entriesOf(record: BatchRecord, after: string, upTo: string): CountedEntry[] {
  const { id, amount, authorizedAt, recordedAt, reversedAt, reversalReason } = record
  const within = (at: string | null) => at !== null && at > after && at <= upTo
  if (id.startsWith('ref_')) return within(recordedAt) ? [{ id, kind: 'refund', amount }] : []
  const earlier = recordedAt !== null && recordedAt <= after
  const reversed = within(reversedAt)
  if (reversed && !earlier && isUnseen(reversalReason)) return []
  return [
    ...(within(authorizedAt) ? [{ id, kind: 'authorization', amount } as const] : []),
    ...(within(recordedAt) ? [{ id, kind: 'purchase', amount } as const] : []),
    ...(reversed && recordedAt !== null ? [{ id, kind: 'purchase_reversal', amount } as const] : []),
  ]
}

/** The terminal never knew it as approved, and so it counts it neither as sold nor as undone. */
const isUnseen = (reason: string | null): boolean =>
  (['no_answer', 'partial_not_accepted', 'late_approval'] as const satisfies ReversalReason[]).includes(
    reason as never,
  )

/** DE37 of an entry's transaction. */
export const referenceOf = ({ id }: Pick<CountedEntry, 'id'>): string =>
  retrievalReference(id.startsWith('ref_') ? paymentOfRefund(id) : id)
