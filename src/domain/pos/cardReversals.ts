// Reversals: what may be held or taken without our knowing is undone, and asked for until the network acknowledges it.
import { accept, type Decision, reject } from '../core/decider.ts'
import { isZero, type Money, toData } from '../core/money.ts'
import { paidFacts } from './cardPaid.ts'
import type { CardPaymentEvent, CardPaymentRejection, DataOf, ReversalReason } from './cardPaymentEvents.ts'
import { isReversing, type OpenedCardPayment } from './cardPaymentState.ts'

type CardDecision = Decision<CardPaymentEvent, CardPaymentRejection>

/** The payment's next reversal, of one attempt. */
export function reversalOf(
  { reversals }: OpenedCardPayment,
  attempt: { readonly attemptId: string; readonly amount: Money },
  reason: ReversalReason,
  requestedAt: string,
): CardPaymentEvent {
  const { attemptId, amount } = attempt
  const reversal = reversals.length + 1
  return {
    type: 'ReversalRequested',
    data: { reversal, attemptId, amount: toData(amount), reason, requestedAt },
  }
}

/** Of the authorization with its increments: what is held, or what was asked for while no answer is known. */
export function reversalOfAll(
  state: OpenedCardPayment,
  reason: ReversalReason,
  at: string,
): CardPaymentEvent {
  const { attemptId, attempts, authorized } = state
  const amount = isZero(authorized) ? attempts.get(attemptId)!.asked : authorized
  return reversalOf(state, { attemptId, amount }, reason, at)
}

/** The customer went away, or the terminal failed: also before any answer has come. */
export function requestReversal(
  { reason, unsettled, at }: DataOf<'RequestReversal'>,
  state: OpenedCardPayment,
): CardDecision {
  if (state.status === 'voided') return reject('payment_voided')
  if (isReversing(state)) return accept()
  switch (state.status) {
    case 'pending':
    case 'authorized':
      return accept(reversalOfAll(state, reason, at))
    case 'declined':
      return reject('payment_declined')
    case 'expired':
      return reject('authorization_expired')
    case 'reversed':
      return accept()
    case 'paid':
      return unsettled && isUntouchedSale(state)
        ? accept(reversalOfAll(state, reason, at))
        : reject('payment_already_paid')
    default:
      return reject('payment_already_paid')
  }
}

/** Captured by its approval, and nothing of it has gone back, is on its way or was ever disputed: a completed hold is refunded instead. */
const isUntouchedSale = ({ capture, refunds, disputes }: OpenedCardPayment): boolean =>
  capture === 'automatic' &&
  disputes.size === 0 &&
  [...refunds.values()].every(({ status }) => status === 'failed')

/**
 * Those before it of the same attempt are settled with it. The payment is reversed when the last reversal of its
 * authorization is; one that had ended otherwise stays as it ended.
 */
export function acknowledgeReversal(
  { reversal, at }: DataOf<'AcknowledgeReversal'>,
  state: OpenedCardPayment,
): CardDecision {
  const found = state.reversals.find((one) => one.reversal === reversal)
  if (!found) return reject('reversal_not_found')
  if (found.acknowledged) return accept()
  const settled = state.reversals
    .filter((one) => one.attemptId === found.attemptId && one.reversal <= reversal && !one.acknowledged)
    .map(
      (one): CardPaymentEvent => ({
        type: 'ReversalAcknowledged',
        data: { reversal: one.reversal, acknowledgedAt: at },
      }),
    )
  const last = state.reversals.findLast((one) => one.attemptId === state.attemptId)
  const { status, captured, paidAt } = state
  const open = status === 'pending' || status === 'authorized' || status === 'paid'
  if (last !== found || !open) return accept(...settled)
  const undone = status === 'paid' ? { undone: paidFacts(captured!.amount, paidAt!, state) } : {}
  return accept<CardPaymentEvent>(...settled, {
    type: 'PaymentReversed',
    data: { reversal, reversedAt: at, ...undone },
  })
}
