// A payment by QR: asked for with a dynamic VietQR, paid by one or more bank credits, or lapsed, or canceled.

import { accept, type Decision, reject } from '../core/decider.ts'
import {
  add,
  exceeds,
  fromData,
  least,
  type Money,
  type MoneyData,
  subtract,
  toData,
  zero,
} from '../core/money.ts'

/** What a merchant wants done with money that comes after the QR expired. */
export type LatePolicy =
  | { readonly mode: 'accept'; readonly graceSeconds: number }
  | { readonly mode: 'hold' }
  | { readonly mode: 'return' }

type Account = { readonly bankBin: string; readonly accountNumber: string }

type Requested = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly method: 'qr'
  readonly amount: MoneyData
  /** The gateway's fee, computed once and frozen here: a later change of plan does not touch it. */
  readonly fee: MoneyData
  readonly payTo: Account
  /** Set when a provider is to collect it: only that connector's credits pay it then, and `payTo` is not looked at. */
  readonly connectorId?: string
  readonly description?: string
  readonly orderId?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly latePolicy: LatePolicy
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
}
type Paid = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId?: string
  readonly method: 'qr'
  readonly amount: MoneyData
  readonly fee: MoneyData
  readonly paidAt: string
}
/** Ended without being paid in full; `released` credits had paid a part and must become unapplied. */
type Ended = { readonly endedAt: string; readonly released: readonly Applied[] }

export type QrPaymentCommand =
  | { type: 'RequestPayment'; data: Requested & Issued }
  | { type: 'ApplyCredit'; data: Credit }
  | { type: 'ExpirePayment'; data: { at: string } }
  | { type: 'CancelPayment'; data: { at: string } }

/** Money that arrived naming this payment. `occurredAt` is the bank's clock, `receivedAt` ours. */
export type Credit = Account & {
  readonly creditId: string
  readonly connectorId: string
  readonly amount: MoneyData
  readonly occurredAt: string
  readonly receivedAt: string
}

export type QrPaymentEvent =
  | { type: 'PaymentRequested'; data: Requested }
  | { type: 'QrIssued'; data: Issued }
  | { type: 'CreditApplied'; data: Applied }
  | { type: 'PaymentPaid'; data: Paid }
  | { type: 'PaymentExpired'; data: Ended }
  | { type: 'PaymentCanceled'; data: Ended }

export type QrPaymentRejection =
  | 'payment_not_found'
  | 'payment_exists'
  | 'payment_not_due'
  | 'payment_already_paid'
  | 'payment_expired'
  | 'payment_canceled'
  | 'credit_mismatch'
  | 'credit_released'

export type OpenedQrPayment = Requested & {
  readonly status: 'pending' | 'paid' | 'expired' | 'canceled'
  readonly due: Money
  readonly received: Money
  readonly credits: ReadonlyMap<string, Money>
  /** Credits that were here when the payment ended, and must not come back. */
  readonly released: ReadonlySet<string>
  readonly payload: string
  readonly payUrl?: string
  readonly paidAt?: string
}
export type QrPayment = { readonly status: 'new' } | OpenedQrPayment

type QrPaymentDecision = Decision<QrPaymentEvent, QrPaymentRejection>

export const initialState = (): QrPayment => ({ status: 'new' })

export function decide({ type, data }: QrPaymentCommand, state: QrPayment): QrPaymentDecision {
  if (type === 'RequestPayment') return request(data, state)
  if (state.status === 'new') return reject('payment_not_found')
  switch (type) {
    case 'ApplyCredit':
      return applyCredit(data, state)
    case 'ExpirePayment':
      return expire(data.at, state)
    case 'CancelPayment':
      return cancel(data.at, state)
  }
}

function request({ payload, payUrl, ...data }: Requested & Issued, state: QrPayment): QrPaymentDecision {
  if (state.status !== 'new') return reject('payment_exists')
  const issued = payUrl === undefined ? { payload } : { payload, payUrl }
  return accept({ type: 'PaymentRequested', data }, { type: 'QrIssued', data: issued })
}

