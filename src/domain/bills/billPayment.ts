// Payments of a bill: locked while one is under way, received once, then posted by the biller or refused.
import { accept, type Decision, reject } from '../core/decider.ts'
import { add, exceeds, fromData, isZero, type Money, type MoneyData, subtract } from '../core/money.ts'
import type { IssuedBill } from './bill.ts'

/** A bill is not paid by another payment before `until`, nor changed by its biller. */
type Lock = { readonly paymentId: string; readonly until: string; readonly at: string }
type Unlock = { readonly paymentId: string; readonly at: string }

/** What a payment pays of a bill. `lateFeeLeft`: counted up to `quotedOn` (a business date), and not paid with it. */
type Received = {
  readonly billerId: string
  readonly paymentId: string
  readonly amount: MoneyData
  readonly lateFee: MoneyData
  readonly lateFeeLeft: MoneyData
  readonly quotedOn: string
  readonly receivedAt: string
}
type Paid = { readonly billerId: string; readonly paymentId: string; readonly paidAt: string }
type Posted = {
  readonly billerId: string
  readonly paymentId: string
  readonly receiptNumber: string
  readonly at: string
}
type Refused = {
  readonly billerId: string
  readonly paymentId: string
  readonly reason: string
  readonly at: string
}

export type BillPaymentCommand =
  | { readonly type: 'LockBill'; readonly data: Lock }
  | { readonly type: 'UnlockBill'; readonly data: Unlock }
  | { readonly type: 'RecordBillPayment'; readonly data: Received }
  /** The biller has booked it under a receipt number of its own. */
  | { readonly type: 'PostBillPayment'; readonly data: Posted }
  /** The biller cannot book it, because the account is closed for one: the money goes back. */
  | { readonly type: 'RefuseBillPayment'; readonly data: Refused }

export type BillPaymentEvent =
  | { type: 'BillLocked'; data: Lock }
  | { type: 'BillUnlocked'; data: Unlock }
  | { type: 'BillPaymentReceived'; data: Received }
  | { type: 'BillPaid'; data: Paid }
  | { type: 'BillPaymentPosted'; data: Posted }
  | { type: 'BillPaymentRefused'; data: Refused }

export type BillPaymentRejection =
  | 'bill_payment_pending'
  | 'bill_amount_differs'
  | 'bill_payment_unknown'
  | 'bill_payment_posted'
  | 'bill_payment_refused'

export type BillPayment = {
  readonly amount: Money
  readonly lateFee: Money
  readonly receivedAt: string
  readonly posting: 'awaited' | 'posted' | 'refused'
  readonly receiptNumber?: string
  readonly refusal?: string
}

type BillPaymentDecision = Decision<BillPaymentEvent, BillPaymentRejection>
type Closed = 'bill_paid' | 'bill_canceled' | 'bill_superseded'

/** `by`: the payment that asks, which its own lock does not stop. */
export const isLocked = ({ lock }: IssuedBill, at: string, by?: string): boolean =>
  lock !== undefined && lock.paymentId !== by && Date.parse(at) < Date.parse(lock.until)

export function decideBillPayment(
  command: BillPaymentCommand,
  bill: IssuedBill,
  closed: Closed | undefined,
): Decision<BillPaymentEvent, BillPaymentRejection | Closed> {
  const { type, data } = command
  switch (type) {
    case 'LockBill':
      return lock(data, bill, closed)
    case 'UnlockBill':
      return bill.lock?.paymentId === data.paymentId ? accept({ type: 'BillUnlocked', data }) : accept()
    case 'RecordBillPayment':
      return receive(data, bill, closed)
    case 'PostBillPayment':
      return post(data, bill)
    case 'RefuseBillPayment':
      return refuse(data, bill)
  }
}

function lock(
  data: Lock,
  bill: IssuedBill,
  closed: Closed | undefined,
): Decision<BillPaymentEvent, BillPaymentRejection | Closed> {
  if (closed) return reject(closed)
  if (bill.lock?.paymentId === data.paymentId) return accept()
  return isLocked(bill, data.at) ? reject('bill_payment_pending') : accept({ type: 'BillLocked', data })
}

