// A payment by card: authorized by the issuer, captured once, or declined, voided, expired, or reversed because nobody knows.
import { accept, type Decision, reject } from '../core/decider.ts'
import { feeOn } from '../core/fees.ts'
import { add, fromData, isZero, type MoneyData, toData, zero } from '../core/money.ts'
import { recordApproval, recordDecline, recordNoAnswer, requestIncrement } from './cardAnswers.ts'
import { capturePayment, voidPayment } from './cardCapture.ts'
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
  type OpenedCardPayment,
  openedPayment,
  withAttempt,
} from './cardPaymentState.ts'
import { completeRefund, failRefund, refundOf, requestRefund } from './cardRefunds.ts'
import { acknowledgeReversal, requestReversal } from './cardReversals.ts'

export const initialState = (): CardPayment => ({ status: 'new' })

export function decide(
  { type, data }: CardPaymentCommand,
  state: CardPayment,
): Decision<CardPaymentEvent, CardPaymentRejection> {
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
  const fee = toData(feeOn(amount, data.feePlan))
  return accept({ type: 'PaymentRequested', data: { ...data, method: 'card', fee } })
}

export function evolve(state: CardPayment, event: CardPaymentEvent): CardPayment {
  if (event.type === 'PaymentRequested') return openedPayment(event.data)
  return state.status === 'new' ? state : happened(state, event)
}

function happened(state: OpenedCardPayment, { type, data }: CardPaymentEvent): CardPayment {
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
      return { ...state, captured: { captureId: data.captureId, amount: fromData(data.amount) } }
    case 'PaymentPaid':
      return { ...state, status: 'paid', paidAt: data.paidAt }
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
      return withRefund(state, data.refundId, data.amount, 'requested')
    case 'RefundCompleted':
      return refunded(withRefund(state, refundOf(data.transferId), data.amount, 'completed'))
    case 'RefundFailed':
      return withRefund(state, refundOf(data.transferId), data.amount, 'failed')
    default:
      return state
  }
}

function approved(
  state: OpenedCardPayment,
  { attemptId, amount, approvalCode, expiresAt }: Held & { readonly expiresAt: string },
): OpenedCardPayment {
  const held = fromData(amount)
  const after = withAttempt(state, attemptId, { outcome: 'approved', approved: held, approvalCode })
  return { ...after, status: 'authorized', authorized: add(state.authorized, held), heldUntil: expiresAt }
}
type Held = Pick<EventData<'PaymentAuthorized'>, 'attemptId' | 'amount' | 'approvalCode'>

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
  { reversal, attemptId, amount }: EventData<'ReversalRequested'>,
): OpenedCardPayment {
  const one = { reversal, attemptId, amount: fromData(amount), acknowledged: false }
  const awaited = state.attempts.get(attemptId)?.outcome === 'awaited'
  const after = awaited ? withAttempt(state, attemptId, { outcome: 'unknown' }) : state
  return { ...after, reversals: [...state.reversals, one] }
}

const reversalAcknowledged = (state: OpenedCardPayment, reversal: number): OpenedCardPayment => ({
  ...state,
  reversals: state.reversals.map((one) => (one.reversal === reversal ? { ...one, acknowledged: true } : one)),
})

const withRefund = (
  state: OpenedCardPayment,
  refundId: string,
  amount: MoneyData,
  status: CardRefund['status'],
): OpenedCardPayment => ({
  ...state,
  refunds: new Map(state.refunds).set(refundId, { amount: fromData(amount), status }),
})

function refunded(state: OpenedCardPayment): OpenedCardPayment {
  const back = [...state.refunds.values()]
    .filter(({ status }) => status === 'completed')
    .reduce((sum, { amount }) => add(sum, amount), zero(state.authorized.currency))
  return { ...state, status: back.minor === state.captured?.amount.minor ? 'refunded' : 'partially_refunded' }
}
