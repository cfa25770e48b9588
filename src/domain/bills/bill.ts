// A bill: issued by its biller, changed or taken back while it is open, and never changed once it is paid.
import { accept, type Decision, reject } from '../core/decider.ts'
import { isZero, type Money, type MoneyData, zero } from '../core/money.ts'
import {
  type BillPayment,
  type BillPaymentCommand,
  type BillPaymentEvent,
  type BillPaymentRejection,
  decideBillPayment,
  evolveBillPayment,
  isBillPaymentCommand,
  isBillPaymentEvent,
  isLocked,
} from './billPayment.ts'

/** What the biller says. Its number is the biller's own, and names the bill for ever. */
export type BillTerms = {
  readonly billerId: string
  readonly billNumber: string
  /** As customerCodeKey gives it. */
  readonly customerCode: string
  /** The customer's name, phone and address, sealed under the customer's key; absent where the biller said none. `v1..`: forgotten before it was taken. */
  readonly customer?: string
  /** `2026-11`, as the biller names it. */
  readonly period?: string
  readonly amount: MoneyData
  /** Business dates. */
  readonly issuedOn: string
  readonly dueOn: string
}

type Upload = { readonly uploadId: string; readonly at: string }

type UploadCommand =
  | { readonly type: 'IssueBill'; readonly data: BillTerms & Upload }
  | { readonly type: 'CancelBill'; readonly data: Upload }
  | { readonly type: 'SupersedeBill'; readonly data: Upload & { readonly by: string } }
  | { readonly type: 'RecordPaidElsewhere'; readonly data: Upload }
export type BillCommand = UploadCommand | BillPaymentCommand

/** Each names the upload that it came with. `by`: the bill that stands for this one now. */
type UploadEvent =
  | { type: 'BillIssued'; data: BillTerms & Upload }
  | { type: 'BillReissued'; data: BillTerms & Upload }
  | { type: 'BillCanceled'; data: Upload }
  | { type: 'BillSuperseded'; data: Upload & { readonly by: string } }
  | { type: 'BillPaidElsewhere'; data: Upload }
export type BillEvent = UploadEvent | BillPaymentEvent

/** Why a row of a file says nothing. */
export type UploadRejection =
  | 'bill_unknown'
  | 'bill_paid'
  | 'bill_partly_paid'
  | 'bill_payment_pending'
  | 'bill_canceled'
  | 'bill_superseded'
export type BillRejection = UploadRejection | BillPaymentRejection

export type IssuedBill = BillTerms & {
  readonly status: 'open' | 'canceled' | 'superseded' | 'paid'
  readonly supersededBy?: string
  readonly lock?: { readonly paymentId: string; readonly until: string }
  /** By payment, also those that the biller refused. */
  readonly payments: ReadonlyMap<string, BillPayment>
  /** Of the amount, without late fees. */
  readonly paid: Money
  /** Late fees that were counted when a part was paid, and not paid with it. */
  readonly lateFeeLeft: Money
  /** The business date up to which they were counted. */
  readonly lateFeeCountedTo?: string
}
export type Bill = { readonly status: 'new' } | IssuedBill

type BillDecision = Decision<BillEvent, BillRejection>

export const initialState = (): Bill => ({ status: 'new' })

export function decide(command: BillCommand, state: Bill): BillDecision {
  if (command.type === 'IssueBill') return issue(command.data, state)
  if (state.status === 'new') return reject('bill_unknown')
  return isBillPaymentCommand(command)
    ? decideBillPayment(command, state, closedAs(state))
    : end(command, state)
}

function end(command: Exclude<UploadCommand, { type: 'IssueBill' }>, state: IssuedBill): BillDecision {
  if (alreadySo(command, state)) return accept()
  const { type, data } = command
  const rejection = type === 'RecordPaidElsewhere' ? unpayable(state, data.at) : unchangeable(state, data.at)
  if (rejection) return reject(rejection)
  switch (type) {
    case 'CancelBill':
      return accept({ type: 'BillCanceled', data })
    case 'SupersedeBill':
      return accept({ type: 'BillSuperseded', data })
    case 'RecordPaidElsewhere':
      return accept({ type: 'BillPaidElsewhere', data })
  }
}

const closedAs = ({ status }: IssuedBill) => (status === 'open' ? undefined : closed[status])

const unpayable = (state: IssuedBill, at: string): UploadRejection | undefined =>
  closedAs(state) ?? (isLocked(state, at) ? 'bill_payment_pending' : undefined)

/** Of what is paid in part, nothing is changed any more; the rest may be paid elsewhere. */
const unchangeable = (state: IssuedBill, at: string): UploadRejection | undefined =>
  unpayable(state, at) ?? (isZero(state.paid) ? undefined : 'bill_partly_paid')

const closed = { paid: 'bill_paid', canceled: 'bill_canceled', superseded: 'bill_superseded' } as const

/** An old file that is sent again says nothing new, also of a bill that has ended since: it opens nothing. */
function issue(data: BillTerms & Upload, state: Bill): BillDecision {
  if (state.status === 'new') return accept({ type: 'BillIssued', data })
  if (fields.every((name) => same(state[name], data[name]))) return accept()
  const rejection = unchangeable(state, data.at)
  return rejection ? reject(rejection) : accept({ type: 'BillReissued', data })
}

function alreadySo({ type, data }: UploadCommand, { status, supersededBy }: IssuedBill): boolean {
  if (type === 'SupersedeBill') return status === 'superseded' && supersededBy === data.by
  return status === (type === 'CancelBill' ? 'canceled' : 'paid')
}

const fields = [
  'billerId',
  'billNumber',
  'customerCode',
  'customer',
  'period',
  'amount',
  'issuedOn',
  'dueOn',
] as const satisfies readonly (keyof BillTerms)[]

const same = (a: string | MoneyData | undefined, b: string | MoneyData | undefined): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.amount === b.amount && a.currency === b.currency
    : a === b

export function evolve(state: Bill, event: BillEvent): Bill {
  if (event.type === 'BillIssued' || event.type === 'BillReissued') return opened(event.data)
  if (state.status === 'new') return state
  if (isBillPaymentEvent(event)) return evolveBillPayment(state, event)
  const { type, data } = event
  switch (type) {
    case 'BillCanceled':
      return { ...state, status: 'canceled' }
    case 'BillSuperseded':
      return { ...state, status: 'superseded', supersededBy: data.by }
    case 'BillPaidElsewhere':
      return { ...state, status: 'paid' }
  }
}

function opened({ uploadId: _, at: __, ...terms }: BillTerms & Upload): IssuedBill {
  const none = zero(terms.amount.currency)
  return { ...terms, status: 'open', payments: new Map(), paid: none, lateFeeLeft: none }
}
