// The books: what each recorded event moves from one account to another. A pure function of the event; nothing else is posted.
import type { Recorded } from '../core/eventStore.ts'
import { fromData, isZero, type Money, type MoneyData } from '../core/money.ts'
import type { CreditEvent } from '../payments/credit.ts'
import type { PaymentEvent } from '../payments/payment.ts'
import { merchantIdOf, referenceOf } from '../payments/reference.ts'
import type { Account, Side } from './accounts.ts'
import type { PayoutEvent } from './payout.ts'

/**
 * Why money moves. On `merchant_payable`: `gross` credits what payers paid (debits it when the sale is reversed), `fee`
 * and `vat` debit the charge on it, `refund` debits what goes back (credits it when that failed), `reserve` debits what is
 * kept back while a dispute is open (credits it when that is over), `chargeback` debits what a lost dispute took, and
 * `payout` debits what is on its way to the merchant (credits it when that came back).
 */
export type Movement =
  | 'receipt'
  | 'match'
  | 'unapplied'
  | 'return'
  | 'escheat'
  | 'capture'
  | 'gross'
  | 'fee'
  | 'vat'
  | 'refund'
  | 'reserve'
  | 'chargeback'
  | 'payout'

/** One line of the books. The amount is more than zero; the merchant is there where the money is of one. */
export type Posting = {
  readonly account: Account
  readonly side: Side
  readonly amount: Money
  readonly kind: Movement
  readonly merchantId?: string
}

/** The types of event that move money; of some only certain ones do. */
export const postedTypes = [
  'CreditReceived',
  'CreditUnapplied',
  'CreditApplicationRequested',
  'CreditApplicationCompleted',
  'CreditApplicationRefused',
  'CreditReturnRequested',
  'CreditReturned',
  'CreditReturnFailed',
  'CreditEscheated',
  'CreditApplied',
  'PaymentExpired',
  'PaymentCanceled',
  'PaymentCaptured',
  'PaymentPaid',
  'PaymentReversed',
  'RefundRequested',
  'RefundTransferRequested',
  'RefundCompleted',
  'RefundFailed',
  'DisputeOpened',
  'DisputeWon',
  'DisputeLost',
  'PayoutRequested',
  'PayoutSettled',
  'PayoutRejected',
] as const
/** Those of them that change what a merchant is owed. */
export const payableTypes = [
  'PaymentPaid',
  'PaymentReversed',
  'RefundRequested',
  'RefundTransferRequested',
  'RefundFailed',
  'DisputeOpened',
  'DisputeWon',
  'DisputeLost',
  'PayoutRequested',
  'PayoutRejected',
] as const satisfies readonly (typeof postedTypes)[number][]
export type PostedEvent = Extract<
  PaymentEvent | CreditEvent | PayoutEvent,
  { type: (typeof postedTypes)[number] }
>

const none: readonly Posting[] = []

/** The postings of an event: as much is debited as credited, all in one currency. None where it moves no money. */
export function postingsOf(recorded: Pick<Recorded, 'type' | 'data' | 'stream'>): readonly Posting[] {
  const event = recorded as PostedEvent
  switch (event.type) {
    case 'CreditReceived':
      return move(heldBy(event.data), 'credits_to_match', event.data.amount, 'receipt')
    case 'CreditUnapplied':
      return move('credits_to_match', 'unapplied_funds', event.data.amount, 'unapplied')
    case 'CreditApplicationRequested':
      return move('unapplied_funds', 'credits_to_match', event.data.amount, 'match')
    case 'CreditApplicationCompleted':
    case 'CreditApplicationRefused':
      return move('credits_to_match', 'unapplied_funds', event.data.left, 'unapplied')
    case 'CreditReturnRequested':
      return move('unapplied_funds', 'returns_in_flight', event.data.amount, 'return')
    case 'CreditReturned':
      return move('returns_in_flight', 'bank_clearing', event.data.amount, 'return')
    case 'CreditReturnFailed':
      return move('returns_in_flight', 'unapplied_funds', event.data.amount, 'return')
    case 'CreditEscheated':
      return move('unapplied_funds', 'escheated_funds', event.data.amount, 'escheat')
    case 'PayoutRequested':
      return paidOut('merchant_payable', 'payouts_in_flight', event.data)
    case 'PayoutSettled':
      return paidOut('payouts_in_flight', 'bank_clearing', event.data)
    case 'PayoutRejected':
      return paidOut(
        event.data.returned ? 'bank_clearing' : 'payouts_in_flight',
        'merchant_payable',
        event.data,
      )
    default:
      return ofPayment(event, recorded.stream)
  }
}

const paidOut = (
  debited: Account,
  credited: Account,
  { amount, merchantId }: { readonly amount: MoneyData; readonly merchantId: string },
): readonly Posting[] => move(debited, credited, amount, 'payout', merchantId)

type CreditPosted = Extract<CreditEvent, PostedEvent>

