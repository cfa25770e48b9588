// Refunds of a payment: a part or all of what was taken goes back to the accounts it came from, over the credits that paid it.
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
import {
  holdsMoney,
  ownerOf,
  requestedTransfer,
  type Transfer,
  type TransferCommand,
  type TransferEvent,
  type TransferOrder,
  type TransferRejection,
  type TransferStatus,
  transferLife,
} from './transfer.ts'

type Requested = {
  readonly refundId: string
  readonly amount: MoneyData
  readonly reason: string
  readonly requestedAt: string
}
type Retried = { readonly refundId: string; readonly retriedAt: string }
/** One transfer of a refund: there is one a credit, and one more for each that is tried again. */
type Ordered = TransferOrder & {
  readonly refundId: string
  readonly merchantId: string
  readonly requestedAt: string
}
/** The credits of the payment whose sender's account is known. */
type Senders = { readonly senders: readonly string[] }

export type RefundCommand =
  | { type: 'RequestRefund'; data: Requested & Senders }
  | { type: 'RetryRefund'; data: Retried & Senders }
  | TransferCommand

const names = {
  sent: 'RefundSent',
  unknown: 'RefundUnknown',
  completed: 'RefundCompleted',
  failed: 'RefundFailed',
} as const
const life = transferLife(names, (transferId) => ({ refundId: ownerOf(transferId) }))

type RefundTransferEvent = TransferEvent<typeof names, { readonly refundId: string }>
export type RefundEvent =
  | { type: 'RefundRequested'; data: Requested }
  | { type: 'RefundRetried'; data: Retried }
  | { type: 'RefundTransferRequested'; data: Ordered }
  /** Of one transfer each: a refund is done when all of its transfers are. */
  | RefundTransferEvent

export type RefundRejection =
  | TransferRejection
  | 'payment_not_paid'
  | 'refund_currency_differs'
  | 'refund_exceeds_rest'
  | 'refund_exists'
  | 'refund_not_found'
  | 'refund_not_failed'
  | 'sender_unknown'

export type Refund = Requested & {
  readonly refundId: string
  /** Without those that failed and were tried again. */
  readonly transfers: readonly Transfer[]
  /** How many transfers there ever were: numbers the next one. */
  readonly ordered: number
}
export type Refunds = ReadonlyMap<string, Refund>

/** What the rules look at. `credits`: what each put on the payment. */
type Refundable = {
  readonly status: string
  readonly merchantId: string
  readonly due: Money
  readonly credits: ReadonlyMap<string, Money>
  readonly refunds: Refunds
}

type RefundDecision = Decision<RefundEvent, RefundRejection>

const paidStatuses = new Set(['paid', 'partially_refunded', 'refunded'])

/** Paid, whatever went back since. */
export const wasPaid = (status: string): boolean => paidStatuses.has(status)

export function decideRefund(command: RefundCommand, payment: Refundable): RefundDecision {
  switch (command.type) {
    case 'RequestRefund':
      return request(command.data, payment)
    case 'RetryRefund':
      return retry(command.data, payment)
    default:
      return life.decide(command, transferOf(payment.refunds, command.data.transferId))
  }
}

export const transferOf = (refunds: Refunds, transferId: string): Transfer | undefined =>
  refunds.get(ownerOf(transferId))?.transfers.find((transfer) => transfer.transferId === transferId)

function request({ senders, ...requested }: Requested & Senders, payment: Refundable): RefundDecision {
  if (payment.refunds.has(requested.refundId)) return reject('refund_exists')
  if (!wasPaid(payment.status)) return reject('payment_not_paid')
  const amount = fromData(requested.amount)
  if (amount.currency !== payment.due.currency) return reject('refund_currency_differs')
  const shares = share(amount, payment, senders)
  if (typeof shares === 'string') return reject(shares)
  const { refundId, requestedAt } = requested
  return accept<RefundEvent>(
    { type: 'RefundRequested', data: requested },
    ...orders(shares, { refundId, merchantId: payment.merchantId, requestedAt }, 0),
  )
}

