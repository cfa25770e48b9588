// A payment, however it is paid: one stream, and the rules of its method over it.
import { accept, type Decision, reject } from '../core/decider.ts'
import { fromData, type Money, zero } from '../core/money.ts'
import * as card from '../pos/cardPayment.ts'
import type { CardPaymentCommand, CardPaymentEvent, CardPaymentRejection } from '../pos/cardPaymentEvents.ts'
import type { OpenedCardPayment } from '../pos/cardPaymentState.ts'
import { isOpen } from '../pos/fulfillment.ts'
import type { Fulfillment, FulfillmentEvent } from '../pos/fulfillmentEvents.ts'
import { evolve as evolveFulfillment } from '../pos/fulfillmentProgress.ts'
import {
  decideFulfillment,
  type FulfillmentPaymentCommand,
  type FulfillmentPaymentRejection,
  isFulfillmentCommand,
} from './fulfillPayment.ts'
import type { OpenedQrPayment, QrPaymentCommand, QrPaymentEvent, QrPaymentRejection } from './qrPayment.ts'
import * as qr from './qrPayment.ts'

type Forestalled = {
  readonly merchantId: string
  readonly terminalId: string
  readonly forestalledAt: string
}

export type PaymentCommand =
  | QrPaymentCommand
  | CardPaymentCommand
  | FulfillmentPaymentCommand
  /** A terminal reverses what never came here: if it comes after all, it is refused. */
  | { type: 'ForestallPayment'; data: Forestalled }
export type PaymentEvent =
  | QrPaymentEvent
  | CardPaymentEvent
  | FulfillmentEvent
  | { type: 'PaymentForestalled'; data: Forestalled }
export type PaymentRejection =
  | QrPaymentRejection
  | CardPaymentRejection
  | FulfillmentPaymentRejection
  | 'payment_method_differs'
  | 'payment_forestalled'

export type OpenedPayment = (OpenedQrPayment | OpenedCardPayment) & { readonly fulfillment?: Fulfillment }
export type Payment = { readonly status: 'new'; readonly forestalled?: true } | OpenedPayment

type PaymentDecision = Decision<PaymentEvent, PaymentRejection>

export const initialState = (): Payment => ({ status: 'new' })

export function decide(command: PaymentCommand, state: Payment): PaymentDecision {
  if (command.type === 'ForestallPayment') return forestall(command.data, state)
  if (state.status === 'new') return open(command, state.forestalled === true)
  if (isFulfillmentCommand(command)) return decideFulfillment(command, state)
  if (command.type === 'ExpirePayment' && state.fulfillment && isOpen(state.fulfillment))
    return decideFulfillment({ type: 'TimeOutFulfillment', data: command.data }, state)
  return state.method === 'card' ? decideCard(command, state) : decideQr(command, state)
}

function forestall(data: Forestalled, state: Payment): PaymentDecision {
  if (state.status !== 'new') return reject('payment_exists')
  return state.forestalled ? accept() : accept({ type: 'PaymentForestalled', data })
}

function open(command: PaymentCommand, forestalled: boolean): PaymentDecision {
  if (command.type !== 'RequestPayment' && command.type !== 'RequestCardPayment')
    return reject('payment_not_found')
  if (forestalled) return reject('payment_forestalled')
  return command.type === 'RequestPayment'
    ? qr.decide(command, qr.initialState())
    : card.decide(command, card.initialState())
}

/** What only a payment by QR can be asked; `ExpirePayment` and `RequestRefund` both can. */
const qrOnly: ReadonlySet<PaymentCommand['type']> = new Set([
  'ApplyCredit',
  'ApplyUnapplied',
  'CancelPayment',
  'ReturnBillShare',
  'RetryRefund',
  'SendTransfer',
  'AbandonTransfer',
  'RecordOutcome',
] satisfies QrPaymentCommand['type'][])
const bothWays: ReadonlySet<PaymentCommand['type']> = new Set(['ExpirePayment', 'RequestRefund'])

function decideCard(command: PaymentCommand, state: OpenedCardPayment): PaymentDecision {
  if (command.type === 'RequestPayment') return reject('payment_exists')
  if (command.type === 'ApplyCredit' || command.type === 'ApplyUnapplied') return reject('credit_mismatch')
  if (qrOnly.has(command.type)) return reject('payment_method_differs')
  return card.decide(command as CardPaymentCommand, state)
}

function decideQr(command: PaymentCommand, state: OpenedQrPayment): PaymentDecision {
  if (command.type === 'RequestCardPayment') return reject('payment_exists')
  const known = command.type === 'RequestPayment' || qrOnly.has(command.type) || bothWays.has(command.type)
  return known ? qr.decide(command as QrPaymentCommand, state) : reject('payment_method_differs')
}

export function evolve(state: Payment, event: PaymentEvent): Payment {
  if (event.type === 'PaymentForestalled') return { status: 'new', forestalled: true }
  const method = event.type === 'PaymentRequested' ? event.data.method : methodOf(state)
  if (method === undefined) return state
  const after: Payment =
    method === 'card'
      ? card.evolve(state as OpenedCardPayment, event as CardPaymentEvent)
      : qr.evolve(state as OpenedQrPayment, event as QrPaymentEvent)
  return after.status === 'new' || !after.fulfillment
    ? after
    : { ...after, fulfillment: fulfilled(after, event) }
}

const fulfilled = (
  payment: OpenedPayment,
  event: QrPaymentEvent | CardPaymentEvent | FulfillmentEvent,
): Fulfillment =>
  evolveFulfillment(payment.fulfillment!, event, payment.method === 'card' ? payment.attemptId : undefined)

const methodOf = (state: Payment): OpenedPayment['method'] | undefined =>
  state.status === 'new' ? undefined : state.method

/** The payment where it is one by QR: what concerns credits and VietQR looks at no other. */
export const asQrPayment = (state: Payment): Extract<OpenedPayment, { method: 'qr' }> | undefined =>
  state.status !== 'new' && state.method === 'qr' ? state : undefined

export const asCardPayment = (state: Payment): OpenedCardPayment | undefined =>
  state.status !== 'new' && state.method === 'card' ? state : undefined

/** What is asked for, whichever way it is paid. */
export const amountOf = (payment: OpenedPayment): Money =>
  payment.method === 'card' ? fromData(payment.amount) : payment.due

/** What the payer has paid so far; of a card, what was captured and not reversed. */
export function receivedOf(payment: OpenedPayment): Money {
  if (payment.method === 'qr') return payment.received
  const none = zero(payment.authorized.currency)
  return payment.status === 'reversed' ? none : (payment.captured?.amount ?? none)
}