function ofPayment(
  event: Exclude<PostedEvent, CreditPosted | PayoutEvent>,
  stream: string,
): readonly Posting[] {
  switch (event.type) {
    case 'CreditApplied':
      return move('credits_to_match', 'open_payments', event.data.applied, 'match', merchantIn(stream))
    case 'PaymentExpired':
    case 'PaymentCanceled':
      return released(event.data.released, merchantIn(stream))
    case 'PaymentCaptured':
      return move('acquirer_receivable', 'open_payments', event.data.amount, 'capture', merchantIn(stream))
    case 'PaymentPaid':
      return sold('open_payments', event.data)
    case 'PaymentReversed':
      return event.data.undone ? sold('acquirer_receivable', event.data.undone).map(mirrored) : none
    case 'DisputeOpened':
      return disputed(event.data.amount, merchantIn(stream))
    case 'DisputeWon':
      return disputed(event.data.amount, merchantIn(stream)).map(mirrored)
    case 'DisputeLost':
      return chargedBack(event.data.amount, merchantIn(stream))
    default:
      return ofRefund(event, merchantIn(stream))
  }
}

type RefundPosted = Extract<
  PostedEvent,
  { type: 'RefundRequested' | 'RefundTransferRequested' | 'RefundCompleted' | 'RefundFailed' }
>

/** A refund by bank is posted by its transfers, one to a card by itself: each amount once. */
function ofRefund(event: RefundPosted, merchantId: string): readonly Posting[] {
  const { type, data } = event
  switch (type) {
    case 'RefundRequested':
      return 'method' in data
        ? move('merchant_payable', 'refunds_in_flight', data.amount, 'refund', merchantId)
        : none
    case 'RefundTransferRequested':
      return move('merchant_payable', 'refunds_in_flight', data.amount, 'refund', merchantId)
    case 'RefundCompleted':
      return move('refunds_in_flight', paidFrom(data), data.amount, 'refund', merchantId)
    case 'RefundFailed':
      return move('refunds_in_flight', 'merchant_payable', data.amount, 'refund', merchantId)
    default:
      return none
  }
}

/** The issuer has taken it back from the acquirer, and as much of the merchant's money is kept back. */
const disputed = (amount: MoneyData, merchantId: string): readonly Posting[] => [
  ...move('merchant_payable', 'reserves', amount, 'reserve', merchantId),
  ...move('chargebacks', 'acquirer_receivable', amount, 'chargeback', merchantId),
]

/** What was kept back is the merchant's again, and pays for what the issuer keeps. */
const chargedBack = (amount: MoneyData, merchantId: string): readonly Posting[] => [
  ...move('reserves', 'merchant_payable', amount, 'reserve', merchantId),
  ...move('merchant_payable', 'chargebacks', amount, 'chargeback', merchantId),
]

/** A provider keeps its account itself: its credits name none. */
const heldBy = ({ bankBin }: { readonly bankBin: string }): Account =>
  bankBin === '' ? 'provider_receivable' : 'bank_clearing'

/** A transfer by bank names its refund; one to a card goes off what the acquirer owes. */
const paidFrom = (data: object): Account => ('refundId' in data ? 'bank_clearing' : 'acquirer_receivable')

type Paid = {
  readonly merchantId: string
  readonly amount: MoneyData
  readonly fee: MoneyData
  readonly vat?: MoneyData
}

/** A payment that is paid is owed to its merchant, less the fee and the tax on it. */
const sold = (from: Account, { amount, fee, vat, merchantId }: Paid): readonly Posting[] => [
  ...move(from, 'merchant_payable', amount, 'gross', merchantId),
  ...move('merchant_payable', 'fee_income', fee, 'fee', merchantId),
  ...(vat ? move('merchant_payable', 'vat_on_fees', vat, 'vat', merchantId) : none),
]

/** What had been paid on a payment that ended half paid is for matching again, which leaves it unapplied. */
const released = (
  parts: readonly { readonly applied: MoneyData }[],
  merchantId: string,
): readonly Posting[] =>
  parts.flatMap(({ applied }) => move('open_payments', 'credits_to_match', applied, 'match', merchantId))

const mirrored = (posting: Posting): Posting => ({
  ...posting,
  side: posting.side === 'debit' ? 'credit' : 'debit',
})

/** Debits one account and credits the other; nothing where there is no money. */
function move(
  debited: Account,
  credited: Account,
  data: MoneyData,
  kind: Movement,
  merchantId?: string,
): readonly Posting[] {
  const amount = fromData(data)
  if (isZero(amount)) return none
  const what = merchantId === undefined ? { amount, kind } : { amount, kind, merchantId }
  return [
    { account: debited, side: 'debit', ...what },
    { account: credited, side: 'credit', ...what },
  ]
}

/** The merchant that a payment's stream (`payment-pay_…`) names. */
const merchantIn = (stream: string): string => merchantIdOf(referenceOf(stream.slice('payment-'.length)))
