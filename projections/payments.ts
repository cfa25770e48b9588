// Payments as lists show them: one row a payment.
import { costOf } from '../src/domain/core/fees.ts'
import type { MoneyData } from '../src/domain/core/money.ts'
import type { PaymentEvent } from '../src/domain/payments/payment.ts'
import type { CardFacts } from '../src/domain/pos/cardPaymentEvents.ts'
import { deadlineOf, handedOutBy, isOpen } from '../src/domain/pos/fulfillment.ts'
import type { Fulfillment } from '../src/domain/pos/fulfillmentEvents.ts'
import { evolve as evolveFulfillment } from '../src/domain/pos/fulfillmentProgress.ts'
import { projection, streamId } from './projection.ts'

export type PaymentRow = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId: string | null
  readonly method: string
  readonly status: string
  readonly currency: string
  readonly amount: bigint
  readonly received: bigint
  readonly refunded: bigint
  /** Tax on it included. */
  readonly fee: bigint
  readonly description: string | null
  readonly orderId: string | null
  /** The caller's own key-value pairs, JSON. */
  readonly metadata: string | null
  readonly payload: string
  /** The provider that collects it and its page, where one does. */
  readonly connectorId: string | null
  readonly payUrl: string | null
  /** Of a payment by card: `{scheme?, first6, last4}` as JSON, and how it is captured. */
  readonly card: string | null
  readonly capture: string | null
  /** What the issuer holds or held, and the codes of its answer. */
  readonly authorized: bigint | null
  readonly approvalCode: string | null
  readonly responseCode: string | null
  /** Names the authorization on the network: its increments have others. */
  readonly attemptId: string | null
  /** 1 while the authorization is being reversed: where no answer had come, nobody knows whether money is held. */
  readonly reversing: number
  /** Hashes of the accounts that paid parts of it so far, between spaces. */
  readonly payerHashes: string | null
  /** What is to be handed out and what became of it, as JSON (`Fulfillment`). */
  readonly fulfillment: string | null
  /** The bills that it pays, and who takes it for their biller, as JSON (`BillOrder`, `Agent`). */
  readonly bills: string | null
  readonly agent: string | null
  /** While something is to be handed out: the terminal that does it, and of a pick-up the site where it waits. */
  readonly handsOut: string | null
  readonly pickupAt: string | null
  /** Of the QR; of a card, until when an answer is awaited, and then until when money is held. */
  readonly expiresAt: string
  /** `expiresAt` while something expires then, the deadline of what is to be handed out, else null: what is in this column is what expiry looks at. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly paidAt: string | null
}

const handles = [
  'PaymentRequested',
  'QrIssued',
  'CreditApplied',
  'PaymentPaid',
  'PaymentExpired',
  'PaymentCanceled',
  'PaymentAuthorized',
  'AuthorizationIncremented',
  'PaymentDeclined',
  'ReversalRequested',
  'PaymentCaptured',
  'PaymentVoided',
  'AuthorizationExpired',
  'PaymentReversed',
  'RefundCompleted',
  'FulfillmentReported',
  'FulfillmentTimedOut',
  'FulfillmentDisputed',
  'FulfillmentUnsettled',
  'FulfillmentExceptionResolved',
  'PickupClaimed',
] as const
type Handled = Extract<PaymentEvent, { type: (typeof handles)[number] }>

export const payments = projection<Handled, PaymentRow>({
  name: 'payments_v6',
  columns: {
    id: 'text',
    version: 'integer',
    merchantId: 'text',
    siteId: 'text',
    terminalId: 'text',
    method: 'text',
    status: 'text',
    currency: 'text',
    amount: 'money',
    received: 'money',
    refunded: 'money',
    fee: 'money',
    description: 'text',
    orderId: 'text',
    metadata: 'text',
    payload: 'text',
    connectorId: 'text',
    payUrl: 'text',
    card: 'text',
    capture: 'text',
    authorized: 'money',
    approvalCode: 'text',
    responseCode: 'text',
    attemptId: 'text',
    reversing: 'integer',
    payerHashes: 'text',
    fulfillment: 'text',
    bills: 'text',
    agent: 'text',
    handsOut: 'text',
    pickupAt: 'text',
    expiresAt: 'text',
    dueAt: 'text',
    createdAt: 'text',
    paidAt: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['merchantId', 'createdAt', 'id'] },
    { columns: ['dueAt'], present: 'dueAt' },
    { columns: ['handsOut', 'dueAt'], present: 'handsOut' },
    { columns: ['pickupAt', 'dueAt'], present: 'pickupAt' },
  ],
  begins: 'PaymentRequested',
  handles,
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'PaymentRequested') return requested(streamId(event), event.data)
    if (!row) return undefined
    const after = { ...row, ...change(row, event), version: event.version }
    return row.fulfillment === null ? after : { ...after, ...handedOut(after, row.fulfillment, event) }
  },
})

type Requested = Extract<PaymentEvent, { type: 'PaymentRequested' }>['data']

const requested = (id: string, data: Requested): PaymentRow => ({
  id,
  version: 1,
  merchantId: data.merchantId,
  siteId: data.siteId,
  terminalId: data.terminalId ?? null,
  method: data.method,
  status: 'pending',
  currency: data.amount.currency,
  amount: minor(data.amount),
  received: 0n,
  refunded: 0n,
  fee: costOf(data),
  description: data.description ?? null,
  orderId: data.orderId ?? null,
  metadata: data.metadata ? JSON.stringify(data.metadata) : null,
  payload: '',
  connectorId: (data.method === 'qr' && data.connectorId) || null,
  payUrl: null,
  card: data.method === 'card' ? cardText(data.card) : null,
  capture: data.method === 'card' ? data.capture : null,
  authorized: null,
  approvalCode: null,
  responseCode: null,
  attemptId: data.method === 'card' ? data.attemptId : null,
  reversing: 0,
  payerHashes: null,
  fulfillment: data.fulfillment ? JSON.stringify(data.fulfillment) : null,
  bills: data.method === 'qr' && data.bills ? JSON.stringify(data.bills) : null,
  agent: data.method === 'qr' && data.agent ? JSON.stringify(data.agent) : null,
  handsOut: null,
  pickupAt: null,
  expiresAt: data.expiresAt,
  dueAt: data.expiresAt,
  createdAt: data.requestedAt,
  paidAt: null,
})

/** What a list shows of a card: not its token. */
export const cardText = ({ token: _, ...shown }: CardFacts): string => JSON.stringify(shown)

