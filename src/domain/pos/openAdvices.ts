// What the card network has yet to be told of a payment, in the order in which it must hear it.
import { retrievalReference } from '../payments/reference.ts'
import { acceptorOf } from './acceptor.ts'
import type { Completion, RefundAdvice, ReversalAdvice } from './cardNetwork.ts'
import { type CardRefund, type OpenedCardPayment, openReversals, type Reversal } from './cardPaymentState.ts'
import { type NetworkTrace, newTrace, traceOf } from './networkTrace.ts'

/** An advice and what names it in the payment's stream; whether it was told before is for its sender to know. */
export type OpenAdvice =
  | { readonly kind: 'completion'; readonly captureId: string; readonly advice: Untold<Completion> }
  | { readonly kind: 'reversal'; readonly reversal: number; readonly advice: Untold<ReversalAdvice> }
  | { readonly kind: 'refund'; readonly refundId: string; readonly advice: Untold<RefundAdvice> }
type Untold<A> = Omit<A, 'repeat'>

export function openAdvices(paymentId: string, state: OpenedCardPayment): OpenAdvice[] {
  const refunds = [...state.refunds.values()]
  return [
    ...(state.completion === 'requested' ? [completion(paymentId, state)] : []),
    ...openReversals(state).map((one) => reversal(paymentId, state, one)),
    ...refunds.flatMap((one, index) =>
      one.status === 'requested' ? [refund(paymentId, state, one, index + 1)] : [],
    ),
  ]
}

/** The trace number stays that of the transaction; the time is when the advice was first asked for, so that a repeat is known. */
const told = (paymentId: string, state: OpenedCardPayment, trace: NetworkTrace) => ({
  ...acceptorOf(state),
  reference: retrievalReference(paymentId),
  card: state.card,
  trace,
})

const secondsAfter = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString()

const adviceTrace = (attemptId: string, askedAt: string, offset = 0): NetworkTrace =>
  newTrace(new Date(askedAt), Number(traceOf(attemptId).stan) + offset)

function completion(paymentId: string, state: OpenedCardPayment): OpenAdvice {
  const { captureId, amount, capturedAt } = state.captured!
  const advice = {
    ...told(paymentId, state, adviceTrace(state.attemptId, capturedAt)),
    original: traceOf(state.attemptId),
    approvalCode: state.attempts.get(state.attemptId)!.approvalCode!,
    authorized: state.authorized,
    amount,
  }
  return { kind: 'completion', captureId, advice }
}

/** A second reversal in the second of the first must not look like a repeat of it: what it undoes may have come in between. */
function reversal(paymentId: string, state: OpenedCardPayment, one: Reversal): OpenAdvice {
  const { attemptId, amount, reason, requestedAt } = one
  const first = state.capture === 'automatic' ? 'sale' : 'authorization'
  const earlier = state.reversals.filter(
    (other) => other.attemptId === attemptId && other.reversal < one.reversal,
  )
  const advice = {
    ...told(paymentId, state, adviceTrace(attemptId, secondsAfter(requestedAt, earlier.length))),
    original: traceOf(attemptId),
    kind: attemptId === state.attemptId ? first : 'increment',
    amount,
    reason,
  } as const
  return { kind: 'reversal', reversal: one.reversal, advice }
}

/** A refund is a transaction of its own: the second of a second must not look like a repeat of the first. */
function refund(
  paymentId: string,
  state: OpenedCardPayment,
  { refundId, amount, requestedAt }: CardRefund,
  place: number,
): OpenAdvice {
  const advice = {
    ...told(paymentId, state, adviceTrace(state.attemptId, requestedAt, place)),
    original: traceOf(state.attemptId),
    amount,
  }
  return { kind: 'refund', refundId, advice }
}
