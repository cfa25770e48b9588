// A payment by QR: asked for with a dynamic VietQR or through a provider, paid by one or more credits, refunded; or lapsed, or canceled.

import type { BillOrder } from '../bills/billOrder.ts'
import { accept, type Decision, reject } from '../core/decider.ts'
import type { FeePlan } from '../core/fees.ts'
import { add, fromData, isZero, type Money, type MoneyData, toData, zero } from '../core/money.ts'
import type { FulfillmentTerms } from '../pos/fulfillmentEvents.ts'
import {
  decideRefund,
  evolveRefunds,
  isRefundEvent,
  type RefundCommand,
  type RefundEvent,
  type RefundRejection,
  type Refunds,
  refundedOf,
  wasPaid,
} from './refund.ts'
import { type BillShareReturn, type BillShareUnreturned, returnBillShare } from './returnBillShare.ts'
import { type Application, applyCredit, applyUnapplied, type Credit } from './takeCredit.ts'

/** What a merchant wants done with money that comes after the QR expired. */
export type LatePolicy =
  | { readonly mode: 'accept'; readonly graceSeconds: number }
  | { readonly mode: 'hold' }
  | { readonly mode: 'return' }

/** Who takes a payment for another merchant: a shop or a till where a utility's bills are paid. */
export type Agent = { readonly merchantId: string; readonly terminalId?: string }

type Account = { readonly bankBin: string; readonly accountNumber: string }

type Requested = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly method: 'qr'
  readonly amount: MoneyData
  /** The gateway's fee, computed once and frozen here: a later change of plan does not touch it. */
  readonly fee: MoneyData
  /** Value-added tax on the fee; absent: none. */
  readonly vat?: MoneyData
  /** The terms that the fee was worked out by, where a fee plan said so. */
  readonly feePlan?: FeePlan
  readonly payTo: Account
  /** Set when a provider is to collect it: only that connector's credits pay it then, and `payTo` is not looked at. */
  readonly connectorId?: string
  readonly description?: string
  readonly orderId?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** What a machine is to hand out once the money is there. */
  readonly fulfillment?: FulfillmentTerms
  /** The bills that it pays, and how much of each. */
  readonly bills?: BillOrder
  readonly agent?: Agent
  readonly latePolicy: LatePolicy
  /** What is paid over the amount goes back by itself; absent: it waits for a person. */
  readonly autoReturnOverpayments?: boolean
  readonly expiresAt: string
  readonly requestedAt: string
}
type Issued = {
  readonly payload: string
  /** The provider's page, where a provider collects it. */
  readonly payUrl?: string
}
type Applied = {
  readonly creditId: string
  /** The part of the credit that this payment takes: never more than was due. */
  readonly applied: MoneyData
  /** Set where a person put it here, and not the transfer text. */
  readonly applicationId?: string
  /** Keyed hash of the payer's account, while more is due: the rest will likely come from there. */
  readonly payerHash?: string
}
type Paid = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly method: 'qr'
  readonly amount: MoneyData
  readonly fee: MoneyData
  readonly bills?: BillOrder
  /** Value-added tax on the fee; absent: none. */
  readonly vat?: MoneyData
  readonly paidAt: string
}
/** Ended without being paid in full; `released` credits had paid a part and must become unapplied. `billIds`: what it would have paid. */
type Ended = {
  readonly endedAt: string
  readonly released: readonly Applied[]
  readonly billIds?: readonly string[]
}

export type QrPaymentCommand =
  | { type: 'RequestPayment'; data: Requested & Issued }
  | { type: 'ApplyCredit'; data: Credit }
  | { type: 'ApplyUnapplied'; data: Application }
  | { type: 'ExpirePayment'; data: { at: string } }
  | { type: 'CancelPayment'; data: { at: string } }
  | { type: 'ReturnBillShare'; data: BillShareReturn }
  | RefundCommand

export type QrPaymentEvent =
  | { type: 'PaymentRequested'; data: Requested }
  | { type: 'QrIssued'; data: Issued }
  | { type: 'CreditApplied'; data: Applied }
  | { type: 'PaymentPaid'; data: Paid }
  | { type: 'PaymentExpired'; data: Ended }
  | { type: 'PaymentCanceled'; data: Ended }
  | { type: 'BillShareUnreturned'; data: BillShareUnreturned }
  | RefundEvent

export type QrPaymentRejection =
  | RefundRejection
  | 'payment_not_found'
  | 'payment_exists'
  | 'payment_not_due'
  | 'payment_already_paid'
  | 'payment_expired'
  | 'payment_canceled'
  | 'credit_mismatch'
  | 'credit_released'
  | 'credit_too_small'

