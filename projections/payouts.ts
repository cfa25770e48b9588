// Payouts: one row for each order to a bank, with what became of it.
import { type PayoutEvent, payoutStatuses } from '../src/domain/settlement/payout.ts'
import type { FiledPayout } from '../src/domain/settlement/payoutFile.ts'
import { projection } from './projection.ts'

export type PayoutRow = FiledPayout & {
  readonly attempt: number
  /** Where in the log it was asked for. */
  readonly position: string
  readonly status: string
}

export const payouts = projection<PayoutEvent, PayoutRow>({
  name: 'payouts_v1',
  columns: {
    endToEndId: 'text',
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
    requestedAt: 'text',
    status: 'text',
  },
  key: ['endToEndId'],
  indexes: [{ columns: ['businessDate'] }, { columns: ['position'] }],
  handles: ['PayoutRequested', 'PayoutAccepted', 'PayoutSettled', 'PayoutRejected'],
  begins: 'PayoutRequested',
  keyOf: ({ data }) => [data.endToEndId],
  evolve: (row, event) => {
    if (event.type !== 'PayoutRequested') return row && { ...row, status: payoutStatuses[event.type] }
    const { amount, account, ...order } = event.data
    return {
      ...order,
      position: event.position,
      currency: amount.currency,
      amount: BigInt(amount.amount),
      ...account,
      status: payoutStatuses[event.type],
    }
  },
})
