// An entry: what one recorded event adds to what its merchant is owed, or takes from it. A settlement is a sum of entries.
import type { Recorded } from '../core/eventStore.ts'
import type { Currency } from '../core/money.ts'
import { type Movement, type Posting, type payableTypes, postingsOf } from './postings.ts'

/** Minor units. `gross` is what payers paid; the others are what is taken from it, so that `net` is gross less all of them. */
export type Sums = {
  readonly gross: bigint
  readonly refunds: bigint
  readonly chargebacks: bigint
  readonly fees: bigint
  readonly vat: bigint
  readonly reserve: bigint
}

export type Entry = Sums & {
  readonly merchantId: string
  /** Where in the log. */
  readonly position: string
  readonly currency: Currency
  /** What happened, for people. */
  readonly kind: EntryKind
  readonly paymentId: string
  /** The refund's transfer or the dispute, where it is of one. */
  readonly reference: string | null
  readonly occurredAt: string
  readonly recordedAt: string
}

const kinds = {
  PaymentPaid: 'payment',
  PaymentReversed: 'reversal',
  RefundRequested: 'refund',
  RefundTransferRequested: 'refund',
  RefundFailed: 'refund_failed',
  DisputeOpened: 'dispute_opened',
  DisputeWon: 'dispute_won',
  DisputeLost: 'dispute_lost',
} as const satisfies Record<EntryType, string>
/** A payout is what becomes of a settlement, and no part of one. */
type EntryType = Exclude<(typeof payableTypes)[number], 'PayoutRequested' | 'PayoutRejected'>
export type EntryKind = (typeof kinds)[EntryType]

/** Which sum a posting on `merchant_payable` is in; a movement of other money is in none. */
const sumOf = {
  gross: 'gross',
  refund: 'refunds',
  fee: 'fees',
  vat: 'vat',
  reserve: 'reserve',
  chargeback: 'chargebacks',
  receipt: undefined,
  match: undefined,
  unapplied: undefined,
  return: undefined,
  escheat: undefined,
  capture: undefined,
  payout: undefined,
} as const satisfies Record<Movement, keyof Sums | undefined>

export const noSums: Sums = { gross: 0n, refunds: 0n, chargebacks: 0n, fees: 0n, vat: 0n, reserve: 0n }

export const addSums = (a: Sums, b: Sums): Sums => ({
  gross: a.gross + b.gross,
  refunds: a.refunds + b.refunds,
  chargebacks: a.chargebacks + b.chargebacks,
  fees: a.fees + b.fees,
  vat: a.vat + b.vat,
  reserve: a.reserve + b.reserve,
})

export const netOf = ({ gross, refunds, chargebacks, fees, vat, reserve }: Sums): bigint =>
  gross - refunds - chargebacks - fees - vat - reserve

/** The entry of an event, undefined where it leaves what merchants are owed as it is. */
export function entryOf(event: Recorded): Entry | undefined {
  const owed = postingsOf(event).filter(({ account, kind }) => account === 'merchant_payable' && sumOf[kind])
  const first = owed[0]
  if (!first?.merchantId) return undefined
  return {
    merchantId: first.merchantId,
    position: event.position,
    currency: first.amount.currency,
    kind: kinds[event.type as EntryType],
    paymentId: event.stream.slice('payment-'.length),
    reference: referenceIn(event.data),
    ...owed.reduce(posted, noSums),
    occurredAt: event.metadata.occurredAt ?? happenedAt(event.data) ?? event.recordedAt,
    recordedAt: event.recordedAt,
  }
}

function posted(sums: Sums, { kind, side, amount }: Posting): Sums {
  const name = sumOf[kind]!
  const taken = side === 'debit' ? amount.minor : -amount.minor
  return { ...sums, [name]: sums[name] + (name === 'gross' ? -taken : taken) }
}

type Named = Readonly<Partial<Record<'transferId' | 'refundId' | 'disputeId', string>>>
const referenceIn = (data: Named): string | null => data.transferId ?? data.refundId ?? data.disputeId ?? null

const times = ['paidAt', 'reversedAt', 'requestedAt', 'failedAt', 'openedAt', 'wonAt', 'lostAt'] as const
type Timed = Readonly<Partial<Record<(typeof times)[number], string>>>
const happenedAt = (data: Timed): string | undefined => data[times.find((name) => data[name] !== undefined)!]