function change(row: PaymentRow, event: Handled): Partial<PaymentRow> {
  switch (event.type) {
    case 'QrIssued':
      return { payload: event.data.payload, payUrl: event.data.payUrl ?? null }
    case 'CreditApplied':
      return {
        received: row.received + minor(event.data.applied),
        payerHashes: joined(row.payerHashes, event.data.payerHash),
      }
    case 'PaymentPaid':
      return { status: 'paid', paidAt: event.data.paidAt, fee: costOf(event.data), dueAt: null }
    case 'PaymentExpired':
      return { status: 'expired', received: 0n, dueAt: null }
    case 'PaymentCanceled':
      return { status: 'canceled', received: 0n, dueAt: null }
    case 'RefundCompleted':
      return refunded(row, minor(event.data.amount))
    default:
      return cardChange(row, event)
  }
}

function cardChange(row: PaymentRow, event: Handled): Partial<PaymentRow> {
  switch (event.type) {
    case 'PaymentAuthorized':
      return { status: 'authorized', ...held(row, event.data) }
    case 'AuthorizationIncremented':
      return held(row, event.data)
    case 'PaymentDeclined':
      return { status: 'declined', responseCode: event.data.responseCode, dueAt: null }
    case 'ReversalRequested':
      return event.data.attemptId === row.attemptId ? reversing(row) : {}
    case 'PaymentCaptured':
      return { received: minor(event.data.amount), dueAt: null }
    case 'PaymentVoided':
      return { status: 'voided', dueAt: null }
    case 'AuthorizationExpired':
      return { status: 'expired', dueAt: null }
    case 'PaymentReversed':
      return { status: 'reversed', reversing: 0, received: 0n, dueAt: null }
    default:
      return {}
  }
}

/** The reversal that a void asks for, or one of what came late, changes nothing any more. */
const reversing = ({ status }: PaymentRow): Partial<PaymentRow> => ({
  dueAt: null,
  reversing: ['pending', 'authorized', 'paid'].includes(status) ? 1 : 0,
})

type Approval = Extract<Handled, { type: 'PaymentAuthorized' | 'AuthorizationIncremented' }>['data']

/** The first approval's code is the payment's; its increments add to what is held. */
const held = (row: PaymentRow, data: Approval): Partial<PaymentRow> => ({
  authorized: (row.authorized ?? 0n) + minor(data.amount),
  approvalCode: row.approvalCode ?? data.approvalCode,
  responseCode: row.responseCode ?? data.responseCode,
  expiresAt: data.expiresAt,
  dueAt: data.expiresAt,
})

/** What is waited for is due at its deadline; when it ended, a hold that stands is due as before. */
function handedOut(row: PaymentRow, text: string, event: Handled): Partial<PaymentRow> {
  const before = JSON.parse(text) as Fulfillment
  const after = evolveFulfillment(before, event, row.attemptId ?? undefined)
  const fulfillment = JSON.stringify(after)
  if (isOpen(after)) {
    const handsOut = handedOutBy(after, row.terminalId ?? undefined) ?? null
    const pickupAt = after.mode === 'pickup' ? row.siteId : null
    return { fulfillment, handsOut, pickupAt, dueAt: deadlineOf(after)! }
  }
  const ended = event.type === 'FulfillmentReported' || event.type === 'FulfillmentTimedOut'
  const stands = row.status === 'authorized' ? row.expiresAt : null
  return { fulfillment, handsOut: null, pickupAt: null, dueAt: ended ? stands : row.dueAt }
}

const refunded = (row: PaymentRow, amount: bigint): Partial<PaymentRow> => {
  const sum = row.refunded + amount
  return { refunded: sum, status: sum === row.received ? 'refunded' : 'partially_refunded' }
}

const joined = (hashes: string | null, more: string | undefined): string | null =>
  more === undefined ? hashes : hashes === null ? more : `${hashes} ${more}`

const minor = ({ amount }: MoneyData): bigint => BigInt(amount)
