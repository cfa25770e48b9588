// Named samples of a card payment's commands and events: one payment at a petrol pump, in đồng.
import type { MoneyData } from '../../../src/domain/core/money.ts'
import type {
  CardPaymentCommand,
  CardPaymentEvent,
  DataOf,
  ReversalReason,
} from '../../../src/domain/pos/cardPaymentEvents.ts'

export const at = (minute: number): string => `2026-03-01T09:${String(minute).padStart(2, '0')}:00.000Z`
export const vnd = (amount: string): MoneyData => ({ amount, currency: 'VND' })

/** Until when the answer is awaited, and until when money is held. */
export const answerDue = at(1)
export const heldUntil = at(30)

const where = { merchantId: 'mer_7K3MA', siteId: 'sit_7K3MA9QZXW4F2', terminalId: 'ter_9QZXW4F2' }
export const asked: DataOf<'RequestCardPayment'> = {
  ...where,
  amount: vnd('2000000'),
  feePlan: { rate: '1.1', fixed: '0' },
  card: { scheme: 'mastercard', first6: '555555', last4: '4444', token: 'tok_1' },
  capture: 'manual',
  acceptsPartial: true,
  orderId: 'HD1',
  attemptId: 'a1',
  expiresAt: answerDue,
  requestedAt: at(0),
}

export const request = (change: Partial<typeof asked> = {}): CardPaymentCommand => ({
  type: 'RequestCardPayment',
  data: { ...asked, ...change },
})
export const approve = (
  amount = '2000000',
  attemptId = 'a1',
  approvalCode = 'F7G8H9',
): CardPaymentCommand => ({
  type: 'RecordApproval',
  data: {
    attemptId,
    amount: vnd(amount),
    responseCode: '00',
    approvalCode,
    expiresAt: heldUntil,
    approvedAt: at(1),
  },
})
export const decline = (attemptId = 'a1', responseCode = '51'): CardPaymentCommand => ({
  type: 'RecordDecline',
  data: { attemptId, responseCode, declinedAt: at(1) },
})
export const noAnswer = (attemptId = 'a1'): CardPaymentCommand => ({
  type: 'RecordNoAnswer',
  data: { attemptId, at: at(2) },
})
export const increment = (amount = '500000', attemptId = 'a2'): CardPaymentCommand => ({
  type: 'RequestIncrement',
  data: { attemptId, amount: vnd(amount), requestedAt: at(3) },
})
export const capture = (amount = '1350000', captureId = 'c1', minute = 5): CardPaymentCommand => ({
  type: 'CapturePayment',
  data: { captureId, amount: vnd(amount), capturedAt: at(minute) },
})
export const voidIt: CardPaymentCommand = { type: 'VoidPayment', data: { at: at(6) } }
export const expire = (when: string): CardPaymentCommand => ({ type: 'ExpirePayment', data: { at: when } })
export const reverse: CardPaymentCommand = {
  type: 'RequestReversal',
  data: { reason: 'customer_canceled', at: at(4) },
}
/** The terminal knows that the sale is in no closed batch. */
export const reverseSale: CardPaymentCommand = {
  type: 'RequestReversal',
  data: { reason: 'customer_canceled', unsettled: true, at: at(4) },
}
export const acknowledgeCompletion = (captureId = 'c1'): CardPaymentCommand => ({
  type: 'AcknowledgeCompletion',
  data: { captureId, at: at(7) },
})
export const refuseCompletion: CardPaymentCommand = {
  type: 'RefuseCompletion',
  data: { captureId: 'c1', responseCode: '05', at: at(7) },
}
export const acknowledge = (reversal = 1): CardPaymentCommand => ({
  type: 'AcknowledgeReversal',
  data: { reversal, at: at(7) },
})
export const refund = (amount: string, refundId = 'ref_1'): CardPaymentCommand => ({
  type: 'RequestRefund',
  data: { refundId, amount: vnd(amount), reason: 'returned goods', requestedAt: at(8) },
})
export const completeRefund = (refundId = 'ref_1'): CardPaymentCommand => ({
  type: 'CompleteRefund',
  data: { refundId, at: at(9) },
})
export const failRefund = (refundId = 'ref_1'): CardPaymentCommand => ({
  type: 'FailRefund',
  data: { refundId, reason: '14', at: at(9) },
})

