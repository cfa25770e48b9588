// A payment by card: authorized by the issuer, captured once, or declined, voided, expired, or reversed because nobody knows.
import { accept, type Decision, reject } from '../core/decider.ts'
import { chargeOn } from '../core/fees.ts'
import { add, fromData, isZero } from '../core/money.ts'
import { recordApproval, recordDecline, recordNoAnswer, requestIncrement } from './cardAnswers.ts'
import { acknowledgeCompletion, capturePayment, refuseCompletion, voidPayment } from './cardCapture.ts'
import { decideDispute, evolveDisputes, isDisputeCommand, isDisputeEvent } from './cardDisputes.ts'
import { expirePayment } from './cardExpiry.ts'
import type {
  CardPaymentCommand,
  CardPaymentEvent,
  CardPaymentRejection,
  DataOf,
  EventData,
} from './cardPaymentEvents.ts'
import {
  type Attempt,
  type CardPayment,
  type CardRefund,
  isTooLarge,
  type OpenedCardPayment,
  openedPayment,
  refundedOf,
  withAttempt,
} from './cardPaymentState.ts'
import { completeRefund, failRefund, refundOf, requestRefund } from './cardRefunds.ts'
import { acknowledgeReversal, requestReversal } from './cardReversals.ts'

export const initialState = (): CardPayment => ({ status: 'new' })

export function decide(
  command: CardPaymentCommand,
  state: CardPayment,
): Decision<CardPaymentEvent, CardPaymentRejection> {
  if (isDisputeCommand(command))
    return state.status === 'new' ? reject('payment_not_found') : decideDispute(command, state)
  const { type, data } = command
  if (type === 'RequestCardPayment') return request(data, state)
  if (state.status === 'new') return reject('payment_not_found')
  switch (type) {
    case 'RequestIncrement':
      return requestIncrement(data, state)
    case 'RecordApproval':
      return recordApproval(data, state)
    case 'RecordDecline':
      return recordDecline(data, state)
    case 'RecordNoAnswer':
      return recordNoAnswer(data, state)
    case 'CapturePayment':
      return capturePayment(data, state)
    case 'AcknowledgeCompletion':
      return acknowledgeCompletion(data, state)
    case 'RefuseCompletion':
      return refuseCompletion(data, state)
    case 'VoidPayment':
      return voidPayment(data.at, state)
    case 'ExpirePayment':
      return expirePayment(data.at, state)
    case 'RequestReversal':
      return requestReversal(data, state)
    case 'AcknowledgeReversal':
      return acknowledgeReversal(data, state)
    case 'RequestRefund':
      return requestRefund(data, state)
    case 'CompleteRefund':
      return completeRefund(data, state)
    case 'FailRefund':
      return failRefund(data, state)
  }
}

function request(
  data: DataOf<'RequestCardPayment'>,
  state: CardPayment,
): Decision<CardPaymentEvent, CardPaymentRejection> {
  if (state.status !== 'new') return reject('payment_exists')
  const amount = fromData(data.amount)
  if (isZero(amount)) return reject('amount_zero')
  if (isTooLarge(amount)) return reject('amount_too_large')
  const charge = chargeOn(amount, data.feePlan)
  return accept({ type: 'PaymentRequested', data: { ...data, method: 'card', ...charge } })
}

export function evolve(state: CardPayment, event: CardPaymentEvent): CardPayment {
  if (event.type === 'PaymentRequested') return openedPayment(event.data)
  return state.status === 'new' ? state : happened(state, event)
}

function happened(state: OpenedCardPayment, event: CardPaymentEvent): CardPayment {
  if (isDisputeEvent(event)) return { ...state, disputes: evolveDisputes(state.disputes, event) }
  const { type, data } = event
  switch (type) {
    case 'PaymentAuthorized':
    case 'AuthorizationIncremented':
      return approved(state, data)
    case 'PaymentDeclined':
      return { ...declined(state, data), status: 'declined' }
    case 'IncrementRequested':
      return incrementRequested(state, data)
    case 'IncrementDeclined':
      return declined(state, data)
    case 'AuthorizationOutcomeUnknown':
      return withAttempt(state, data.attemptId, { outcome: 'unknown' })
    case 'LateApprovalReceived':
      return approvedLate(state, data)
    case 'PaymentCaptured':
      return captured(state, data)
    case 'PaymentPaid':
      return { ...state, status: 'paid', paidAt: data.paidAt }
    case 'CompletionRequested':
      return { ...state, completion: 'requested' }
    case 'CompletionAcknowledged':
      return { ...state, completion: 'acknowledged' }
    case 'CompletionRefused':
      return { ...state, completion: 'refused' }
    case 'PaymentVoided':
      return { ...state, status: 'voided' }
    case 'AuthorizationExpired':
      return { ...state, status: 'expired' }
    case 'ReversalRequested':
      return reversalRequested(state, data)
    case 'ReversalAcknowledged':
      return reversalAcknowledged(state, data.reversal)
    case 'PaymentReversed':
      return { ...state, status: 'reversed' }
    case 'RefundRequested':
      return refundRequested(state, data)
    case 'RefundCompleted':
      return refunded(refundEnded(state, data.transferId, 'completed'))
    case 'RefundFailed':
      return refundEnded(state, data.transferId, 'failed')
    default:
      return state
  }
}