function applyCredit(credit: Credit, state: OpenedQrPayment): QrPaymentDecision {
  if (state.credits.has(credit.creditId)) return accept() // counted already
  if (state.released.has(credit.creditId)) return reject('credit_released')
  if (!isForThisAccount(credit, state)) return reject('credit_mismatch')
  if (state.status === 'canceled') return reject('payment_canceled')
  if (state.status === 'paid') return reject('payment_already_paid')
  if (isLate(credit, state) || isTooLittle(credit, state)) return reject('payment_expired')
  const applied = least(subtract(state.due, state.received), fromData(credit.amount))
  const taken = {
    type: 'CreditApplied',
    data: { creditId: credit.creditId, applied: toData(applied) },
  } as const
  const paid = add(state.received, applied).minor === state.due.minor
  return paid ? accept<QrPaymentEvent>(taken, paidEvent(state, credit.receivedAt)) : accept(taken)
}

const isForThisAccount = (credit: Credit, { connectorId, payTo, due }: OpenedQrPayment): boolean =>
  credit.amount.currency === due.currency &&
  (connectorId === undefined
    ? credit.bankBin === payTo.bankBin && credit.accountNumber === payTo.accountNumber
    : credit.connectorId === connectorId)

/** The bank's own time decides, where it is credible: a payer who paid in time is not late because the notification was. */
function isLate(credit: Credit, state: OpenedQrPayment): boolean {
  const grace = state.latePolicy.mode === 'accept' ? state.latePolicy.graceSeconds * 1000 : 0
  const deadline = Date.parse(state.expiresAt) + grace
  const paidAt = Date.parse(credit.occurredAt)
  const credible = paidAt >= Date.parse(state.requestedAt)
  return Date.parse(credit.receivedAt) > deadline && !(credible && paidAt <= deadline)
}

/** An expired payment can still be paid, but only at one stroke: it will not expire again, so a part would be stuck. */
const isTooLittle = ({ amount }: Credit, { status, due }: OpenedQrPayment): boolean =>
  status === 'expired' && exceeds(due, fromData(amount))

const paidEvent = (state: OpenedQrPayment, paidAt: string): QrPaymentEvent => {
  const { merchantId, siteId, terminalId, method, amount, fee } = state
  const where = terminalId === undefined ? { siteId } : { siteId, terminalId }
  return { type: 'PaymentPaid', data: { merchantId, ...where, method, amount, fee, paidAt } }
}

function expire(at: string, state: OpenedQrPayment): QrPaymentDecision {
  if (state.status !== 'pending') return accept() // paid or ended meanwhile
  if (Date.parse(at) < Date.parse(state.expiresAt)) return reject('payment_not_due')
  return accept({ type: 'PaymentExpired', data: { endedAt: at, released: partsOf(state) } })
}

function cancel(at: string, state: OpenedQrPayment): QrPaymentDecision {
  if (state.status === 'canceled') return accept()
  if (state.status === 'paid') return reject('payment_already_paid')
  if (state.status === 'expired') return reject('payment_expired')
  return accept({ type: 'PaymentCanceled', data: { endedAt: at, released: partsOf(state) } })
}

const partsOf = ({ credits }: OpenedQrPayment): Applied[] =>
  [...credits].map(([creditId, applied]) => ({ creditId, applied: toData(applied) }))

export function evolve(state: QrPayment, event: QrPaymentEvent): QrPayment {
  if (event.type === 'PaymentRequested') return opened(event.data)
  if (state.status === 'new') return state
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
    default:
      return state
  }
}

const opened = (data: Requested): OpenedQrPayment => {
  const due = fromData(data.amount)
  const nothing = { received: zero(due.currency), credits: new Map(), released: new Set<string>() }
  return { ...data, ...nothing, status: 'pending', due, payload: '' }
}

function credited(state: OpenedQrPayment, { creditId, applied }: Applied): OpenedQrPayment {
  const amount = fromData(applied)
  const credits = new Map(state.credits).set(creditId, amount)
  return { ...state, credits, received: add(state.received, amount) }
}

const released = (state: OpenedQrPayment): OpenedQrPayment => ({
  ...state,
  credits: new Map(),
  released: new Set(state.credits.keys()),
  received: zero(state.due.currency),
})
