// Which recorded events become messages to merchants, under which public name, and which ids each message carries.
import type { Recorded } from '../core/eventStore.ts'
import { merchantIdOf, referenceOf } from '../payments/reference.ts'

/** Whom an event concerns, and what a thin message says of it. */
type Subject = {
  readonly merchantId: string
  /** Who takes part in it for the payer, and is told the same. */
  readonly agentId?: string
  readonly ids: Readonly<Record<string, string>>
}
type Entry = { readonly type: string; readonly subjectOf: (event: Recorded) => Subject | undefined }

const idOf = ({ stream }: Recorded): string => stream.slice(stream.indexOf('-') + 1)

/** An event of a payment's stream, or of its complaints': the stream's name says whose it is. `more` names ids in the event's data. */
const ofPayment =
  (...more: readonly string[]) =>
  (event: Recorded): Subject => {
    const paymentId = idOf(event)
    const data = event.data as Readonly<Record<string, string>>
    const others = more.filter((name) => name in data).map((name) => [name, data[name]!])
    return {
      merchantId: merchantIdOf(referenceOf(paymentId)),
      ids: { paymentId, ...Object.fromEntries(others) },
    }
  }

/** Money that names no payment that exists names no merchant either. */
const ofUnappliedCredit = (event: Recorded): Subject | undefined => {
  const { merchantId, paymentId } = event.data as { merchantId?: string; paymentId?: string }
  if (merchantId === undefined || paymentId === undefined) return undefined
  return { merchantId, ids: { creditId: idOf(event), paymentId } }
}

const ofBill = (event: Recorded): Subject => {
  const { billerId, paymentId } = event.data as { billerId: string; paymentId: string }
  return { merchantId: billerId, ids: { billId: idOf(event), paymentId } }
}

/** `more` names ids in the event's data. */
const ofMandate =
  (...more: readonly string[]) =>
  (event: Recorded): Subject => {
    const data = event.data as Readonly<Record<string, string>>
    const { billerId: merchantId, agentId } = data as { billerId: string; agentId?: string }
    const others = more.map((name) => [name, data[name]!])
    return {
      merchantId,
      ...(agentId !== undefined && { agentId }),
      ids: { mandateId: idOf(event), ...Object.fromEntries(others) },
    }
  }

/**
 * By event type. Published for ever: an entry is added under a new public type and never changed, because every
 * endpoint's sequence numbers are counted from it.
 */
const entries = {
  QrIssued: { type: 'payment.created', subjectOf: ofPayment() }, // with PaymentRequested, and from here on there is a QR to show
  PaymentPaid: { type: 'payment.paid', subjectOf: ofPayment() },
  PaymentExpired: { type: 'payment.expired', subjectOf: ofPayment() },
  PaymentCanceled: { type: 'payment.canceled', subjectOf: ofPayment() },
  PaymentAuthorized: { type: 'payment.authorized', subjectOf: ofPayment() },
  PaymentDeclined: { type: 'payment.declined', subjectOf: ofPayment() },
  PaymentVoided: { type: 'payment.voided', subjectOf: ofPayment() },
  PaymentReversed: { type: 'payment.reversed', subjectOf: ofPayment() },
  AuthorizationExpired: { type: 'payment.authorization_expired', subjectOf: ofPayment() },
  RefundRequested: { type: 'refund.requested', subjectOf: ofPayment('refundId') },
  RefundCompleted: { type: 'refund.completed', subjectOf: ofPayment('refundId', 'transferId') },
  RefundFailed: { type: 'refund.failed', subjectOf: ofPayment('refundId', 'transferId') },
  CreditApplied: { type: 'credit.applied', subjectOf: ofPayment('creditId') },
  FulfillmentReported: { type: 'fulfillment.reported', subjectOf: ofPayment() },
  FulfillmentTimedOut: { type: 'fulfillment.timed_out', subjectOf: ofPayment() },
  FulfillmentDisputed: { type: 'fulfillment.disputed', subjectOf: ofPayment() },
  FulfillmentUnsettled: { type: 'fulfillment.unsettled', subjectOf: ofPayment() },
  BillPaymentReceived: { type: 'bill.payment_received', subjectOf: ofBill },
  BillPaid: { type: 'bill.paid', subjectOf: ofBill },
  BillShareUnreturned: { type: 'bill.return_failed', subjectOf: ofPayment('billId') },
  ComplaintOpened: { type: 'complaint.opened', subjectOf: ofPayment('complaintId') },
  ComplaintResolved: { type: 'complaint.resolved', subjectOf: ofPayment('complaintId') },
  ComplaintRejected: { type: 'complaint.rejected', subjectOf: ofPayment('complaintId') },
  ComplaintDefaultResolved: { type: 'complaint.default_resolved', subjectOf: ofPayment('complaintId') },
  ComplaintRefunded: { type: 'complaint.refunded', subjectOf: ofPayment('complaintId') },
  ComplaintRefundFailed: { type: 'complaint.refund_failed', subjectOf: ofPayment('complaintId') },
  MandateActivated: { type: 'mandate.activated', subjectOf: ofMandate() },
  MandateDeclined: { type: 'mandate.declined', subjectOf: ofMandate() },
  MandatePaused: { type: 'mandate.paused', subjectOf: ofMandate() },
  MandateResumed: { type: 'mandate.resumed', subjectOf: ofMandate() },
  MandateCanceled: { type: 'mandate.canceled', subjectOf: ofMandate() },
  DebitAnnounced: { type: 'mandate.debit_announced', subjectOf: ofMandate('billId') },
  DebitSkipped: { type: 'mandate.debit_skipped', subjectOf: ofMandate('billId') },
  DebitCompleted: { type: 'mandate.debit_completed', subjectOf: ofMandate('billId', 'paymentId') },
  DebitDeclined: { type: 'mandate.debit_declined', subjectOf: ofMandate('billId', 'paymentId') },
  CreditUnapplied: { type: 'credit.unapplied', subjectOf: ofUnappliedCredit },
} as const satisfies Readonly<Record<string, Entry>>

type MessageType = (typeof entries)[keyof typeof entries]['type']

export const messageTypes: readonly MessageType[] = Object.values(entries).map(({ type }) => type)

const byEventType: ReadonlyMap<string, Entry> = new Map(Object.entries(entries))

export const messageEntry = (eventType: string): Entry | undefined => byEventType.get(eventType)
