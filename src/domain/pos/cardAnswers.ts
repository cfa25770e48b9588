// What the card network answers to an authorization or an increment: yes, no, nothing, or yes when it is too late.
import { accept, type Decision, reject } from '../core/decider.ts'
import { add, exceeds, fromData, isZero, type Money } from '../core/money.ts'
import { capturedAndPaid } from './cardCapture.ts'
import type { CardPaymentEvent, CardPaymentRejection, DataOf } from './cardPaymentEvents.ts'
import {
  type Attempt,
  isReversing,
  isTooLarge,
  type OpenedCardPayment,
  sameMoney,
} from './cardPaymentState.ts'
import { reversalOf, reversalOfAll } from './cardReversals.ts'

type CardDecision = Decision<CardPaymentEvent, CardPaymentRejection>
type Approval = DataOf<'RecordApproval'>

export function requestIncrement(data: DataOf<'RequestIncrement'>, state: OpenedCardPayment): CardDecision {
  const amount = fromData(data.amount)
  if (data.attemptId === state.attemptId) return reject('increment_differs')
  const earlier = state.attempts.get(data.attemptId)
  if (earlier) return sameMoney(earlier.asked, amount) ? accept() : reject('increment_differs')
  if (isReversing(state)) return reject('payment_reversing')
  if (state.status !== 'authorized') return reject('payment_not_authorized')
  if (amount.currency !== state.authorized.currency) return reject('increment_currency_differs')
  if (isZero(amount)) return reject('amount_zero')
  if (isTooLarge(add(amount, mayBeHeld(state)))) return reject('amount_too_large')
  return accept({ type: 'IncrementRequested', data })
}

const mayBeHeld = ({ attempts, authorized }: OpenedCardPayment): Money =>
  [...attempts.values()]
    .filter(({ outcome }) => outcome === 'awaited')
    .reduce((sum, { asked }) => add(sum, asked), authorized)

export function recordApproval(data: Approval, state: OpenedCardPayment): CardDecision {
  const attempt = state.attempts.get(data.attemptId)
  if (!attempt) return reject('attempt_not_found')
  if (!isPlausible(data, attempt)) return reject('approval_malformed')
  if (attempt.outcome === 'approved') return sameApproval(data, attempt) ? accept() : reject('answer_differs')
  if (attempt.outcome !== 'awaited') return approvedLate(data, attempt, state)
  if (data.attemptId === state.attemptId) return authorize(data, attempt, state)
  return state.status === 'authorized' && !isReversing(state)
    ? accept({ type: 'AuthorizationIncremented', data: incremented(data) })
    : approvedLate(data, attempt, state)
}

/** More than was asked for, nothing, or other money is no answer to this request: treat it as none. */
function isPlausible(data: Approval, { asked }: Attempt): boolean {
  const amount = fromData(data.amount)
  return amount.currency === asked.currency && !isZero(amount) && !exceeds(amount, asked)
}

const sameApproval = ({ amount, approvalCode }: Approval, attempt: Attempt): boolean =>
  approvalCode === attempt.approvalCode && sameMoney(fromData(amount), attempt.approved)

const incremented = ({ approvedAt, ...data }: Approval) => ({ ...data, incrementedAt: approvedAt })

function authorize(data: Approval, { asked }: Attempt, state: OpenedCardPayment): CardDecision {
  const { approvedAt, ...approval } = data
  const amount = fromData(data.amount)
  const authorized = { type: 'PaymentAuthorized', data: { ...approval, authorizedAt: approvedAt } } as const
  if (exceeds(asked, amount) && !state.acceptsPartial) {
    const held = { attemptId: data.attemptId, amount }
    return accept(authorized, reversalOf(state, held, 'partial_not_accepted', approvedAt))
  }
  if (state.capture === 'manual') return accept(authorized)
  const capture = { captureId: data.attemptId, amount: data.amount, capturedAt: approvedAt }
  return accept<CardPaymentEvent>(authorized, ...capturedAndPaid(capture, amount, state))
}

/**
 * The issuer holds money for a request that is given up, declined or over. An earlier reversal may have passed it on the
 * way, so there is one more, and the payment ends reversed.
 */
function approvedLate(data: Approval, attempt: Attempt, state: OpenedCardPayment): CardDecision {
  if (attempt.lateApprovals?.includes(data.approvalCode)) return accept()
  const { expiresAt: _, approvedAt, ...approval } = data
  const held = { attemptId: data.attemptId, amount: fromData(data.amount) }
  return accept<CardPaymentEvent>(
    { type: 'LateApprovalReceived', data: { ...approval, receivedAt: approvedAt } },
    reversalOf(state, held, 'late_approval', approvedAt),
  )
}

export function recordDecline(data: DataOf<'RecordDecline'>, state: OpenedCardPayment): CardDecision {
  const attempt = state.attempts.get(data.attemptId)
  if (!attempt) return reject('attempt_not_found')
  switch (attempt.outcome) {
    case 'approved':
      return reject('answer_differs')
    case 'declined':
      return attempt.responseCode === data.responseCode ? accept() : reject('answer_differs')
    case 'unknown':
      return accept() // nothing is held; the reversal under way settles it
    case 'awaited':
      return accept({
        type: data.attemptId === state.attemptId ? 'PaymentDeclined' : 'IncrementDeclined',
        data,
      })
  }
}

export function recordNoAnswer(
  { attemptId, at }: DataOf<'RecordNoAnswer'>,
  state: OpenedCardPayment,
): CardDecision {
  const attempt = state.attempts.get(attemptId)
  if (!attempt) return reject('attempt_not_found')
  if (attempt.outcome !== 'awaited') return accept() // the answer was quicker
  return accept<CardPaymentEvent>(
    { type: 'AuthorizationOutcomeUnknown', data: { attemptId, noticedAt: at } },
    attemptId === state.attemptId
      ? reversalOfAll(state, 'no_answer', at)
      : reversalOf(state, { attemptId, amount: attempt.asked }, 'no_answer', at),
  )
}
