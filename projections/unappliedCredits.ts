// Money that arrived and is not, or not wholly, on a payment: one row a credit, with why and since when.
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import { merchantIdOf, referenceOf } from '../src/domain/payments/reference.ts'
import { projection, streamId } from './projection.ts'

export type UnappliedCreditRow = {
  readonly id: string
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  readonly merchantId: string | null
  readonly paymentId: string | null
  readonly bankBin: string
  readonly accountNumber: string
  readonly receivedAt: string
}

type Unapplied = Extract<CreditEvent, { type: 'CreditUnapplied' }>
type Matched = Extract<CreditEvent, { type: 'CreditMatched' }>

export const unappliedCredits = projection<Unapplied | Matched, UnappliedCreditRow>({
  name: 'unapplied_credits_v1',
  columns: {
    id: 'text',
    amount: 'money',
    currency: 'text',
    reason: 'text',
    merchantId: 'text',
    paymentId: 'text',
    bankBin: 'text',
    accountNumber: 'text',
    receivedAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['receivedAt', 'id'] }],
  handles: ['CreditUnapplied', 'CreditMatched'],
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) =>
    event.type === 'CreditMatched'
      ? row && rest(row, event.data)
      : leftOver(streamId(event), event.data, row),
})

const leftOver = (id: string, data: Unapplied['data'], row: UnappliedCreditRow | undefined) => ({
  id,
  amount: (row?.amount ?? 0n) + BigInt(data.amount.amount),
  currency: data.amount.currency,
  reason: data.reason,
  merchantId: (data.paymentId && data.merchantId) ?? null, // a payment that never was names nobody
  paymentId: data.paymentId ?? null,
  bankBin: data.bankBin,
  accountNumber: data.accountNumber,
  receivedAt: data.receivedAt,
})

/** What a payment that was found later did not need. */
function rest(row: UnappliedCreditRow, { paymentId, applied }: Matched['data']) {
  const amount = row.amount - BigInt(applied.amount)
  const merchantId = merchantIdOf(referenceOf(paymentId))
  return amount > 0n ? { ...row, amount, reason: 'overpaid', merchantId, paymentId } : undefined
}