/** The money is there: whose lock it is does not matter any more, only whether so much is still owed. */
function receive(
  data: Received,
  bill: IssuedBill,
  closed: Closed | undefined,
): Decision<BillPaymentEvent, BillPaymentRejection | Closed> {
  if (bill.payments.has(data.paymentId)) return accept()
  if (closed) return reject(closed)
  const paid = add(bill.paid, fromData(data.amount))
  const whole = fromData(bill.amount)
  if (exceeds(paid, whole)) return reject('bill_amount_differs')
  const received = { type: 'BillPaymentReceived', data } as const
  if (paid.minor !== whole.minor || !isZero(fromData(data.lateFeeLeft))) return accept(received)
  const { billerId, paymentId, receivedAt: paidAt } = data
  return accept<BillPaymentEvent>(received, { type: 'BillPaid', data: { billerId, paymentId, paidAt } })
}

function post(data: Posted, { payments }: IssuedBill): BillPaymentDecision {
  const payment = payments.get(data.paymentId)
  if (!payment) return reject('bill_payment_unknown')
  if (payment.posting === 'refused') return reject('bill_payment_refused')
  if (payment.posting === 'awaited') return accept({ type: 'BillPaymentPosted', data })
  return payment.receiptNumber === data.receiptNumber ? accept() : reject('bill_payment_posted')
}

function refuse(data: Refused, { payments }: IssuedBill): BillPaymentDecision {
  const payment = payments.get(data.paymentId)
  if (!payment) return reject('bill_payment_unknown')
  if (payment.posting === 'posted') return reject('bill_payment_posted')
  return payment.posting === 'refused' ? accept() : accept({ type: 'BillPaymentRefused', data })
}

const commands = new Set<string>([
  'LockBill',
  'UnlockBill',
  'RecordBillPayment',
  'PostBillPayment',
  'RefuseBillPayment',
] satisfies BillPaymentCommand['type'][])

export const isBillPaymentCommand = (command: {
  type: string
  data: object
}): command is BillPaymentCommand => commands.has(command.type)

const events = new Set<string>([
  'BillLocked',
  'BillUnlocked',
  'BillPaymentReceived',
  'BillPaid',
  'BillPaymentPosted',
  'BillPaymentRefused',
] satisfies BillPaymentEvent['type'][])

export const isBillPaymentEvent = (event: { type: string; data: object }): event is BillPaymentEvent =>
  events.has(event.type)

export function evolveBillPayment(bill: IssuedBill, { type, data }: BillPaymentEvent): IssuedBill {
  switch (type) {
    case 'BillLocked':
      return { ...bill, lock: { paymentId: data.paymentId, until: data.until } }
    case 'BillUnlocked':
      return unlocked(bill)
    case 'BillPaymentReceived':
      return received(bill, data)
    case 'BillPaid':
      return { ...bill, status: 'paid' }
    case 'BillPaymentPosted': {
      const { receiptNumber } = data
      return changed(bill, data.paymentId, { posting: 'posted', receiptNumber })
    }
    case 'BillPaymentRefused':
      return refused(bill, data)
  }
}

const unlocked = ({ lock: _, ...bill }: IssuedBill): IssuedBill => bill

function received(bill: IssuedBill, data: Received): IssuedBill {
  const { paymentId, receivedAt, quotedOn } = data
  const [amount, lateFee] = [fromData(data.amount), fromData(data.lateFee)]
  const payment: BillPayment = { amount, lateFee, receivedAt, posting: 'awaited' }
  return {
    ...(bill.lock?.paymentId === paymentId ? unlocked(bill) : bill),
    payments: new Map(bill.payments).set(paymentId, payment),
    paid: add(bill.paid, amount),
    lateFeeLeft: fromData(data.lateFeeLeft),
    lateFeeCountedTo: quotedOn,
  }
}

const changed = (bill: IssuedBill, paymentId: string, change: Partial<BillPayment>): IssuedBill => {
  const known = bill.payments.get(paymentId)
  if (!known) return bill
  return { ...bill, payments: new Map(bill.payments).set(paymentId, { ...known, ...change }) }
}

/** A bill of which the biller will not take the money is nothing that anybody should pay. */
function refused(bill: IssuedBill, { paymentId, reason }: Refused): IssuedBill {
  const amount = bill.payments.get(paymentId)?.amount
  const paid = amount ? subtract(bill.paid, amount) : bill.paid
  return {
    ...changed(bill, paymentId, { posting: 'refused', refusal: reason }),
    paid,
    status: 'canceled',
  }
}
