// What a merchant does with money that is held: takes it once, wholly or in part, or releases it.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, type Money, subtract, toData } from '../core/money.ts'
import { paidFacts } from './cardPaid.ts'
import type { CardPaymentEvent, CardPaymentRejection, DataOf } from './cardPaymentEvents.ts'
import { isLapsed, isReversing, type OpenedCardPayment, sameMoney } from './cardPaymentState.ts'
import { failOpenRefunds } from './cardRefunds.ts'
import { reversalOfAll } from './cardReversals.ts'

type CardDecision = Decision<CardPaymentEvent, CardPaymentRejection>
type Capture = DataOf<'CapturePayment'>

/** An authorization is captured once: a second completion would take the released rest from the payer. */
export function capturePayment(data: Capture, state: OpenedCardPayment): CardDecision {
  const amount = fromData(data.amount)
  const { captured } = state
  if (captured?.captureId === data.captureId)
    return sameMoney(captured.amount, amount) ? accept() : reject('capture_differs')
  const refusal = whyNotHeld(state)
  if (refusal) return reject(refusal)
  if (amount.currency !== state.authorized.currency) return reject('capture_currency_differs')
  if (isZero(amount)) return reject('amount_zero') // nothing was sold: void it
  if (exceeds(amount, state.authorized)) return reject('capture_exceeds_authorized')
  if (isLapsed(state, data.capturedAt)) return reject('authorization_expired')
  const { captureId, capturedAt: requestedAt } = data
  const told = {
    type: 'CompletionRequested',
    data: { captureId, amount: data.amount, requestedAt },
  } as const
  return accept<CardPaymentEvent>(...capturedAndPaid(data, state.authorized, state), told)
}

/** The network has taken note of what was captured. */
export function acknowledgeCompletion(
  { captureId, at }: DataOf<'AcknowledgeCompletion'>,
  { captured, completion }: OpenedCardPayment,
): CardDecision {
  if (captured?.captureId !== captureId || completion === undefined) return reject('capture_not_found')
  if (completion !== 'requested') return accept()
  return accept({ type: 'CompletionAcknowledged', data: { captureId, acknowledgedAt: at } })
}

/** The network answers no to a completion of what it had approved: nothing was taken, so nothing goes back. */
export function refuseCompletion(
  { captureId, responseCode, at }: DataOf<'RefuseCompletion'>,
  state: OpenedCardPayment,
): CardDecision {
  const { captured, completion } = state
  if (captured?.captureId !== captureId || completion === undefined) return reject('capture_not_found')
  if (completion !== 'requested') return accept()
  return accept<CardPaymentEvent>(
    { type: 'CompletionRefused', data: { captureId, responseCode, refusedAt: at } },
    ...failOpenRefunds(state, 'the capture was refused', at),
  )
}

/** A capture of what is held; the rest is released by the same message. */
export function capturedAndPaid(data: Capture, held: Money, state: OpenedCardPayment): CardPaymentEvent[] {
  const amount = fromData(data.amount)
  return [
    { type: 'PaymentCaptured', data: { ...data, released: toData(subtract(held, amount)) } },
    { type: 'PaymentPaid', data: paidFacts(amount, data.capturedAt, state) },
  ]
}

/** Releases what is held; the network is told by a reversal. */
export function voidPayment(at: string, state: OpenedCardPayment): CardDecision {
  if (state.status === 'voided') return accept()
  const refusal = whyNotHeld(state)
  if (refusal) return reject(refusal)
  return accept<CardPaymentEvent>(
    { type: 'PaymentVoided', data: { released: toData(state.authorized), voidedAt: at } },
    reversalOfAll(state, 'voided', at),
  )
}

/** Why there is nothing to capture or void. */
function whyNotHeld(state: OpenedCardPayment): CardPaymentRejection | undefined {
  switch (state.status) {
    case 'authorized':
      return isReversing(state) ? 'payment_reversing' : undefined
    case 'pending':
      return isReversing(state) ? 'payment_reversing' : 'payment_not_authorized'
    case 'declined':
      return 'payment_declined'
    case 'expired':
      return 'authorization_expired'
    case 'voided':
      return 'payment_voided'
    case 'reversed':
      return 'payment_reversed'
    default:
      return 'payment_already_paid'
  }
}
