// Daily takings: what each site took on each business day, by method. Statistics add the same rows up.
import { businessDate } from '../src/domain/core/businessDay.ts'
import { costOf } from '../src/domain/core/fees.ts'
import type { PaymentEvent } from '../src/domain/payments/payment.ts'
import { projection } from './projection.ts'

export type TakingsRow = {
  readonly merchantId: string
  readonly businessDate: string
  readonly siteId: string
  readonly method: string
  readonly currency: string
  readonly count: number
  readonly gross: bigint
  /** Tax on them included. */
  readonly fees: bigint
}

export type TakingsEvent = Extract<PaymentEvent, { type: 'PaymentPaid' | 'PaymentReversed' }>
export type Paid = Extract<PaymentEvent, { type: 'PaymentPaid' }>['data']

export const takings = projection<TakingsEvent, TakingsRow>({
  name: 'takings_v2',
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
  handles: ['PaymentPaid', 'PaymentReversed'],
  concerns: (event) => paidIn(event) !== undefined, // what had not been paid was never counted
  keyOf: (event) => {
    const paid = paidIn(event)!
    return [paid.merchantId, businessDate(paid.paidAt), paid.siteId, paid.method, paid.amount.currency]
  },
  evolve: (row, event) => counted(row, paidIn(event)!, event.type === 'PaymentPaid' ? 1 : -1),
})

/** A reversed sale is taken out of the day on which it was paid: it never was one. */
export const paidIn = ({ type, data }: TakingsEvent): Paid | undefined =>
  type === 'PaymentPaid' ? data : 'undone' in data ? data.undone : undefined

const counted = (row: TakingsRow | undefined, paid: Paid, by: 1 | -1): TakingsRow => ({
  merchantId: paid.merchantId,
  businessDate: businessDate(paid.paidAt),
  siteId: paid.siteId,
  method: paid.method,
  currency: paid.amount.currency,
  count: (row?.count ?? 0) + by,
  gross: (row?.gross ?? 0n) + BigInt(by) * BigInt(paid.amount.amount),
  fees: (row?.fees ?? 0n) + BigInt(by) * costOf(paid),
})
