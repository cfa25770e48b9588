// Money that arrived and is not, or not wholly, on a payment: one row a credit, with why and since when.
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import { unappliedBy } from '../src/domain/payments/creditEnds.ts'
import { projection, streamId } from './projection.ts'

export type UnappliedCreditRow = {
  readonly id: string
  /** What is unapplied now. */
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  readonly merchantId: string | null
  readonly paymentId: string | null
  readonly bankBin: string
  readonly accountNumber: string
  /** What the text says in place of a reference, between spaces. */
  readonly nearReferences: string | null
  readonly payerHash: string | null
  /** The bank's own time. */
  readonly paidAt: string
  readonly receivedAt: string
  /** `receivedAt` while anything is unapplied, then null: what is in this column is what the list shows. */
  readonly openSince: string | null
}

type Handled = Extract<
  CreditEvent,
  {
    type:
      | 'CreditUnapplied'
      | 'CreditApplicationRequested'
      | 'CreditApplicationCompleted'
      | 'CreditApplicationRefused'
      | 'CreditReturnRequested'
      | 'CreditReturnFailed'
      | 'CreditEscheated'
  }
>
type Unapplied = Extract<Handled, { type: 'CreditUnapplied' }>

export const unappliedCredits = projection<Handled, UnappliedCreditRow>({
  name: 'unapplied_credits_v2',
  columns: {
    id: 'text',
    amount: 'money',
    currency: 'text',
    reason: 'text',
    merchantId: 'text',
    paymentId: 'text',
    bankBin: 'text',
    accountNumber: 'text',
    nearReferences: 'text',
    payerHash: 'text',
    paidAt: 'text',
    receivedAt: 'text',
    openSince: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['openSince', 'id'], present: 'openSince' }],
  handles: [
    'CreditUnapplied',
    'CreditApplicationRequested',
    'CreditApplicationCompleted',
    'CreditApplicationRefused',
    'CreditReturnRequested',
    'CreditReturnFailed',
    'CreditEscheated',
  ],
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'CreditUnapplied')
      return withAmount(
        left(streamId(event), event.data),
        (row?.amount ?? 0n) + BigInt(event.data.amount.amount),
      )
    return row && withAmount(row, row.amount + unappliedBy(event))
  },
})

const left = (id: string, data: Unapplied['data']): UnappliedCreditRow => ({
  id,
  amount: 0n,
  currency: data.amount.currency,
  reason: data.reason,
  merchantId: (data.paymentId && data.merchantId) ?? null, // a payment that never was names nobody
  paymentId: data.paymentId ?? null,
  bankBin: data.bankBin,
  accountNumber: data.accountNumber,
  nearReferences: data.nearReferences?.join(' ') ?? null,
  payerHash: data.payerHash ?? null,
  paidAt: data.occurredAt ?? data.receivedAt,
  receivedAt: data.receivedAt,
  openSince: null,
})

const withAmount = (row: UnappliedCreditRow, amount: bigint): UnappliedCreditRow => ({
  ...row,
  amount,
  openSince: amount > 0n ? row.receivedAt : null,
})
