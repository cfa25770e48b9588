// The words of a card payment: what may be asked of it, what can have happened to it, and why something was not done.
import type { Charge, FeePlan } from '../core/fees.ts'
import type { MoneyData } from '../core/money.ts'
import type { DisputeCommand, DisputeEvent, DisputeRejection } from './cardDisputes.ts'
import type { FulfillmentTerms } from './fulfillmentEvents.ts'
import type { TruncatedPan } from './pan.ts'

/** What is kept of a card: never its number. */
export type CardFacts = TruncatedPan & { readonly token: string }

type Asked = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly amount: MoneyData
  /** Frozen here; what is captured in the end is charged by it. */
  readonly feePlan: FeePlan
  readonly card: CardFacts
  /** `automatic`: an approval is also the capture, as in a sale. */
  readonly capture: 'automatic' | 'manual'
  /** Whether the till can take the rest another way. */
  readonly acceptsPartial: boolean
  readonly description?: string
  readonly orderId?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** What a machine is to hand out once the money is there. */
  readonly fulfillment?: FulfillmentTerms
  /** Names this request to the card network; increments have ids of their own. */
  readonly attemptId: string
  /** No answer until then: the outcome is unknown, and the request is reversed. */
  readonly expiresAt: string
  readonly requestedAt: string
}
type Increment = { readonly attemptId: string; readonly amount: MoneyData; readonly requestedAt: string }
type Capture = { readonly captureId: string; readonly amount: MoneyData; readonly capturedAt: string }
type Refund = {
  readonly refundId: string
  readonly amount: MoneyData
  readonly reason: string
  /** The terminal that gave it back, where one did. */
  readonly terminalId?: string
  readonly requestedAt: string
}

/** An approval as the network answered it. */
type Approval = {
  readonly attemptId: string
  readonly amount: MoneyData
  readonly responseCode: string
  readonly approvalCode: string
}
type Decline = { readonly attemptId: string; readonly responseCode: string; readonly declinedAt: string }

export type ReversalReason =
  | 'no_answer'
  | 'customer_canceled'
  | 'malfunction'
  | 'partial_not_accepted'
  | 'late_approval'
  | 'voided'

/** What a sale added to the merchant's takings, as `PaymentPaid` said it. */
type Paid = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly method: 'card'
  readonly amount: MoneyData
  readonly fee: MoneyData
  /** Value-added tax on the fee; absent: none. */
  readonly vat?: MoneyData
  readonly paidAt: string
}
type Completed = { readonly captureId: string; readonly acknowledgedAt: string }
type CompletionRefused = {
  readonly captureId: string
  readonly responseCode: string
  readonly refusedAt: string
}

export type CardPaymentCommand =
  | { type: 'RequestCardPayment'; data: Asked }
  | { type: 'RequestIncrement'; data: Increment }
  /** `expiresAt`: how long the money is held. */
  | { type: 'RecordApproval'; data: Approval & { readonly expiresAt: string; readonly approvedAt: string } }
  | { type: 'RecordDecline'; data: Decline }
  | { type: 'RecordNoAnswer'; data: { readonly attemptId: string; readonly at: string } }
  | { type: 'CapturePayment'; data: Capture }
  | { type: 'VoidPayment'; data: { readonly at: string } }
  | { type: 'ExpirePayment'; data: { readonly at: string } }
  | {
      type: 'RequestReversal'
      data: {
        /** `no_answer`: the terminal did not see ours. */
        readonly reason: 'customer_canceled' | 'malfunction' | 'no_answer'
        /** The sender knows that the sale is in no closed batch: then a captured sale is reversed, too. */
        readonly unsettled?: true
        readonly at: string
      }
    }
  | { type: 'AcknowledgeCompletion'; data: { readonly captureId: string; readonly at: string } }
  | {
      type: 'RefuseCompletion'
      data: { readonly captureId: string; readonly responseCode: string; readonly at: string }
    }
  | { type: 'AcknowledgeReversal'; data: { readonly reversal: number; readonly at: string } }
  | { type: 'RequestRefund'; data: Refund }
  | { type: 'CompleteRefund'; data: { readonly refundId: string; readonly at: string } }
  | { type: 'FailRefund'; data: { readonly refundId: string; readonly reason: string; readonly at: string } }
  | DisputeCommand