function approved(
  state: OpenedCardPayment,
  { attemptId, amount, approvalCode, responseCode, expiresAt }: Held & { readonly expiresAt: string },
): OpenedCardPayment {
  const held = fromData(amount)
  const answer = { outcome: 'approved', approved: held, approvalCode, responseCode } as const
  const after = withAttempt(state, attemptId, answer)
  return { ...after, status: 'authorized', authorized: add(state.authorized, held), heldUntil: expiresAt }
}
type Held = Pick<EventData<'PaymentAuthorized'>, 'attemptId' | 'amount' | 'approvalCode' | 'responseCode'>

const declined = (
  state: OpenedCardPayment,
  { attemptId, responseCode }: EventData<'PaymentDeclined'>,
): OpenedCardPayment => withAttempt(state, attemptId, { outcome: 'declined', responseCode })

/** An increment that was still awaited has its answer now, though it is not wanted. */
function approvedLate(
  state: OpenedCardPayment,
  { attemptId, approvalCode }: EventData<'LateApprovalReceived'>,
): OpenedCardPayment {
  const before = state.attempts.get(attemptId)?.lateApprovals ?? []
  return withAttempt(state, attemptId, { outcome: 'unknown', lateApprovals: [...before, approvalCode] })
}

function incrementRequested(
  state: OpenedCardPayment,
  { attemptId, amount }: EventData<'IncrementRequested'>,
): OpenedCardPayment {
  const attempt: Attempt = { asked: fromData(amount), outcome: 'awaited' }
  return { ...state, attempts: new Map(state.attempts).set(attemptId, attempt) }
}

/** What is reversed before it was answered has an outcome that nobody knows. */
function reversalRequested(
  state: OpenedCardPayment,
  { attemptId, amount, ...data }: EventData<'ReversalRequested'>,
): OpenedCardPayment {
  const one = { ...data, attemptId, amount: fromData(amount), acknowledged: false }
  const awaited = state.attempts.get(attemptId)?.outcome === 'awaited'
  const after = awaited ? withAttempt(state, attemptId, { outcome: 'unknown' }) : state
  return { ...after, reversals: [...state.reversals, one] }
}

const reversalAcknowledged = (state: OpenedCardPayment, reversal: number): OpenedCardPayment => ({
  ...state,
  reversals: state.reversals.map((one) => (one.reversal === reversal ? { ...one, acknowledged: true } : one)),
})

const captured = (
  state: OpenedCardPayment,
  { captureId, amount, capturedAt }: EventData<'PaymentCaptured'>,
): OpenedCardPayment => ({ ...state, captured: { captureId, amount: fromData(amount), capturedAt } })

const withRefund = (state: OpenedCardPayment, refund: CardRefund): OpenedCardPayment => ({
  ...state,
  refunds: new Map(state.refunds).set(refund.refundId, refund),
})

const refundRequested = (
  state: OpenedCardPayment,
  { refundId, amount, reason, requestedAt }: EventData<'RefundRequested'>,
): OpenedCardPayment =>
  withRefund(state, { refundId, amount: fromData(amount), reason, requestedAt, status: 'requested' })

function refundEnded(
  state: OpenedCardPayment,
  transferId: string,
  status: CardRefund['status'],
): OpenedCardPayment {
  const refund = state.refunds.get(refundOf(transferId))
  return refund ? withRefund(state, { ...refund, status }) : state
}

function refunded(state: OpenedCardPayment): OpenedCardPayment {
  const back = refundedOf(state)
  return { ...state, status: back.minor === state.captured?.amount.minor ? 'refunded' : 'partially_refunded' }
}
