// Every answer that says no: one table of codes, as application/problem+json (RFC 9457).

import type { EstablishmentRejection } from '../domain/adoption/establishment.ts'
import type { ComplaintRejection } from '../domain/complaints/complaintEvents.ts'
import type { ConnectorRejection } from '../domain/connectors/connector.ts'
import type { HandlingRejection } from '../domain/core/commandHandling.ts'
import type { MoneyFault } from '../domain/core/money.ts'
import type { ApiKeyRejection } from '../domain/merchants/apiKey.ts'
import type { MerchantRejection } from '../domain/merchants/merchant.ts'
import type { SiteRejection } from '../domain/merchants/site.ts'
import type { CreditRejection } from '../domain/payments/credit.ts'
import type { PaymentRejection } from '../domain/payments/payment.ts'
import { maskCardData } from '../domain/pos/cardDataGuard.ts'
import type { TerminalRejection } from '../domain/pos/terminal.ts'
import type { CutRejection } from '../domain/settlement/cut.ts'
import type { FeePlansRejection } from '../domain/settlement/feePlans.ts'
import type { ExceptionRejection } from '../domain/settlement/reconciliationException.ts'
import type { SettlementRejection } from '../domain/settlement/settlement.ts'
import type { StatementRejection } from '../domain/settlement/statement.ts'
import type { TraceRejection } from '../domain/traces/trace.ts'
import type { WebhookEndpointRejection } from '../domain/webhooks/webhookEndpoint.ts'
import { type BillProblem, billProblems } from './billProblems.ts'
import { type MandateProblem, mandateProblems } from './mandateProblems.ts'

type Rejection =
  | EstablishmentRejection
  | HandlingRejection
  | MerchantRejection
  | SiteRejection
  | TerminalRejection
  | ApiKeyRejection
  | ConnectorRejection
  | PaymentRejection
  | CreditRejection
  | FeePlansRejection
  | WebhookEndpointRejection
  | ComplaintRejection
  | SettlementRejection
  | CutRejection
  | StatementRejection
  | ExceptionRejection
  | TraceRejection

type HttpProblem =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'malformed_json'
  | 'duplicate_key'
  | 'nesting_too_deep'
  | 'unsupported_media_type'
  | 'body_too_large'
  | 'validation_failed'
  | 'idempotency_key_invalid'
  | 'signature_missing'
  | 'signature_invalid'
  | 'timestamp_outside_window'
  | 'credit_conflict'
  | 'day_not_sealed'
  | 'too_many_cells'
  | 'not_published'
  | 'business_date_in_future'
  | 'no_payouts'
  | 'payout_account_missing'
  | 'status_report_unreadable'
  | 'notification_unreadable'
  | 'provider_failed'
  | 'statement_not_offered'
  | 'credit_elsewhere'
  | 'transfers_unavailable'
  | 'cards_unavailable'
  | 'card_token_unknown'
  | 'pickup_code_unknown'
  | 'pickup_code_ambiguous'
  | 'too_many_guesses'
  | 'qr_invalid'
  | 'qr_not_ours'
  | 'webhook_endpoints_exceeded'
  | 'webhook_replays_exceeded'
  | 'forgetting_unavailable'
  | 'statement_unreadable'
  | 'statement_dtd_refused'
  | 'statement_balance_differs'
  | 'statement_account_differs'
  | 'statement_account_unknown'
  | 'statement_currency_differs'
  | 'statement_in_future'
  | 'statement_not_found'
  | 'reconciliation_exception_not_found'
  | 'service_busy'
  | 'store_unavailable'
  | 'not_at_the_edge'
  | 'internal_error'

export type ProblemCode = Rejection | HttpProblem | BillProblem | MandateProblem

type Entry = { readonly status: number; readonly title: string; readonly detail: string }