export type OpenedQrPayment = Requested & {
  readonly status: 'pending' | 'paid' | 'expired' | 'canceled' | 'partially_refunded' | 'refunded'
  readonly due: Money
  readonly received: Money
  readonly credits: ReadonlyMap<string, Money>
  /** Credits that were here when the payment ended, and must not come back. */
  readonly released: ReadonlySet<string>
  /** What each application of unapplied money, by its id, put here. */
  readonly applications: ReadonlyMap<string, Money>
  readonly refunds: Refunds
  readonly refunded: Money
  /** What bills could not take and could not go back, by bill. */
  readonly unreturned: ReadonlyMap<string, BillShareUnreturned>
  readonly payload: string
  readonly payUrl?: string
  readonly paidAt?: string
}
export type QrPayment = { readonly status: 'new' } | OpenedQrPayment

type QrPaymentDecision = Decision<QrPaymentEvent, QrPaymentRejection>

export const initialState = (): QrPayment => ({ status: 'new' })

export function decide(command: QrPaymentCommand, state: QrPayment): QrPaymentDecision {
  if (command.type === 'RequestPayment') return request(command.data, state)
  if (state.status === 'new') return reject('payment_not_found')
  switch (command.type) {
    case 'ApplyCredit':
      return applyCredit(command.data, state)
    case 'ApplyUnapplied':
      return applyUnapplied(command.data, state)
    case 'ExpirePayment':
      return expire(command.data.at, state)
    case 'CancelPayment':
      return cancel(command.data.at, state)
    case 'ReturnBillShare':
      return returnBillShare(command.data, state)
    default:
      return decideRefund(command, state)
  }
}

function request({ payload, payUrl, ...data }: Requested & Issued, state: QrPayment): QrPaymentDecision {
  if (state.status !== 'new') return reject('payment_exists')
  const issued = payUrl === undefined ? { payload } : { payload, payUrl }
  return accept({ type: 'PaymentRequested', data }, { type: 'QrIssued', data: issued })
}

function expire(at: string, state: OpenedQrPayment): QrPaymentDecision {
  if (state.status !== 'pending') return accept() // paid or ended meanwhile
  if (Date.parse(at) < Date.parse(state.expiresAt)) return reject('payment_not_due')
  return accept({ type: 'PaymentExpired', data: ended(at, state) })
}

function cancel(at: string, state: OpenedQrPayment): QrPaymentDecision {
  if (state.status === 'canceled') return accept()
  if (wasPaid(state.status)) return reject('payment_already_paid')
  if (state.status === 'expired') return reject('payment_expired')
  return accept({ type: 'PaymentCanceled', data: ended(at, state) })
}

const ended = (at: string, { credits, bills }: OpenedQrPayment): Ended => ({
  endedAt: at,
  released: [...credits].map(([creditId, applied]) => ({ creditId, applied: toData(applied) })),
  ...(bills && { billIds: bills.shares.map(({ billId }) => billId) }),
})

export function evolve(state: QrPayment, event: QrPaymentEvent): QrPayment {
  if (event.type === 'PaymentRequested') return opened(event.data)
  if (state.status === 'new') return state
  if (isRefundEvent(event)) return refunded(state, event)
  switch (event.type) {
    case 'QrIssued':
      return { ...state, ...event.data }
    case 'CreditApplied':
      return credited(state, event.data)
    case 'PaymentPaid':
      return { ...state, status: 'paid', paidAt: event.data.paidAt }
    case 'PaymentExpired':
      return released({ ...state, status: 'expired' })
    case 'PaymentCanceled':
      return released({ ...state, status: 'canceled' })
    case 'BillShareUnreturned': {
      const unreturned = new Map(state.unreturned).set(event.data.billId, event.data)
      return { ...state, unreturned }
    }
    default:
      return state
  }
}

const opened = (data: Requested): OpenedQrPayment => {
  const due = fromData(data.amount)
  const none = zero(due.currency)
  const money = { received: none, credits: new Map(), released: new Set<string>(), applications: new Map() }
  const back = { refunds: new Map(), refunded: none, unreturned: new Map() }
  return { ...data, ...money, ...back, status: 'pending', due, payload: '' }
}

function credited(state: OpenedQrPayment, { creditId, applied, applicationId }: Applied): OpenedQrPayment {
  const amount = fromData(applied)
  const before = state.credits.get(creditId) ?? zero(amount.currency)
  const credits = new Map(state.credits).set(creditId, add(before, amount))
  const received = add(state.received, amount)
  if (applicationId === undefined) return { ...state, credits, received }
  const applications = new Map(state.applications).set(applicationId, amount)
  return { ...state, credits, received, applications }
}

function refunded(state: OpenedQrPayment, event: RefundEvent): OpenedQrPayment {
  const refunds = evolveRefunds(state.refunds, event)
  const back = refundedOf(refunds, zero(state.due.currency))
  if (isZero(back)) return { ...state, refunds }
  const all = back.minor === state.received.minor
  return { ...state, refunds, refunded: back, status: all ? 'refunded' : 'partially_refunded' }
}

const released = (state: OpenedQrPayment): OpenedQrPayment => ({
  ...state,
  credits: new Map(),
  released: new Set(state.credits.keys()),
  received: zero(state.due.currency),
})
