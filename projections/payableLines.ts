// What each merchant is owed, line by line: one row for each event that changes it.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import { type PostedEvent, payableTypes } from '../src/domain/settlement/postings.ts'
import { currencyOf, movesMoney, posted } from './posted.ts'
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

export type Payable = Recorded<Extract<PostedEvent, { type: (typeof payableTypes)[number] }>>

export const payableLines = projection<Payable, PayableLineRow>({
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
  key: ['position'], // what is filled in the order of its key is filled fast
  indexes: [{ columns: ['merchantId', 'recordedAt', 'position'] }],
  handles: payableTypes,
  concerns: movesMoney, // a refund by bank is posted by its transfers; what had not been paid is not taken back
  begins: 'PaymentPaid',
  keyOf: (event) => [event.position],
  evolve: (_row, event) => ({
    merchantId: merchantOwed(event),
    recordedAt: event.recordedAt,
    position: event.position,
    currency: currencyOf(event),
    event: event.type,
    source: streamId(event),
    ...owedMore(event),
  }),
})

/** The merchant whose payable account an event touches. */
export const merchantOwed = (event: Payable): string => posted(event)[0]!.merchantId!

type Owed = Pick<PayableLineRow, 'amount' | 'gross' | 'refund' | 'fee' | 'vat'>

/** How much more the merchant is owed by an event. */
export function owedMore(event: Payable): Owed {
  const owed = { amount: 0n, gross: 0n, refund: 0n, fee: 0n, vat: 0n }
  for (const { account, side, amount, kind } of posted(event)) {
    if (account !== 'merchant_payable') continue
    const more = side === 'credit' ? amount.minor : -amount.minor
    owed.amount += more
    if (kind in owed) owed[kind as keyof Owed] += more
  }
  return owed
}
