// What machines, pumps and pick-ups refuse.
import type { Entry } from './entry.ts'

export const fulfillmentProblems = {
  fulfillment_not_requested: {
    status: 409,
    title: 'Nothing is to be handed out',
    detail: 'This payment was asked for without "fulfillment".',
  },
  fulfillment_not_due: {
    status: 409,
    title: 'Nothing to hand out now',
    detail: 'The money is not there yet, or not any more, or the time is over. Read the payment to see.',
  },
  fulfillment_elsewhere: {
    status: 403,
    title: 'Another terminal hands this out',
    detail: "Only the payment's own terminal reports, or the one that the pick-up code was typed at.",
  },
  fulfillment_differs: {
    status: 409,
    title: 'Reported otherwise before',
    detail: 'The first report stands: the money has followed it. Tell a person.',
  },
  fulfillment_amount_required: {
    status: 422,
    title: 'How much came out?',
    detail: 'Send "amount": a pump always, a machine when a part came out.',
  },
  fulfillment_amount_differs: {
    status: 422,
    title: 'Outcome and amount do not fit',
    detail: '"dispensed" is all (of a pump: any amount), "partial" is less than all, "failed" is nothing.',
  },
  fulfillment_exceeds_amount: {
    status: 409,
    title: 'More than was paid or is held',
    detail: 'What came out above that is not paid for. Report what was paid, and tell a person.',
  },
  fulfillment_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: 'A report is in the currency of its payment.',
  },
  delivery_required: {
    status: 422,
    title: 'What was delivered?',
    detail: 'A pump sends "volume", "unitPrice" and "product".',
  },
  delivery_differs: {
    status: 422,
    title: 'Not what was asked for',
    detail: 'The product and the unit price are those of the payment; only a pump sends them.',
  },
  delivery_amount_differs: {
    status: 422,
    title: 'The amount is not volume times unit price',
    detail: 'It must be within half of the smallest unit of the currency (0.5 VND).',
  },
  pickup_claimed: {
    status: 409,
    title: 'Being handed out elsewhere',
    detail: 'The code was typed at another terminal, and is good for that one.',
  },
  pickup_code_unknown: {
    status: 404,
    title: 'Nothing waits under this code here',
    detail: 'Check the code and the shop. It is good from payment until the time is over.',
  },
  pickup_code_ambiguous: {
    status: 409,
    title: 'Two orders have this code',
    detail: 'By chance. The merchant finds the right one by its order.',
  },
  fulfillment_exception_not_found: {
    status: 409,
    title: 'Nothing to resolve',
    detail: 'No person is needed for this payment.',
  },
} as const satisfies Record<string, Entry>
