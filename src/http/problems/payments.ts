// What payments refuse, by QR and by card, and the disputes of them.
import type { Entry } from './entry.ts'

export const paymentProblems = {
  dispute_exists: {
    status: 409,
    title: 'Dispute differs',
    detail: 'A dispute with this id is of another amount.',
  },
  dispute_not_found: { status: 404, title: 'No such dispute', detail: 'This payment has no such dispute.' },
  dispute_closed: {
    status: 409,
    title: 'Dispute is decided',
    detail: 'It was won or lost before; nothing more can be said to it.',
  },
  dispute_evidence_full: {
    status: 409,
    title: 'No more evidence',
    detail: 'A dispute takes 50 documents: put what is left into one of them.',
  },
  dispute_exceeds_rest: {
    status: 422,
    title: 'More than is left',
    detail: 'At most what was captured and has not gone back by refunds or other disputes.',
  },
  dispute_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: 'A payment is disputed in its own currency.',
  },
  qr_invalid: { status: 422, title: 'Not a valid QR text', detail: 'See "errors".' },
  qr_not_ours: {
    status: 422,
    title: 'Not a VietQR transfer code',
    detail: 'The sandbox bank pays VietQR codes (tag 38) in VND.',
  },
  payment_exists: { status: 409, title: 'The payment exists', detail: 'Send the request again.' },
  payment_not_found: { status: 404, title: 'No such payment', detail: 'Check the payment id.' },
  payment_not_due: { status: 409, title: 'Not expired yet', detail: 'The payment can still be paid.' },
  payment_already_paid: {
    status: 409,
    title: 'Already paid',
    detail: 'A paid payment cannot be canceled. Refund it instead.',
  },
  payment_method_differs: {
    status: 409,
    title: 'Not for this method of payment',
    detail: 'Payments by QR are canceled and refunded; those by card also captured, incremented and voided.',
  },
  payment_forestalled: {
    status: 409,
    title: 'Reversed before it came',
    detail: 'The terminal has reversed this transaction already. Begin a new one.',
  },
  payment_not_authorized: {
    status: 409,
    title: 'Nothing is held',
    detail: 'The card network has not approved this payment, or not yet. Read the payment to see.',
  },
  payment_declined: {
    status: 409,
    title: 'Declined',
    detail: 'Nothing is held: "card" says why. Make a new payment.',
  },
  payment_voided: { status: 409, title: 'Voided', detail: 'The money was released. Make a new payment.' },
  payment_reversing: {
    status: 409,
    title: 'Being reversed',
    detail: 'Nothing can be taken any more. Make a new payment.',
  },
  payment_reversed: { status: 409, title: 'Reversed', detail: 'Nothing is held. Make a new payment.' },
  authorization_expired: {
    status: 409,
    title: 'The authorization has expired',
    detail: 'The issuer does not hold the money any more. Make a new payment.',
  },
  attempt_not_found: { status: 404, title: 'No such attempt', detail: 'Check the payment.' },
  increment_differs: {
    status: 409,
    title: 'Another increment has this id',
    detail: 'Send the request again.',
  },
  increment_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: 'An increment is in the currency of its payment.',
  },
  approval_malformed: {
    status: 502,
    title: 'The card network answered what cannot be',
    detail: 'It is treated as no answer: the payment is reversed. Make a new one.',
  },
  answer_differs: {
    status: 409,
    title: 'The card network gave two answers',
    detail: 'The first one stands; the operator has been told.',
  },
  amount_zero: { status: 422, title: 'Zero', detail: 'Send an amount above zero. To take nothing, void.' },
  amount_too_large: {
    status: 422,
    title: 'Too large for the card network',
    detail: 'It carries 12 digits of the smallest unit, for a payment with its increments.',
  },
  capture_differs: {
    status: 409,
    title: 'Captured with another amount',
    detail: 'A payment is captured once. Read it to see what was captured.',
  },
  capture_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: 'A capture is in the currency of its payment.',
  },
  capture_exceeds_authorized: {
    status: 409,
    title: 'More than is held',
    detail: 'Capture at most what was authorized, or increment first.',
  },
  capture_not_found: { status: 404, title: 'No such capture', detail: 'Check the payment.' },
  reversal_not_found: { status: 404, title: 'No such reversal', detail: 'Check the payment.' },
  payment_expired: { status: 409, title: 'Expired', detail: 'Make a new payment.' },
  payment_canceled: { status: 409, title: 'Canceled', detail: 'Make a new payment.' },
  cards_unavailable: {
    status: 409,
    title: 'No cards are taken here',
    detail: 'No acquirer is connected. Take the payment by QR, or have the operator connect one.',
  },
  card_token_unknown: {
    status: 422,
    title: 'No such card token',
    detail:
      'In the sandbox: tok_approve, tok_decline_51, tok_decline_05, tok_timeout, tok_partial, tok_late_approve.',
  },
  payment_not_paid: {
    status: 409,
    title: 'Not paid',
    detail: 'Only a payment that was paid can be refunded, and has a proof. Cancel a pending one instead.',
  },
} as const satisfies Record<string, Entry>
