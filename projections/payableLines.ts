// What each merchant is owed, line by line: one row for each event that changes it.
import type { Movement } from '../src/domain/settlement/postings.ts'
import { currencyOf, handles, type Posted, posted } from './posted.ts'
import { projection, streamId } from './projection.ts'

export type PayableLineRow = {
  readonly merchantId: string
  readonly recordedAt: string
  readonly position: string
  readonly currency: string
  /** The event, and the id of the stream that it is in: of a sale or refund the payment. */
  readonly event: string
  readonly source: string
  /** What the merchant is owed more (or, negative, less) by it, and how much of that is which. */
  readonly amount: bigint
  readonly gross: bigint
  readonly refund: bigint
  readonly fee: bigint
  readonly vat: bigint
}

export const payableLines = projection<Posted, PayableLineRow>({
  name: 'payable_lines_v1',
  columns: {
    merchantId: 'text',
    recordedAt: 'text',
    position: 'text',
    currency: 'text',
    event: 'text',
    source: 'text',
    amount: 'money',
    gross: 'money',
    refund: 'money',
    fee: 'money',
    vat: 'money',
  },
  key: ['merchantId', 'recordedAt', 'position'],
  indexes: [],
  handles,
  concerns: (event) => merchantOwed(event) !== undefined,
  begins: 'PaymentPaid',
  keyOf: (event) => [merchantOwed(event)!, event.recordedAt, event.position],
  evolve: (_row, event) => ({
    merchantId: merchantOwed(event)!,
    recordedAt: event.recordedAt,
    position: event.position,
    currency: currencyOf(event),
    event: event.type,
    source: streamId(event),
    amount: owedMore(event),
    gross: owedMore(event, 'gross'),
    refund: owedMore(event, 'refund'),
    fee: owedMore(event, 'fee'),
    vat: owedMore(event, 'vat'),
  }),
})

/** The merchant whose payable account an event touches. */
export const merchantOwed = (event: Posted): string | undefined =>
  posted(event).find(({ account }) => account === 'merchant_payable')?.merchantId

/** How much more the merchant is owed by an event, of one kind or in all. */
export const owedMore = (event: Posted, only?: Movement): bigint =>
  posted(event)
    .filter(({ account, kind }) => account === 'merchant_payable' && (only ?? kind) === kind)
    .reduce((sum, { side, amount }) => (side === 'credit' ? sum + amount.minor : sum - amount.minor), 0n)
