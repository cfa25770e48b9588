// The words of a fulfillment: what may be asked for, reported and recorded, and why something was not done.
import type { MoneyData } from '../core/money.ts'

/** How long the machine is waited for, from when the money is there. */
type Timeout = { readonly timeoutSeconds: number }

/** What is asked for with a payment. `pump`: the payment's amount is the most that may be delivered. */
export type FulfillmentTerms = Timeout &
  (
    | { readonly mode: 'dispense' | 'pickup' }
    | { readonly mode: 'pump'; readonly product: string; readonly unitPrice: MoneyData }
  )

/** What a pump delivered; the unit price is for a liter. */
export type Delivery = {
  readonly milliliters: number
  readonly unitPrice: MoneyData
  readonly product: string
}

export type FulfillmentOutcome = 'dispensed' | 'partial' | 'failed'

type Told = {
  readonly outcome: FulfillmentOutcome
  readonly delivery?: Delivery
  readonly detail?: string
  readonly terminalId: string
  readonly reportedAt: string
}
/** `amount`: what came out, in money; nothing where it failed. */
type Facts = Told & { readonly amount: MoneyData }
type Claim = { readonly terminalId: string; readonly claimedAt: string }
type Resolution = {
  readonly by: 'merchant' | 'operator'
  readonly note?: string
  readonly resolvedAt: string
}

export type FulfillmentCommand =
  /** `dispensed` without an amount: all of it. */
  | { type: 'ReportFulfillment'; data: Told & { readonly amount?: MoneyData } }
  | { type: 'TimeOutFulfillment'; data: { readonly at: string } }
  | { type: 'ClaimPickup'; data: Claim }
  | { type: 'ResolveFulfillment'; data: Resolution }

/** `rest`: what did not come out, in money, and goes back. */
type Reported = Facts & { readonly rest: MoneyData }
type TimedOut = { readonly rest: MoneyData; readonly timedOutAt: string }
type Disputed = Facts & { readonly reason: 'reported_failed' | 'timed_out' | 'money_gone' }
type Unsettled = {
  /** The code of what refused it: `sender_unknown`, `authorization_expired`, … */
  readonly reason: string
  readonly amount: MoneyData
  readonly noticedAt: string
}

export type FulfillmentEvent =
  | { type: 'FulfillmentReported'; data: Reported }
  | { type: 'FulfillmentTimedOut'; data: TimedOut }
  /** Goods came out and the money is not there: a person must look. */
  | { type: 'FulfillmentDisputed'; data: Disputed }
  /** Money could not be taken or given back as it should: a person must act. */
  | { type: 'FulfillmentUnsettled'; data: Unsettled }
  | { type: 'PickupClaimed'; data: Claim }
  | { type: 'FulfillmentExceptionResolved'; data: Resolution }

/** The terms, and what has happened since. All of it is JSON. */
export type Fulfillment = FulfillmentTerms & {
  /** The money is there since; without it nothing is handed out. */
  readonly since?: string
  /** What was held or paid when it came, and until the end. */
  readonly worth?: MoneyData
  /** The money went away before anything was reported. */
  readonly withdrawn?: true
  readonly claimedBy?: string
  readonly report?: Reported
  readonly timedOut?: TimedOut
  readonly dispute?: Disputed
  readonly unsettled?: Unsettled
  /** When a person was done with the last dispute or unsettled money. */
  readonly resolvedAt?: string
}

export type FulfillmentRejection =
  | 'payment_not_due'
  | 'fulfillment_not_due'
  | 'fulfillment_elsewhere'
  | 'fulfillment_differs'
  | 'fulfillment_amount_required'
  | 'fulfillment_amount_differs'
  | 'fulfillment_exceeds_amount'
  | 'fulfillment_currency_differs'
  | 'delivery_required'
  | 'delivery_differs'
  | 'delivery_amount_differs'
  | 'pickup_claimed'
  | 'fulfillment_exception_not_found'

export type DataOf<T extends FulfillmentCommand['type']> = Extract<FulfillmentCommand, { type: T }>['data']
