// What the clock does to a card payment: a request that nobody answered, and a hold that nobody captured.
import { accept, type Decision, reject } from '../core/decider.ts'
import { toData } from '../core/money.ts'
import { recordNoAnswer } from './cardAnswers.ts'
import type { CardPaymentEvent, CardPaymentRejection } from './cardPaymentEvents.ts'
import { isBefore, isLapsed, isReversing, type OpenedCardPayment } from './cardPaymentState.ts'

/** Time is over: for the answer, which makes the outcome unknown; or for the hold, which the issuer drops by itself. */
export function expirePayment(
  at: string,
  state: OpenedCardPayment,
): Decision<CardPaymentEvent, CardPaymentRejection> {
  if (isReversing(state)) return accept()
  if (state.status === 'pending')
    return isBefore(at, state.expiresAt)
      ? reject('payment_not_due')
      : recordNoAnswer({ attemptId: state.attemptId, at }, state)
  if (state.status !== 'authorized') return accept()
  if (!isLapsed(state, at)) return reject('payment_not_due')
  const released = toData(state.authorized)
  return accept({ type: 'AuthorizationExpired', data: { released, expiredAt: at } })
}
