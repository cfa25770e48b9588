// What a payment paid of a bill that could not take it goes back to the payer, once; where it cannot, a person is told.
import { accept, type Decision } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'
import type { OpenedQrPayment, QrPaymentEvent } from './qrPayment.ts'
import { decideRefund } from './refund.ts'

export type BillShareReturn = {
  readonly billId: string
  readonly refundId: string
  readonly amount: MoneyData
  /** A code: why the bill did not take it. */
  readonly reason: string
  /** The credits whose sender's account is known. */
  readonly senders: readonly string[]
  readonly requestedAt: string
}

/** `reason`: the rejection code of the refund. */
export type BillShareUnreturned = {
  readonly billId: string
  readonly amount: MoneyData
  readonly reason: string
  readonly noticedAt: string
}

export function returnBillShare(
  { billId, senders, requestedAt, ...wish }: BillShareReturn,
  payment: OpenedQrPayment,
): Decision<QrPaymentEvent, never> {
  if (payment.refunds.has(wish.refundId) || payment.unreturned.has(billId)) return accept()
  const billNumber = payment.bills?.shares.find((share) => share.billId === billId)?.billNumber
  const refund = { ...wish, reason: `Bill ${billNumber}: ${wish.reason}`, senders, requestedAt }
  const decision = decideRefund({ type: 'RequestRefund', data: refund }, payment)
  if (decision.accepted) return decision
  const { amount } = wish
  const data = { billId, amount, reason: decision.rejection, noticedAt: requestedAt }
  return accept({ type: 'BillShareUnreturned', data })
}
