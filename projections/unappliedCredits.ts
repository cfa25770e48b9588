// Money that arrived and is not, or not wholly, on a payment: one row a credit, with why and since when.
import type { CreditEvent } from '../src/domain/payments/credit.ts'
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

export const unappliedCredits = projection<Unapplied, UnappliedCreditRow>({
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
  handles: ['CreditUnapplied'],
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => ({
    id: streamId(event),
    amount: (row?.amount ?? 0n) + BigInt(event.data.amount.amount),
    currency: event.data.amount.currency,
    reason: event.data.reason,
    merchantId: (event.data.paymentId && event.data.merchantId) ?? null, // a payment that never was names nobody
    paymentId: event.data.paymentId ?? null,
    bankBin: event.data.bankBin,
    accountNumber: event.data.accountNumber,
    receivedAt: event.data.receivedAt,
  }),
})
