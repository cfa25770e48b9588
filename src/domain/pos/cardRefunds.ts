// Refunds of a card payment: back to the card, together never more than was captured.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, toData } from '../core/money.ts'
import type { CardPaymentEvent, CardPaymentRejection, DataOf } from './cardPaymentEvents.ts'
import {
  type CardRefund,
  isReversing,
  type OpenedCardPayment,
  refundableRest,
  sameMoney,
} from './cardPaymentState.ts'

type CardDecision = Decision<CardPaymentEvent, CardPaymentRejection>

/** A refund to a card is one transfer. */
const transferOf = (refundId: string): string => `${refundId}-1`
export const refundOf = (transferId: string): string => transferId.slice(0, transferId.lastIndexOf('-'))

export function requestRefund(data: DataOf<'RequestRefund'>, state: OpenedCardPayment): CardDecision {
  const amount = fromData(data.amount)
  const earlier = state.refunds.get(data.refundId)
  if (earlier) return sameMoney(earlier.amount, amount) ? accept() : reject('refund_exists')
  if (state.status === 'reversed') return reject('payment_reversed')
  if (isReversing(state)) return reject('payment_reversing')
  if (!state.captured || state.completion === 'refused') return reject('payment_not_paid')
  if (amount.currency !== state.authorized.currency) return reject('refund_currency_differs')
  if (isZero(amount)) return reject('amount_zero')
  if (exceeds(amount, refundableRest(state))) return reject('refund_exceeds_rest')
  return accept({ type: 'RefundRequested', data: { ...data, method: 'card' } })
}

export function completeRefund(
  { refundId, at }: DataOf<'CompleteRefund'>,
  state: OpenedCardPayment,
): CardDecision {
  const refund = state.refunds.get(refundId)
  if (!refund) return reject('refund_not_found')
  if (refund.status === 'completed') return accept()
  if (refund.status === 'failed') return reject('refund_already_failed')
  const data = { transferId: transferOf(refundId), amount: toData(refund.amount), completedAt: at }
  return accept({ type: 'RefundCompleted', data })
}

export function failRefund(
  { refundId, reason, at }: DataOf<'FailRefund'>,
  state: OpenedCardPayment,
): CardDecision {
  const refund = state.refunds.get(refundId)
  if (!refund) return reject('refund_not_found')
  if (refund.status === 'failed') return accept()
  if (refund.status === 'completed') return reject('refund_already_completed')
  return accept(failed(refund, reason, at))
}

/** Of refunds that the network has not answered yet. */
export const failOpenRefunds = (
  { refunds }: OpenedCardPayment,
  reason: string,
  at: string,
): readonly CardPaymentEvent[] =>
  [...refunds.values()]
    .filter(({ status }) => status === 'requested')
    .map((refund) => failed(refund, reason, at))

const failed = ({ refundId, amount }: CardRefund, reason: string, at: string): CardPaymentEvent => ({
  type: 'RefundFailed',
  data: { transferId: transferOf(refundId), amount: toData(amount), reason, failedAt: at },
})
