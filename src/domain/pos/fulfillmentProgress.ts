// What a payment's events add up to for its fulfillment: when the machine is told, and how it ended.
import { add, fromData, toData } from '../core/money.ts'
import type { QrPaymentEvent } from '../payments/qrPayment.ts'
import type { CardPaymentEvent } from './cardPaymentEvents.ts'
import { isOpen } from './fulfillment.ts'
import type { Fulfillment, FulfillmentEvent } from './fulfillmentEvents.ts'

type HappenedToPayment = QrPaymentEvent | CardPaymentEvent | FulfillmentEvent

/** `attemptId`: of the payment's authorization, where it is by card: a reversal of that one takes the money away. */
export function evolve(state: Fulfillment, event: HappenedToPayment, attemptId?: string): Fulfillment {
  switch (event.type) {
    case 'FulfillmentReported':
      return { ...state, report: event.data }
    case 'FulfillmentTimedOut':
      return { ...state, timedOut: event.data }
    case 'FulfillmentDisputed':
      return unresolved({ ...state, dispute: event.data })
    case 'FulfillmentUnsettled':
      return unresolved({ ...state, unsettled: event.data })
    case 'FulfillmentExceptionResolved':
      return { ...state, resolvedAt: event.data.resolvedAt }
    case 'PickupClaimed':
      return { ...state, claimedBy: event.data.terminalId }
    default:
      return state.report || state.timedOut ? state : moneyMoved(state, event, attemptId)
  }
}

const unresolved = ({ resolvedAt: _, ...state }: Fulfillment): Fulfillment => state

/** Until the end is recorded the money may still come, grow and go. */
function moneyMoved(
  state: Fulfillment,
  event: QrPaymentEvent | CardPaymentEvent,
  attemptId: string | undefined,
): Fulfillment {
  switch (event.type) {
    case 'PaymentAuthorized':
      return { ...state, since: event.data.authorizedAt, worth: event.data.amount }
    case 'AuthorizationIncremented': {
      const before = state.worth
      return before ? { ...state, worth: toData(add(fromData(before), fromData(event.data.amount))) } : state
    }
    case 'PaymentPaid':
      return { ...state, since: state.since ?? event.data.paidAt, worth: event.data.amount }
    case 'ReversalRequested':
      return event.data.attemptId === attemptId ? withdrawn(state) : state
    case 'PaymentVoided':
    case 'AuthorizationExpired':
      return withdrawn(state)
    default:
      return state
  }
}

const withdrawn = (state: Fulfillment): Fulfillment => (isOpen(state) ? { ...state, withdrawn: true } : state)
