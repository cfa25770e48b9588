// Outgoing transfers, of refunds and of returned money: how each stands, and which are to be sent or asked about.
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import type { QrPaymentEvent } from '../src/domain/payments/qrPayment.ts'
import { projection, streamId } from './projection.ts'

export type TransferRow = {
  readonly id: string
  readonly status: string
  readonly amount: bigint
  readonly currency: string
  readonly creditId: string
  readonly paymentId: string | null
  readonly refundId: string | null
  readonly merchantId: string | null
  readonly failure: string | null
  /** When to send it or to ask about it; null once the outcome is known. */
  readonly dueAt: string | null
  readonly requestedAt: string
}

type Of<Events extends { type: string }, Names> = Extract<Events, { type: Names }>
type Handled =
  | Of<
      QrPaymentEvent,
      'RefundTransferRequested' | 'RefundSent' | 'RefundUnknown' | 'RefundCompleted' | 'RefundFailed'
    >
  | Of<
      CreditEvent,
      | 'CreditReturnRequested'
      | 'CreditReturnSent'
      | 'CreditReturnUnknown'
      | 'CreditReturned'
      | 'CreditReturnFailed'
    >

export const transfers = projection<Handled, TransferRow>({
  name: 'transfers_v1',
  columns: {
    id: 'text',
    status: 'text',
    amount: 'money',
    currency: 'text',
    creditId: 'text',
    paymentId: 'text',
    refundId: 'text',
    merchantId: 'text',
    failure: 'text',
    dueAt: 'text',
    requestedAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['dueAt'], present: 'dueAt' }, { columns: ['requestedAt', 'id'] }],
  handles: [
    'RefundTransferRequested',
    'RefundSent',
    'RefundUnknown',
    'RefundCompleted',
    'RefundFailed',
    'CreditReturnRequested',
    'CreditReturnSent',
    'CreditReturnUnknown',
    'CreditReturned',
    'CreditReturnFailed',
  ],
  keyOf: ({ data }) => [data.transferId],
  evolve: (row, event) => {
    switch (event.type) {
      case 'RefundTransferRequested':
        return {
          ...requested(event.data),
          paymentId: streamId(event),
          refundId: event.data.refundId,
        }
      case 'CreditReturnRequested':
        return { ...requested(event.data), paymentId: null, refundId: null }
      case 'RefundSent':
      case 'CreditReturnSent':
        return row && { ...row, status: 'sent', dueAt: event.data.askAt }
      case 'RefundUnknown':
      case 'CreditReturnUnknown':
        return row && { ...row, status: 'unknown', dueAt: event.data.askAt }
      case 'RefundCompleted':
      case 'CreditReturned':
        return row && { ...row, status: 'completed', dueAt: null }
      case 'RefundFailed':
      case 'CreditReturnFailed':
        return row && { ...row, status: 'failed', failure: event.data.reason, dueAt: null }
    }
  },
})

type Requested = Extract<Handled, { type: 'RefundTransferRequested' | 'CreditReturnRequested' }>['data']

const requested = ({ transferId, creditId, amount, merchantId, requestedAt }: Requested) => ({
  id: transferId,
  status: 'requested',
  amount: BigInt(amount.amount),
  currency: amount.currency,
  creditId,
  merchantId: merchantId ?? null,
  failure: null,
  dueAt: requestedAt,
  requestedAt,
})
