// Which open payments unapplied money may have been meant for: the likeliest first, each with the reasons that speak for it.
import { editDistance } from '../core/editDistance.ts'

/** The money: what is unapplied of it, when it was paid, and what its text says in place of a reference. */
export type Stray = {
  readonly amount: bigint
  readonly paidAt: string
  readonly nearReferences: readonly string[]
  readonly payerHash: string | undefined
}

type OpenPayment = {
  readonly reference: string
  readonly due: bigint
  readonly requestedAt: string
  /** Hashes of the accounts that paid parts of it. */
  readonly payerHashes: readonly string[]
}

export const candidateReasons = [
  'reference_one_edit',
  'reference_two_edits',
  'same_payer',
  'amount_equal',
  'amount_near',
  'time_near',
] as const
type CandidateReason = (typeof candidateReasons)[number]

/** A mistyped reference outweighs all but the rest together; the amount is a hint that many payments may share. */
const weights: Readonly<Record<CandidateReason, number>> = {
  reference_one_edit: 8,
  reference_two_edits: 6,
  same_payer: 5,
  amount_equal: 4,
  amount_near: 2,
  time_near: 1,
}

const nearPercent = 5n
const nearMs = 30 * 60_000

type Ranked<P> = { readonly payment: P; readonly reasons: readonly CandidateReason[] }

/** Among equals the nearer amount, then the later payment. */
export function rankCandidates<P extends OpenPayment>(stray: Stray, open: readonly P[]): Ranked<P>[] {
  return open
    .map((payment) => ({ payment, reasons: reasonsFor(payment, stray) }))
    .sort(
      (a, b) =>
        weightOf(b) - weightOf(a) ||
        Number(gap(a.payment, stray) - gap(b.payment, stray)) ||
        Date.parse(b.payment.requestedAt) - Date.parse(a.payment.requestedAt),
    )
}

const weightOf = ({ reasons }: Ranked<unknown>): number =>
  reasons.reduce((sum, reason) => sum + weights[reason], 0)

function reasonsFor(payment: OpenPayment, stray: Stray): CandidateReason[] {
  const edits = Math.min(...stray.nearReferences.map((text) => editDistance(text, payment.reference)))
  const apart = gap(payment, stray)
  const lateMs = Date.parse(stray.paidAt) - Date.parse(payment.requestedAt)
  const holds: Readonly<Record<CandidateReason, boolean>> = {
    reference_one_edit: edits <= 1,
    reference_two_edits: edits === 2,
    same_payer: stray.payerHash !== undefined && payment.payerHashes.includes(stray.payerHash),
    amount_equal: apart === 0n,
    amount_near: apart > 0n && apart * 100n <= payment.due * nearPercent,
    time_near: lateMs >= 0 && lateMs <= nearMs,
  }
  return candidateReasons.filter((reason) => holds[reason])
}

const gap = ({ due }: OpenPayment, { amount }: Stray): bigint => (due > amount ? due - amount : amount - due)
