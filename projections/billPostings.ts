// What was paid of which bill, and whether its biller has booked it.
import type { BillPaymentEvent } from '../src/domain/bills/billPayment.ts'
import { projection, streamId } from './projection.ts'

export type BillPostingRow = {
  readonly billId: string
  readonly paymentId: string
  /** The bill's, and the place of the payment among its events: the order of what came at one time. */
  readonly id: string
  readonly billerId: string
  readonly amount: bigint
  readonly lateFee: bigint
  readonly receivedAt: string
  /** `awaited`, `posted` or `refused`. */
  readonly posting: string
  /** The biller's. */
  readonly receiptNumber: string | null
  /** Why it was refused. */
  readonly refusal: string | null
}

const handles = ['BillPaymentReceived', 'BillPaymentPosted', 'BillPaymentRefused'] as const
type Handled = Extract<BillPaymentEvent, { type: (typeof handles)[number] }>

export const billPostings = projection<Handled, BillPostingRow>({
  name: 'bill_postings_v1',
  columns: {
    billId: 'text',
    paymentId: 'text',
    id: 'text',
    billerId: 'text',
    amount: 'money',
    lateFee: 'money',
    receivedAt: 'text',
    posting: 'text',
    receiptNumber: 'text',
    refusal: 'text',
  },
  key: ['billId', 'paymentId'],
  indexes: [{ columns: ['billerId', 'posting', 'receivedAt', 'id'] }],
  handles,
  begins: 'BillPaymentReceived',
  keyOf: (event) => [streamId(event), event.data.paymentId],
  evolve: (row, event) => {
    switch (event.type) {
      case 'BillPaymentReceived': {
        const { paymentId, billerId, amount, lateFee, receivedAt } = event.data
        const billId = streamId(event)
        return {
          billId,
          paymentId,
          id: `${billId}-${event.version}`,
          billerId,
          amount: BigInt(amount.amount),
          lateFee: BigInt(lateFee.amount),
          receivedAt,
          posting: 'awaited',
          receiptNumber: null,
          refusal: null,
        }
      }
      case 'BillPaymentPosted':
        return row && { ...row, posting: 'posted', receiptNumber: event.data.receiptNumber }
      case 'BillPaymentRefused':
        return row && { ...row, posting: 'refused', refusal: event.data.reason }
    }
  },
})