/** What each code means to a caller: the HTTP status, a title, and what to do about it. Codes are for ever. */
export const problems = {
  unauthorized: {
    status: 401,
    title: 'No valid API key',
    detail: 'Send "Authorization: Bearer <key>" with a key that is valid and not revoked.',
  },
  forbidden: {
    status: 403,
    title: 'Not for this role',
    detail: 'The key is valid, but its role may not do this.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing here that this key may see.' },
  method_not_allowed: { status: 405, title: 'Method not allowed', detail: 'See the Allow header.' },
  malformed_json: {
    status: 400,
    title: 'Not JSON',
    detail: 'The body must be one JSON object in UTF-8.',
  },
  duplicate_key: {
    status: 400,
    title: 'A key stands twice in an object',
    detail: 'Parsers disagree on which of the two counts: send it once.',
  },
  nesting_too_deep: { status: 400, title: 'Nested too deep', detail: 'At most 16 levels are read.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send "Content-Type: application/json".',
  },
  body_too_large: { status: 413, title: 'Body too large', detail: 'At most 65536 bytes are read here.' },
  validation_failed: {
    status: 422,
    title: 'The request does not fit',
    detail:
      'Each entry of "errors" names a place in the body (JSON pointer) or a parameter, and what is wrong.',
  },
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
  fee_plans_overlap: {
    status: 422,
    title: 'Two fee plans hold on one day',
    detail: 'One plan a day and currency: end the earlier one the day before the later begins.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'Idempotency-Key does not fit',
    detail: 'Send 1 to 255 printable ASCII characters, best a UUID.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency-Key used with another body',
    detail: 'A key names one request for ever. Use a new key for a new request.',
  },
  version_differs: {
    status: 412,
    title: 'The resource has changed',
    detail: 'If-Match names another version than the one in "version". Read it again and decide again.',
  },
  signature_missing: {
    status: 401,
    title: 'Signature headers missing',
    detail: 'Send webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks).',
  },
  signature_invalid: {
    status: 401,
    title: 'Signature does not match',
    detail: 'Sign "id.timestamp.body" over the raw body with the connector\'s secret.',
  },
  timestamp_outside_window: {
    status: 401,
    title: 'Timestamp outside the window',
    detail: 'webhook-timestamp must be within five minutes of now. Check the clock, then sign anew.',
  },
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
  qr_invalid: { status: 422, title: 'Not a valid QR text', detail: 'See "errors".' },
  qr_not_ours: {
    status: 422,
    title: 'Not a VietQR transfer code',
    detail: 'The sandbox bank pays VietQR codes (tag 38) in VND.',
  },
  stream_busy: {
    status: 409,
    title: 'Too many changes at once',
    detail: 'Others are changing the same resource. Send the request again.',
  },
  service_busy: {
    status: 503,
    title: 'Busy',
    detail: 'More is waiting than can be stored now. Try again after a second.',
  },
  store_unavailable: {
    status: 503,
    title: 'The store cannot be written',
    detail: 'Nothing was recorded. Try again later; the operator has been told.',
  },
  not_at_the_edge: {
    status: 501,
    title: 'Not available at the edge',
    detail: 'This gateway runs on Cloudflare Workers, which cannot do this. Nothing was recorded.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong here',
    detail: 'It has been logged. Repeating the request with the same Idempotency-Key is safe.',
  },
  merchant_exists: { status: 409, title: 'The merchant exists', detail: 'Send the request again.' },
  merchant_not_found: { status: 404, title: 'No such merchant', detail: 'Check the merchant id.' },
  site_exists: { status: 409, title: 'The site exists', detail: 'Send the request again.' },
  terminal_exists: { status: 409, title: 'The terminal exists', detail: 'Send the request again.' },
  terminal_not_found: { status: 404, title: 'No such terminal', detail: 'Check the activation code.' },
  terminal_already_activated: {
    status: 409,
    title: 'The code has been used',
    detail: 'An activation code is good for one use. Register the terminal anew.',
  },
  terminal_not_activated: {
    status: 409,
    title: 'Not activated yet',
    detail: 'The terminal has no key to replace. Activate it by its code.',
  },
  terminal_blocked: {
    status: 403,
    title: 'The terminal is blocked',
    detail:
      'Nothing is taken from it until its merchant or the operator unblocks it. Its key stays the same.',
  },
  terminal_blocked_by_operator: {
    status: 409,
    title: 'Blocked by the operator',
    detail: 'Only the operator can unblock this terminal: ask there why it is blocked.',
  },
  terminal_revoked: {
    status: 409,
    title: 'The terminal is revoked',
    detail: 'That is for ever. Register the machine as a new terminal.',
  },
  terminal_key_replaced: {
    status: 409,
    title: 'The key has been replaced',
    detail: 'Only the newest key can ask for the next. Use it, or let the merchant rotate.',
  },
  key_exists: { status: 409, title: 'The key exists', detail: 'Send the request again.' },
  key_not_found: { status: 404, title: 'No such key', detail: 'Check the key id.' },
  connector_exists: { status: 409, title: 'The connector exists', detail: 'Send the request again.' },
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
  refund_already_completed: { status: 409, title: 'Already refunded', detail: 'The money has gone back.' },
  refund_already_failed: {
    status: 409,
    title: 'The refund has failed',
    detail: 'Ask for a new refund: to a card nothing is tried twice.',
  },
  payment_expired: { status: 409, title: 'Expired', detail: 'Make a new payment.' },
  payment_canceled: { status: 409, title: 'Canceled', detail: 'Make a new payment.' },
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
  too_many_guesses: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'Who guesses must wait: see Retry-After.',
  },
  fulfillment_exception_not_found: {
    status: 409,
    title: 'Nothing to resolve',
    detail: 'No person is needed for this payment.',
  },
  establishment_not_found: {
    status: 404,
    title: 'No such establishment',
    detail: 'Check the id of the establishment.',
  },
  day_not_sealed: {
    status: 409,
    title: 'The day is not sealed yet',
    detail: 'A business day is sealed once it is over. Ask again then.',
  },
  not_published: {
    status: 422,
    title: 'Not published',
    detail:
      'Without a key of the regulator, statistics are answered by whole months, some days after each is over.',
  },
  too_many_cells: {
    status: 422,
    title: 'Too many cells',
    detail: 'Ask for a longer interval, fewer groups or fewer days.',
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
  ...billProblems,
  ...mandateProblems,
  webhook_endpoint_exists: { status: 409, title: 'The endpoint exists', detail: 'Send the request again.' },
  webhook_endpoint_not_found: { status: 404, title: 'No such endpoint', detail: 'Check the endpoint id.' },
  webhook_endpoint_disabled: {
    status: 409,
    title: 'The endpoint is disabled',
    detail: 'Nothing is delivered to it. Enable it first; messages can be pulled at any time.',
  },
  webhook_endpoints_exceeded: {
    status: 409,
    title: 'Too many endpoints',
    detail: 'A merchant has at most 20. Change one that is no longer needed (PUT).',
  },
  webhook_secrets_exceeded: {
    status: 409,
    title: 'Too many secrets at once',
    detail:
      'Three older secrets still sign beside the newest. Each does so for 24 hours: rotate again later.',
  },
  webhook_replays_exceeded: {
    status: 409,
    title: 'Too many replays waiting',
    detail: 'At most 10 wait at once. Ask again when some are done, or pull the messages.',
  },
  forgetting_unavailable: {
    status: 501,
    title: 'Nobody can be forgotten here',
    detail: 'In a cluster the keys of sealed texts derive from the master key: none can be destroyed alone.',
  },
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
  statement_unreadable: {
    status: 422,
    title: 'Not a bank statement that can be read',
    detail:
      'camt.053, camt.054, MT940 and CSV are read. "errors" says what is wrong; nothing of it was taken.',
  },
  statement_dtd_refused: {
    status: 422,
    title: 'A document type in XML',
    detail:
      'No bank needs document types or entities in a statement, and they can do harm. Nothing of it was taken.',
  },
  statement_balance_differs: {
    status: 422,
    title: 'The balances do not add up',
    detail:
      'Opening balance and lines are not the closing balance: a line is missing or wrong. Nothing of it was taken.',
  },
  statement_account_differs: {
    status: 422,
    title: 'Another account',
    detail: 'The file is of another account than was named, or of more than one. Nothing of it was taken.',
  },
  statement_account_unknown: {
    status: 422,
    title: 'Not an account of this gateway',
    detail:
      'No merchant has its money on this account. Name it by "bankBin" and "accountNumber" where the file does not. Nothing of it was taken.',
  },
  statement_currency_differs: {
    status: 422,
    title: 'Another currency',
    detail:
      'The accounts here are in VND, and all lines of a statement are in one currency. Nothing of it was taken.',
  },
  statement_in_future: {
    status: 422,
    title: 'A line that is not booked yet',
    detail:
      'A line is booked on a day that has not come: check the file and the clock. Nothing of it was taken.',
  },
  statement_not_found: { status: 404, title: 'No such statement', detail: 'Check the id.' },
  statement_not_received: {
    status: 409,
    title: 'The statement is not there',
    detail: 'Send the file again.',
  },
  reconciliation_exception_not_found: { status: 404, title: 'No such exception', detail: 'Check the id.' },
  reconciliation_exception_resolved: {
    status: 409,
    title: 'The exception is resolved',
    detail: 'What it was is recorded, and stands.',
  },
  trace_exists: { status: 409, title: 'The trace exists', detail: 'Send the request again.' },
  trace_not_found: { status: 404, title: 'No such trace', detail: 'Check the trace id.' },
  trace_found: {
    status: 409,
    title: 'The transfer is found',
    detail: 'Another credit was named. If that was wrong, close this trace and open another.',
  },
  trace_closed: { status: 409, title: 'The trace is closed', detail: 'Open another.' },
} as const satisfies Record<ProblemCode, Entry>

