// What money that arrives refuses, and its way back: credits, transfers, refunds, traces.
import type { Entry } from './entry.ts'

export const creditProblems = {
  credit_conflict: {
    status: 409,
    title: 'The transaction is known with another amount or account',
    detail: 'The first notification stands. This one is recorded for a person to look at.',
  },
  notification_unreadable: {
    status: 422,
    title: 'The signature is right, but the notification cannot be read',
    detail:
      'It is kept word for word and will be read again; "errors" says what was wrong. Nothing else was done.',
  },
  provider_failed: {
    status: 502,
    title: 'The provider gave no way to pay',
    detail:
      'No payment was made. Send the request again with the same Idempotency-Key, or without connectorId.',
  },
  statement_not_offered: {
    status: 409,
    title: 'This connector cannot be asked for a statement',
    detail: 'Wait for its bank to repeat what was not answered, or ask the bank to send it again.',
  },
  refund_already_completed: { status: 409, title: 'Already refunded', detail: 'The money has gone back.' },
  refund_already_failed: {
    status: 409,
    title: 'The refund has failed',
    detail: 'Ask for a new refund: to a card nothing is tried twice.',
  },
  credit_mismatch: {
    status: 409,
    title: 'Another account or currency',
    detail: 'The money did not come to the account and in the currency of the payment.',
  },
  credit_released: {
    status: 409,
    title: 'Let go of',
    detail: 'The payment ended half paid and has let go of this credit.',
  },
  credit_too_small: {
    status: 409,
    title: 'Less than the expired payment asks',
    detail:
      'An expired payment is paid at one stroke or not at all: make a new payment, or return the money.',
  },
  credit_not_unapplied: {
    status: 409,
    title: 'Nothing of it is unapplied',
    detail:
      'The money is on a payment, on its way back, returned or escheated. Read the credit to see where.',
  },
  credit_not_due: {
    status: 409,
    title: 'The term is not over',
    detail: 'Money is escheated after the configured term only.',
  },
  credit_elsewhere: {
    status: 409,
    title: 'The money is on another account',
    detail: 'It named your payment and came to an account that is not yours: ask the operator.',
  },
  sender_unknown: {
    status: 409,
    title: "The sender's account is not known",
    detail:
      'The bank named no account to send it back to. Apply it to a payment, or have the bank return it by its transaction.',
  },
  application_not_found: { status: 404, title: 'No such application', detail: 'Check the credit.' },
  transfer_not_found: { status: 404, title: 'No such transfer', detail: 'Check the transfer id.' },
  transfer_already_sent: {
    status: 409,
    title: 'Already sent',
    detail: 'A transfer is sent once. Its outcome will be known.',
  },
  transfers_unavailable: {
    status: 409,
    title: 'No money can be sent from here',
    detail: 'No transfer connector is configured. Return the money at the bank.',
  },
  refund_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail: 'A refund is in the currency of its payment.',
  },
  refund_exceeds_rest: {
    status: 409,
    title: 'More than is left',
    detail: 'Refunds that are done or under way and this one together are more than was paid.',
  },
  refund_exists: { status: 409, title: 'The refund exists', detail: 'Send the request again.' },
  refund_not_found: { status: 404, title: 'No such refund', detail: 'Check the refund id.' },
  refund_not_failed: {
    status: 409,
    title: 'Nothing to try again',
    detail:
      'Only a failed refund is tried again. One with an unknown outcome is asked about, never sent twice.',
  },
  credit_not_found: { status: 404, title: 'No such credit', detail: 'Check the credit id.' },
  credit_exceeded: {
    status: 409,
    title: 'More than the credit',
    detail: 'No more can be left unapplied than has arrived.',
  },
  trace_exists: { status: 409, title: 'The trace exists', detail: 'Send the request again.' },
  trace_not_found: { status: 404, title: 'No such trace', detail: 'Check the trace id.' },
  trace_found: {
    status: 409,
    title: 'The transfer is found',
    detail: 'Another credit was named. If that was wrong, close this trace and open another.',
  },
  trace_closed: { status: 409, title: 'The trace is closed', detail: 'Open another.' },
} as const satisfies Record<string, Entry>
