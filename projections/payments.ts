// Payments as lists show them: one row a payment.
import type { MoneyData } from '../src/domain/core/money.ts'
import type { QrPaymentEvent } from '../src/domain/payments/qrPayment.ts'
import { projection, streamId } from './projection.ts'

export type PaymentRow = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId: string | null
  readonly method: string
  readonly status: string
  readonly currency: string
  readonly amount: bigint
  readonly received: bigint
  readonly refunded: bigint
  readonly fee: bigint
  readonly description: string | null
  readonly orderId: string | null
  /** The caller's own key-value pairs, JSON. */
  readonly metadata: string | null
  readonly payload: string
  /** The provider that collects it and its page, where one does. */
  readonly connectorId: string | null
  readonly payUrl: string | null
  /** Hashes of the accounts that paid parts of it so far, between spaces. */
  readonly payerHashes: string | null
  readonly expiresAt: string
  /** `expiresAt` while the payment is pending, then null: what is in this column is what expiry looks at. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly paidAt: string | null
}

export const payments = projection<QrPaymentEvent, PaymentRow>({
  name: 'payments_v2',
  columns: {
    id: 'text',
    version: 'integer',
    merchantId: 'text',
    siteId: 'text',
    terminalId: 'text',
    method: 'text',
    status: 'text',
    currency: 'text',
    amount: 'money',
    received: 'money',
    refunded: 'money',
    fee: 'money',
    description: 'text',
    orderId: 'text',
    metadata: 'text',
    payload: 'text',
    connectorId: 'text',
    payUrl: 'text',
    payerHashes: 'text',
    expiresAt: 'text',
    dueAt: 'text',
    createdAt: 'text',
    paidAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'createdAt', 'id'] }, { columns: ['dueAt'], present: 'dueAt' }],
  begins: 'PaymentRequested',
  handles: [
    'PaymentRequested',
    'QrIssued',
    'CreditApplied',
    'PaymentPaid',
    'PaymentExpired',
    'PaymentCanceled',
    'RefundCompleted',
  ],
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'PaymentRequested') return requested(streamId(event), event.data)
    if (!row) return undefined
    return { ...row, ...change(row, event), version: event.version }
  },
})

type Requested = Extract<QrPaymentEvent, { type: 'PaymentRequested' }>['data']

const requested = (id: string, data: Requested): PaymentRow => ({
  id,
  version: 1,
  merchantId: data.merchantId,
  siteId: data.siteId,
  terminalId: data.terminalId ?? null,
  method: data.method,
  status: 'pending',
  currency: data.amount.currency,
  amount: minor(data.amount),
  received: 0n,
  refunded: 0n,
  fee: minor(data.fee),
  description: data.description ?? null,
  orderId: data.orderId ?? null,
  metadata: data.metadata ? JSON.stringify(data.metadata) : null,
  payload: '',
  connectorId: data.connectorId ?? null,
  payUrl: null,
  payerHashes: null,
  expiresAt: data.expiresAt,
  dueAt: data.expiresAt,
  createdAt: data.requestedAt,
  paidAt: null,
})

function change(row: PaymentRow, event: QrPaymentEvent): Partial<PaymentRow> {
  switch (event.type) {
    case 'QrIssued':
      return { payload: event.data.payload, payUrl: event.data.payUrl ?? null }
    case 'CreditApplied':
      return {
        received: row.received + minor(event.data.applied),
        payerHashes: joined(row.payerHashes, event.data.payerHash),
      }
    case 'PaymentPaid':
      return { status: 'paid', paidAt: event.data.paidAt, dueAt: null }
    case 'PaymentExpired':
      return { status: 'expired', received: 0n, dueAt: null }
    case 'PaymentCanceled':
      return { status: 'canceled', received: 0n, dueAt: null }
    case 'RefundCompleted':
      return refunded(row, minor(event.data.amount))
    default:
      return {}
  }
}

const refunded = (row: PaymentRow, amount: bigint): Partial<PaymentRow> => {
  const sum = row.refunded + amount
  return { refunded: sum, status: sum === row.received ? 'refunded' : 'partially_refunded' }
}

const joined = (hashes: string | null, more: string | undefined): string | null =>
  more === undefined ? hashes : hashes === null ? more : `${hashes} ${more}`

const minor = ({ amount }: MoneyData): bigint => BigInt(amount)
