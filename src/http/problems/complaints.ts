// What complaints refuse.
import type { Entry } from './entry.ts'

export const complaintProblems = {
  complaint_not_found: {
    status: 404,
    title: 'No such complaint',
    detail: 'There is no complaint of this id about this payment.',
  },
  complaint_differs: {
    status: 409,
    title: 'The complaint exists',
    detail: 'A complaint of this id was opened for another reason.',
  },
  complaint_open: {
    status: 409,
    title: 'Such a complaint is open',
    detail: 'A complaint of this kind about the payment is still open: read it, and add evidence to it.',
  },
  complaints_exceeded: {
    status: 409,
    title: 'Too many complaints',
    detail: 'A payment can be complained about 20 times.',
  },
  complaint_payment_unpaid: {
    status: 409,
    title: 'The payment is not paid',
    detail: 'Of a payment that is not paid here, only "not_credited" can be said.',
  },
  complaint_payment_paid: {
    status: 409,
    title: 'The payment is paid',
    detail: '"not_credited" is of payments that are not paid here.',
  },
  complaint_too_early: {
    status: 409,
    title: 'Too early to complain',
    detail:
      'Electricity, water, telecom and public services book payments within 24 hours: ask again after that.',
  },
  complaint_amount_missing: {
    status: 422,
    title: 'No amount',
    detail: 'Say in "amount" what is to go back.',
  },
  complaint_amount_unexpected: {
    status: 422,
    title: 'No amount belongs here',
    detail: 'Nothing goes back for this reason, or by this remedy: leave "amount" out.',
  },
  complaint_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: "The amount must be in the payment's currency.",
  },
  complaint_exceeds_payment: {
    status: 409,
    title: 'More than there is',
    detail: 'Of the payment less than that is there and not on its way back.',
  },
  complaint_closed: {
    status: 409,
    title: 'The complaint is closed',
    detail: 'It was answered, or resolved because nobody answered in time.',
  },
  complaint_overdue: {
    status: 409,
    title: 'Too late to reject',
    detail: 'The deadline has passed: the complaint is resolved for the payer.',
  },
  complaint_not_due: {
    status: 409,
    title: 'The deadline has not come',
    detail: 'The merchant may still answer.',
  },
  complaint_evidence_exceeded: {
    status: 409,
    title: 'Too much evidence',
    detail: 'A complaint takes 20 texts.',
  },
} as const satisfies Record<string, Entry>
