// The daily file of a biller: what was paid for which bill and what went back, a line each, until it adds up to what the books say of the day.
import type { Recorded } from '../core/eventStore.ts'
import type { PaymentEvent } from '../payments/payment.ts'
import { billRefundId } from '../payments/reference.ts'
import { type BillOrder, type BillShare, shareTotal } from './billOrder.ts'

/** What the books have of one event: by how much the biller is owed more, or less. */
export type BookedLine = {
  /** All of it. */
  readonly amount: bigint
  readonly recordedAt: string
  readonly gross: bigint
  readonly refund: bigint
  readonly fee: bigint
  readonly vat: bigint
}

/** `advance`: over what was owed; `payer_fee`: paid by the payer over the bills; `payment`, `refund`: of no bill. */
export type BillerLineKind =
  | 'bill'
  | 'advance'
  | 'payer_fee'
  | 'payment'
  | 'bill_returned'
  | 'refund'
  | 'refund_failed'
  | 'fee'
  | 'vat'
  | 'payout'

/** Amounts in minor units, with the sign of what they do to the biller's money. */
export type BillerLine = {
  readonly kind: BillerLineKind
  readonly recordedAt: string
  /** Of a payout the settlement. */
  readonly source: string
  readonly share?: BillShare
  readonly customerCode?: string
  readonly amount: bigint
}

/** The bill that a line is of, and the customer; undefined where it is of neither. */
export const billDetails = ({ share, customerCode }: BillerLine) =>
  customerCode === undefined ? undefined : { customerCode, ...(share && { billNumber: share.billNumber }) }

type Refund = Extract<PaymentEvent, { type: 'RefundTransferRequested' | 'RefundFailed' }>

/** What is paid out, or comes back of that, is no payment's. */
export const payoutLine = (source: string, { recordedAt, amount }: BookedLine): BillerLine => ({
  kind: 'payout',
  recordedAt,
  source,
  amount,
})

/** The lines of one event of a payment; `order`: the bills that the payment pays, if it pays any. */
export function billerLines(
  paymentId: string,
  event: Pick<Recorded, 'type' | 'data'>,
  booked: BookedLine,
  order: BillOrder | undefined,
): readonly BillerLine[] {
  const { recordedAt, gross, refund, fee, vat } = booked
  const customer = order === undefined ? {} : { customerCode: order.customerCode }
  const line = (kind: BillerLineKind, amount: bigint, share?: BillShare): BillerLine[] =>
    amount === 0n
      ? []
      : [{ kind, recordedAt, source: paymentId, ...customer, ...(share && { share }), amount }]
  const charges = [...line('fee', fee), ...line('vat', vat)]
  if (refund !== 0n) return [...line(...returned(paymentId, event, refund, order)), ...charges]
  if (gross > 0n && order) {
    const shares = order.shares.flatMap((share) => line('bill', shareTotal(share), share))
    const more = [
      ...line('advance', BigInt(order.advance ?? 0)),
      ...line('payer_fee', BigInt(order.payerFee ?? 0)),
    ]
    return [...shares, ...more, ...charges]
  }
  return [...line('payment', gross), ...charges]
}

/** Which bill's share goes back is in the refund's id. */
function returned(
  paymentId: string,
  event: Pick<Recorded, 'type' | 'data'>,
  amount: bigint,
  order: BillOrder | undefined,
): [BillerLineKind, bigint, BillShare?] {
  if (event.type === 'RefundFailed') return ['refund_failed', amount]
  const { refundId } = event.data as Refund['data'] & { readonly refundId?: string }
  const share = order?.shares.find((_, at) => billRefundId(paymentId, at) === refundId)
  return share ? ['bill_returned', amount, share] : ['refund', amount]
}
