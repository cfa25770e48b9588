// Payouts: one row for each order to a bank, with what became of it.
import type { PayoutEvent } from '../src/domain/settlement/payout.ts'
import { settlementOf } from '../src/domain/settlement/payout.ts'
import { projection } from './projection.ts'

export type PayoutRow = {
  readonly endToEndId: string
  readonly settlementId: string
  readonly merchantId: string
  readonly businessDate: string
  readonly attempt: number
  /** Where in the log it was asked for. */
  readonly position: string
  readonly currency: string
  readonly amount: bigint
  readonly bankBin: string
  readonly accountNumber: string
  readonly accountName: string
  readonly valueDate: string
  readonly status: string
}

const statuses = {
  PayoutRequested: 'requested',
  PayoutAccepted: 'accepted',
  PayoutSettled: 'settled',
  PayoutRejected: 'rejected',
} as const

export const payouts = projection<PayoutEvent, PayoutRow>({
  name: 'payouts_v1',
  columns: {
    endToEndId: 'text',
    settlementId: 'text',
    merchantId: 'text',
    businessDate: 'text',
    attempt: 'integer',
    position: 'text',
    currency: 'text',
    amount: 'money',
    bankBin: 'text',
    accountNumber: 'text',
    accountName: 'text',
    valueDate: 'text',
    status: 'text',
  },
  key: ['endToEndId'],
  indexes: [{ columns: ['businessDate'] }, { columns: ['position'] }],
  handles: ['PayoutRequested', 'PayoutAccepted', 'PayoutSettled', 'PayoutRejected'],
  begins: 'PayoutRequested',
  keyOf: ({ data }) => [data.endToEndId],
  evolve: (row, event) => {
    if (event.type !== 'PayoutRequested') return row && { ...row, status: statuses[event.type] }
    const { endToEndId, merchantId, businessDate, attempt, amount, account, valueDate } = event.data
    return {
      endToEndId,
      settlementId: settlementOf(endToEndId),
      merchantId,
      businessDate,
      attempt,
      position: event.position,
      currency: amount.currency,
      amount: BigInt(amount.amount),
      ...account,
      valueDate,
      status: statuses[event.type],
    }
  },
})
