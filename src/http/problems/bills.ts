// What bills and their payment refuse.
import type { Entry } from './entry.ts'

const conflict = (title: string, detail: string): Entry => ({ status: 409, title, detail })
const unfit = (title: string, detail: string): Entry => ({ status: 422, title, detail })

export const billProblems = {
  not_a_biller: conflict(
    'Not a biller',
    'Bills are sent by merchants whose sector is electricity, water, telecom or public-service.',
  ),
  biller_not_found: { status: 404, title: 'No such biller', detail: 'Check the biller id.' },
  customer_not_found: {
    status: 404,
    title: 'No such customer',
    detail: 'This biller has sent no bill to this code. A customer who owes nothing is another answer.',
  },
  too_many_inquiries: {
    status: 429,
    title: 'Too many inquiries',
    detail: 'Wait for as long as Retry-After says.',
  },
  control_totals_differ: unfit(
    'Not the file that was made',
    'Its rows do not add up to what was said of them. Nothing of it was taken: send the whole file again.',
  ),
  business_day_not_over: conflict(
    'The day is not over',
    'Ask for the file after midnight in Vietnam: then it is the same for ever.',
  ),
  bill_unknown: { status: 404, title: 'No such bill', detail: 'Check the bill id.' },
  bill_paid: conflict('The bill is paid', 'Nothing is due on it any more.'),
  bill_partly_paid: conflict('The bill is paid in part', 'It is not changed any more.'),
  bill_canceled: conflict('The bill was canceled', 'Its biller took it back: nothing is due on it.'),
  bill_superseded: conflict('Another bill stands for it', 'Ask for the open bills again, and pay that one.'),
  bill_payment_pending: conflict(
    'A payment of the bill is under way',
    'Use that payment, cancel it, or wait until it expires.',
  ),
  bill_amount_differs: conflict('More than is owed', 'The bill owes less than that now.'),
  bill_payment_unknown: {
    status: 404,
    title: 'No such payment of the bill',
    detail: 'Check the payment id: it must be one that paid this bill.',
  },
  bill_payment_posted: conflict(
    'The payment is posted',
    'The biller has booked it, under the receipt number it gave first.',
  ),
  bill_payment_refused: conflict(
    'The payment was refused',
    'The biller refused it, and the money goes back.',
  ),
  bill_amount_not_allowed: unfit('The biller takes another amount', 'Pay what is due.'),
  bill_partial_not_allowed: unfit('The biller takes no part of a bill', 'Pay what is due.'),
  bill_amount_out_of_range: unfit('Outside the range that the biller takes', 'See "errors".'),
  bill_amount_not_a_multiple: unfit('Not a multiple that the biller takes', 'See "errors".'),
} as const satisfies Record<string, Entry>