/** What failed is shared out anew: some other refund may have used that credit meanwhile. */
function retry({ senders, refundId, retriedAt }: Retried & Senders, payment: Refundable): RefundDecision {
  const refund = payment.refunds.get(refundId)
  if (!refund) return reject('refund_not_found')
  const failed = refund.transfers.filter((transfer) => !holdsMoney(transfer))
  if (failed.length === 0) return reject('refund_not_failed')
  const amount = failed.reduce((sum, transfer) => add(sum, transfer.amount), zero(payment.due.currency))
  const shares = share(amount, payment, senders)
  if (typeof shares === 'string') return reject(shares)
  const { merchantId } = payment
  return accept<RefundEvent>(
    { type: 'RefundRetried', data: { refundId, retriedAt } },
    ...orders(shares, { refundId, merchantId, requestedAt: retriedAt }, refund.ordered),
  )
}

type Share = { readonly creditId: string; readonly amount: Money }

/** An amount shared out over the payment's credits, that with the largest rest first: the fewest transfers. */
function share(
  amount: Money,
  payment: Refundable,
  senders: readonly string[],
): Share[] | 'refund_exceeds_rest' | 'sender_unknown' {
  const rests = [...payment.credits].map(([creditId]) => ({ creditId, amount: restOf(creditId, payment) }))
  const none = zero(amount.currency)
  const rest = rests.reduce((sum, one) => add(sum, one.amount), none)
  if (exceeds(amount, rest)) return 'refund_exceeds_rest'
  const shares: Share[] = []
  let open = amount
  const known = rests.filter(({ creditId }) => senders.includes(creditId))
  for (const one of known.sort((a, b) => descending(a.amount, b.amount))) {
    const part = least(open, one.amount)
    if (part.minor > 0n) shares.push({ creditId: one.creditId, amount: part })
    open = subtract(open, part)
  }
  return open.minor === 0n ? shares : 'sender_unknown'
}

/** Equal ones stay in the order of their credits. */
const descending = (a: Money, b: Money): number => (exceeds(b, a) ? 1 : exceeds(a, b) ? -1 : 0)

/** What a credit put on the payment and has not gone back to its sender, nor is on the way there. */
const restOf = (creditId: string, { credits, refunds }: Refundable): Money =>
  transfersOf(refunds)
    .filter((transfer) => transfer.creditId === creditId && holdsMoney(transfer))
    .reduce((rest, transfer) => subtract(rest, transfer.amount), credits.get(creditId)!)

const transfersOf = (refunds: Refunds): Transfer[] =>
  [...refunds.values()].flatMap(({ transfers }) => transfers)

const orders = (
  shares: readonly Share[],
  refund: Pick<Ordered, 'refundId' | 'merchantId' | 'requestedAt'>,
  before: number,
): RefundEvent[] =>
  shares.map(({ creditId, amount }, index) => ({
    type: 'RefundTransferRequested',
    data: {
      transferId: `${refund.refundId}-${before + index + 1}`,
      creditId,
      amount: toData(amount),
      ...refund,
    },
  }))

/** What has gone back for good. */
export const refundedOf = (refunds: Refunds, none: Money): Money =>
  transfersOf(refunds)
    .filter(({ status }) => status === 'completed')
    .reduce((sum, { amount }) => add(sum, amount), none)

const openFirst: readonly TransferStatus[] = ['unknown', 'sent', 'requested', 'failed', 'completed']

/** A refund stands as the least finished of its transfers. */
export const refundStatus = ({ transfers }: Refund): TransferStatus =>
  openFirst.find((status) => transfers.some((transfer) => transfer.status === status)) ?? 'requested'

const own = new Set(['RefundRequested', 'RefundRetried', 'RefundTransferRequested'])

export const isRefundEvent = (event: { type: string; data: object }): event is RefundEvent =>
  own.has(event.type) || life.isTransferEvent(event)

export function evolveRefunds(refunds: Refunds, event: RefundEvent): Refunds {
  const put = (refund: Refund): Refunds => new Map(refunds).set(refund.refundId, refund)
  if (event.type === 'RefundRequested') return put({ ...event.data, transfers: [], ordered: 0 })
  const refund = refunds.get(event.data.refundId)
  if (!refund) return refunds
  const { transfers } = refund
  if (event.type === 'RefundRetried') return put({ ...refund, transfers: transfers.filter(holdsMoney) })
  if (event.type === 'RefundTransferRequested') {
    const added = [...transfers, requestedTransfer(event.data)]
    return put({ ...refund, transfers: added, ordered: refund.ordered + 1 })
  }
  const after = transfers.map((one) =>
    one.transferId === event.data.transferId ? life.evolve(one, event) : one,
  )
  return put({ ...refund, transfers: after })
}
