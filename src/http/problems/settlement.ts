// What settlements and payouts refuse.
import type { Entry } from './entry.ts'

export const settlementProblems = {
  business_date_in_future: {
    status: 422,
    title: 'The day has not come',
    detail: 'Only today and days that are over can be closed, by the date in Vietnam.',
  },
  no_payouts: {
    status: 404,
    title: 'Nothing to pay',
    detail: 'No settlement of this date is to be paid out, or none is closed yet (POST /v1/settlements).',
  },
  payout_account_missing: {
    status: 503,
    title: 'No account to pay from',
    detail: 'The operator has not named one (PAYOUT_ACCOUNT).',
  },
  status_report_unreadable: {
    status: 422,
    title: 'Not a status report',
    detail: 'Send a pain.002 as the bank made it. Nothing of it was taken.',
  },
  business_date_closed: {
    status: 409,
    title: 'The day is closed',
    detail: 'What comes now is in the settlement of a later date.',
  },
  settlement_not_found: { status: 404, title: 'No such settlement', detail: 'Check the settlement id.' },
  payout_not_found: { status: 404, title: 'No such payout', detail: 'Check the end-to-end id.' },
  payout_already_rejected: {
    status: 409,
    title: 'The payout came back',
    detail: 'It was rejected before, and its money may have been sent again: people must look at it.',
  },
  payout_not_due: {
    status: 409,
    title: 'Nothing to pay out',
    detail: 'The settlement has no money for its merchant.',
  },
  payout_needs_another_account: {
    status: 409,
    title: 'Another account is needed',
    detail: 'Two payouts to this account came back. Name another one first.',
  },
} as const satisfies Record<string, Entry>
