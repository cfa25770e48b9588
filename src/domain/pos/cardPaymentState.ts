// What a card payment's events add up to, and the questions its rules ask of that.
import { add, fromData, type Money, subtract, zero } from '../core/money.ts'
import type { Disputes } from './cardDisputes.ts'
import type { EventData, ReversalReason } from './cardPaymentEvents.ts'

/** A request to the card network: the authorization, or one increment of it. */
export type Attempt = {
  readonly asked: Money
  /** `unknown`: given up without an answer. The money may be held, so a reversal has been requested. */
  readonly outcome: 'awaited' | 'approved' | 'declined' | 'unknown'
  readonly approved?: Money
  readonly approvalCode?: string
  readonly responseCode?: string
  /** Codes of approvals that came when they were not wanted any more. */
  readonly lateApprovals?: readonly string[]
}

export type Reversal = {
  readonly reversal: number
  readonly attemptId: string
  readonly amount: Money
  readonly reason: ReversalReason
  readonly requestedAt: string
  readonly acknowledged: boolean
}

export type CardRefund = {
  readonly refundId: string
  readonly amount: Money
  readonly reason: string
  readonly requestedAt: string
  readonly status: 'requested' | 'completed' | 'failed'
}

export type OpenedCardPayment = EventData<'PaymentRequested'> & {
  readonly status:
    | 'pending'
    | 'authorized'
    | 'paid'
    | 'declined'
    | 'expired'
    | 'voided'
    | 'reversed'
    | 'partially_refunded'
    | 'refunded'
  readonly attempts: ReadonlyMap<string, Attempt>
  /** What the issuer holds for us: all that it approved in time. */
  readonly authorized: Money
  readonly heldUntil?: string
  readonly captured?: { readonly captureId: string; readonly amount: Money; readonly capturedAt: string }
  /** Of a hold that was captured: whether the network knows. */
  readonly completion?: 'requested' | 'acknowledged' | 'refused'
  readonly reversals: readonly Reversal[]
  readonly refunds: ReadonlyMap<string, CardRefund>
  readonly disputes: Disputes
  readonly paidAt?: string
}
export type CardPayment = { readonly status: 'new' } | OpenedCardPayment

export function openedPayment(data: EventData<'PaymentRequested'>): OpenedCardPayment {
  const asked = fromData(data.amount)
  return {
    ...data,
    status: 'pending',
    attempts: new Map([[data.attemptId, { asked, outcome: 'awaited' }]]),
    authorized: zero(asked.currency),
    reversals: [],
    refunds: new Map(),
    disputes: new Map(),
  }
}

/** As much as the card network's messages can say (DE4): of one request, and of an authorization with its increments. */
const amountMax = 999_999_999_999n
export const isTooLarge = ({ minor }: Money): boolean => minor > amountMax

/** The state with more known about an attempt. */
export function withAttempt(
  state: OpenedCardPayment,
  attemptId: string,
  change: Partial<Attempt>,
): OpenedCardPayment {
  const before = state.attempts.get(attemptId)
  if (!before) return state
  return { ...state, attempts: new Map(state.attempts).set(attemptId, { ...before, ...change }) }
}

/** A reversal of the authorization has been asked for: nothing may be taken any more. */
export const isReversing = ({ reversals, attemptId }: OpenedCardPayment): boolean =>
  reversals.some((one) => one.attemptId === attemptId)

/** Whether the payer's money may be held or taken without our knowing. */
export const isOutcomeUnknown = (state: OpenedCardPayment): boolean =>
  [...state.attempts.keys()].some((attemptId) => openReversal(state, attemptId) !== undefined)

/**
 * The reversal of an attempt that the network has yet to acknowledge. Only the last one counts: it was asked for because
 * of something that happened after those before it.
 */
function openReversal({ reversals }: OpenedCardPayment, attemptId: string): Reversal | undefined {
  const last = reversals.findLast((one) => one.attemptId === attemptId)
  return last?.acknowledged ? undefined : last
}

/** What must be sent to the network again and again until it is acknowledged. */
export const openReversals = (state: OpenedCardPayment): Reversal[] =>
  [...state.attempts.keys()].flatMap((attemptId) => openReversal(state, attemptId) ?? [])

/** What was captured and is neither refunded, nor on its way back, nor taken back by a dispute. */
export function refundableRest({ captured, authorized, refunds, disputes }: OpenedCardPayment): Money {
  const back = [...refunds.values()].filter(({ status }) => status !== 'failed')
  const taken = [...disputes.values()].filter(({ status }) => status !== 'won')
  const none = zero(authorized.currency)
  return [...back, ...taken].reduce((rest, { amount }) => subtract(rest, amount), captured?.amount ?? none)
}

/** What has gone back for good. */
export const refundedOf = ({ authorized, refunds }: OpenedCardPayment): Money =>
  [...refunds.values()]
    .filter(({ status }) => status === 'completed')
    .reduce((sum, { amount }) => add(sum, amount), zero(authorized.currency))

export const isBefore = (a: string, b: string): boolean => Date.parse(a) < Date.parse(b)

/** The issuer no longer holds the money. */
export const isLapsed = ({ heldUntil }: OpenedCardPayment, at: string): boolean =>
  heldUntil !== undefined && !isBefore(at, heldUntil)

export const sameMoney = (a: Money, b: Money | undefined): boolean =>
  a.minor === b?.minor && a.currency === b.currency
