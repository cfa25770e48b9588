// Daily takings: what each site took on each business day, by method. Statistics add the same rows up.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { QrPaymentEvent } from '../src/domain/payments/qrPayment.ts'
import { projection } from './projection.ts'

export type TakingsRow = {
  readonly merchantId: string
  readonly businessDate: string
  readonly siteId: string
  readonly method: string
  readonly currency: string
  readonly count: number
  readonly gross: bigint
  readonly fees: bigint
}

type Paid = Extract<QrPaymentEvent, { type: 'PaymentPaid' }>

export const takings = projection<Paid, TakingsRow>({
  name: 'takings_v1',
  columns: {
    merchantId: 'text',
    businessDate: 'text',
    siteId: 'text',
    method: 'text',
    currency: 'text',
    count: 'integer',
    gross: 'money',
    fees: 'money',
  },
  key: ['merchantId', 'businessDate', 'siteId', 'method', 'currency'],
  indexes: [{ columns: ['siteId', 'businessDate'] }, { columns: ['businessDate'] }],
  handles: ['PaymentPaid'],
  keyOf: ({ data }) => [
    data.merchantId,
    businessDate(data.paidAt),
    data.siteId,
    data.method,
    data.amount.currency,
  ],
  evolve: (row, { data }) => ({
    merchantId: data.merchantId,
    businessDate: businessDate(data.paidAt),
    siteId: data.siteId,
    method: data.method,
    currency: data.amount.currency,
    count: (row?.count ?? 0) + 1,
    gross: (row?.gross ?? 0n) + BigInt(data.amount.amount),
    fees: (row?.fees ?? 0n) + BigInt(data.fee.amount),
  }),
})