export const requested = (change: Partial<typeof asked> = {}): CardPaymentEvent => ({
  type: 'PaymentRequested',
  data: { ...asked, ...change, method: 'card', fee: vnd('22000') },
})
export const authorized = (amount = '2000000'): CardPaymentEvent => ({
  type: 'PaymentAuthorized',
  data: {
    attemptId: 'a1',
    amount: vnd(amount),
    responseCode: '00',
    approvalCode: 'F7G8H9',
    expiresAt: heldUntil,
    authorizedAt: at(1),
  },
})
export const declined: CardPaymentEvent = {
  type: 'PaymentDeclined',
  data: { attemptId: 'a1', responseCode: '51', declinedAt: at(1) },
}
export const outcomeUnknown = (attemptId = 'a1', minute = 2): CardPaymentEvent => ({
  type: 'AuthorizationOutcomeUnknown',
  data: { attemptId, noticedAt: at(minute) },
})
export const incrementRequested: CardPaymentEvent = {
  type: 'IncrementRequested',
  data: { attemptId: 'a2', amount: vnd('500000'), requestedAt: at(3) },
}
export const incremented: CardPaymentEvent = {
  type: 'AuthorizationIncremented',
  data: {
    attemptId: 'a2',
    amount: vnd('500000'),
    responseCode: '00',
    approvalCode: 'F7G8H9',
    expiresAt: heldUntil,
    incrementedAt: at(1),
  },
}
export const incrementDeclined: CardPaymentEvent = {
  type: 'IncrementDeclined',
  data: { attemptId: 'a2', responseCode: '51', declinedAt: at(1) },
}
export const lateApproval = (
  attemptId = 'a1',
  amount = '2000000',
  approvalCode = 'F7G8H9',
): CardPaymentEvent => ({
  type: 'LateApprovalReceived',
  data: { attemptId, amount: vnd(amount), responseCode: '00', approvalCode, receivedAt: at(1) },
})
export const captured = (amount = '1350000', released = '650000'): CardPaymentEvent => ({
  type: 'PaymentCaptured',
  data: { captureId: 'c1', amount: vnd(amount), capturedAt: at(5), released: vnd(released) },
})
export const paid = (amount = '1350000', fee = '14850', paidAt = at(5)): CardPaymentEvent => ({
  type: 'PaymentPaid',
  data: { ...where, method: 'card', amount: vnd(amount), fee: vnd(fee), paidAt },
})
export const completionRequested = (amount = '1350000'): CardPaymentEvent => ({
  type: 'CompletionRequested',
  data: { captureId: 'c1', amount: vnd(amount), requestedAt: at(5) },
})
export const completionAcknowledged: CardPaymentEvent = {
  type: 'CompletionAcknowledged',
  data: { captureId: 'c1', acknowledgedAt: at(7) },
}
export const completionRefused: CardPaymentEvent = {
  type: 'CompletionRefused',
  data: { captureId: 'c1', responseCode: '05', refusedAt: at(7) },
}
export const voided: CardPaymentEvent = {
  type: 'PaymentVoided',
  data: { released: vnd('2000000'), voidedAt: at(6) },
}
export const expired: CardPaymentEvent = {
  type: 'AuthorizationExpired',
  data: { released: vnd('2000000'), expiredAt: heldUntil },
}
export const reversal = (
  reason: ReversalReason,
  minute: number,
  { number = 1, attemptId = 'a1', amount = '2000000' } = {},
): CardPaymentEvent => ({
  type: 'ReversalRequested',
  data: { reversal: number, attemptId, amount: vnd(amount), reason, requestedAt: at(minute) },
})
export const acknowledged = (number = 1): CardPaymentEvent => ({
  type: 'ReversalAcknowledged',
  data: { reversal: number, acknowledgedAt: at(7) },
})
export const reversed = (number = 1): CardPaymentEvent => ({
  type: 'PaymentReversed',
  data: { reversal: number, reversedAt: at(7) },
})
export const saleReversed: CardPaymentEvent = {
  type: 'PaymentReversed',
  data: {
    reversal: 1,
    reversedAt: at(7),
    undone: { ...where, method: 'card', amount: vnd('2000000'), fee: vnd('22000'), paidAt: at(1) },
  },
}
export const refundRequested = (amount: string, refundId = 'ref_1'): CardPaymentEvent => ({
  type: 'RefundRequested',
  data: { refundId, amount: vnd(amount), reason: 'returned goods', requestedAt: at(8), method: 'card' },
})
export const refundCompleted = (amount: string, refundId = 'ref_1'): CardPaymentEvent => ({
  type: 'RefundCompleted',
  data: { transferId: `${refundId}-1`, amount: vnd(amount), completedAt: at(9) },
})
export const refundFailed = (amount: string, refundId = 'ref_1'): CardPaymentEvent => ({
  type: 'RefundFailed',
  data: { transferId: `${refundId}-1`, amount: vnd(amount), reason: '14', failedAt: at(9) },
})