/** One thing wrong with the input: where (JSON pointer into the body, or a parameter's name), and what. */
export type InputError = {
  readonly pointer: string
  readonly detail: string
  readonly code?: MoneyFault | string
}

/** Thrown by the HTTP layer only, to leave a handler with a problem as the answer. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly extra: ProblemExtra
  constructor(code: ProblemCode, extra: ProblemExtra = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}
type ProblemExtra = {
  readonly detail?: string
  readonly errors?: readonly InputError[]
  /** The resource's version, where another was expected. */
  readonly version?: number
  readonly headers?: Readonly<Record<string, string>>
}

export const invalid = (...errors: InputError[]): Problem => new Problem('validation_failed', { errors })

/** Names of fields are the caller's, and may be anything, also a card number. */
const withoutCardData = (error: InputError): InputError => ({
  ...error,
  pointer: maskCardData(error.pointer),
})

/** The problem as a response. `type` leads to the page that explains the code. */
export function problemResponse(
  code: ProblemCode,
  { detail, errors, version, headers }: ProblemExtra = {},
): Response {
  const { status, title, detail: usual } = problems[code]
  const body = {
    type: `/problems#${code}`,
    title,
    status,
    detail: detail ?? usual,
    code,
    ...(errors && { errors: errors.map(withoutCardData) }),
    ...(version !== undefined && { version }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}