/** `PaymentRequested` and `PaymentPaid` are the ones of a payment by QR, but for the method: readers need not know which it was. */
export type CardPaymentEvent =
  | { type: 'PaymentRequested'; data: Asked & Charge & { readonly method: 'card' } }
  | {
      type: 'PaymentAuthorized'
      data: Approval & { readonly expiresAt: string; readonly authorizedAt: string }
    }
  | { type: 'PaymentDeclined'; data: Decline }
  | {
      type: 'AuthorizationOutcomeUnknown'
      data: { readonly attemptId: string; readonly noticedAt: string }
    }
  | { type: 'IncrementRequested'; data: Increment }
  | {
      type: 'AuthorizationIncremented'
      data: Approval & { readonly expiresAt: string; readonly incrementedAt: string }
    }
  | { type: 'IncrementDeclined'; data: Decline }
  /** An approval of what had been given up, declined or ended: the money is held, and a reversal follows. */
  | { type: 'LateApprovalReceived'; data: Approval & { readonly receivedAt: string } }
  | { type: 'PaymentCaptured'; data: Capture & { readonly released: MoneyData } }
  | { type: 'PaymentPaid'; data: Paid }
  /** The network has yet to be told what was captured of a hold; a sale was captured by its approval. */
  | {
      type: 'CompletionRequested'
      data: { readonly captureId: string; readonly amount: MoneyData; readonly requestedAt: string }
    }
  | { type: 'CompletionAcknowledged'; data: Completed }
  /** The network does not honor its own approval: people must look at it. */
  | { type: 'CompletionRefused'; data: CompletionRefused }
  | { type: 'PaymentVoided'; data: { readonly released: MoneyData; readonly voidedAt: string } }
  | { type: 'AuthorizationExpired'; data: { readonly released: MoneyData; readonly expiredAt: string } }
  | {
      type: 'ReversalRequested'
      data: {
        /** Counts the payment's reversals from 1. */
        readonly reversal: number
        readonly attemptId: string
        readonly amount: MoneyData
        readonly reason: ReversalReason
        readonly requestedAt: string
      }
    }
  | { type: 'ReversalAcknowledged'; data: { readonly reversal: number; readonly acknowledgedAt: string } }
  | {
      type: 'PaymentReversed'
      data: {
        readonly reversal: number
        readonly reversedAt: string
        /** The sale that was paid and now is not. */
        readonly undone?: Paid
      }
    }
  /** `method` tells it from a refund that goes back by bank. */
  | { type: 'RefundRequested'; data: Refund & { readonly method: 'card' } }
  /** `transferId`: the refund's id and a number, as for a refund that goes back by bank. */
  | {
      type: 'RefundCompleted'
      data: { readonly transferId: string; readonly amount: MoneyData; readonly completedAt: string }
    }
  | {
      type: 'RefundFailed'
      data: {
        readonly transferId: string
        readonly amount: MoneyData
        readonly reason: string
        readonly failedAt: string
      }
    }
  | DisputeEvent

export type CardPaymentRejection =
  | DisputeRejection
  | 'payment_not_found'
  | 'payment_exists'
  | 'payment_not_due'
  | 'payment_not_authorized'
  | 'payment_already_paid'
  | 'payment_declined'
  | 'payment_voided'
  | 'payment_reversing'
  | 'payment_reversed'
  | 'payment_not_paid'
  | 'authorization_expired'
  | 'attempt_not_found'
  | 'increment_differs'
  | 'increment_currency_differs'
  | 'approval_malformed'
  | 'answer_differs'
  | 'amount_zero'
  | 'amount_too_large'
  | 'capture_differs'
  | 'capture_currency_differs'
  | 'capture_exceeds_authorized'
  | 'capture_not_found'
  | 'reversal_not_found'
  | 'refund_exists'
  | 'refund_not_found'
  | 'refund_currency_differs'
  | 'refund_exceeds_rest'
  | 'refund_already_completed'
  | 'refund_already_failed'

/** The data of an event or command, by its type. */
export type DataOf<T extends CardPaymentCommand['type']> = Extract<CardPaymentCommand, { type: T }>['data']
export type EventData<T extends CardPaymentEvent['type']> = Extract<CardPaymentEvent, { type: T }>['data']
