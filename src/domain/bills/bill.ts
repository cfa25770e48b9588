// A bill: issued by its biller, changed or taken back while it is open, and never changed once it is paid.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'

/** What the biller says. Its number is the biller's own, and names the bill for ever. */
export type BillTerms = {
  readonly billerId: string
  readonly billNumber: string
  /** As customerCodeKey gives it. */
  readonly customerCode: string
  /** The customer's name, phone and address, sealed under the customer's key; absent where the biller said none. */
  readonly customer?: string
  /** `2026-11`, as the biller names it. */
  readonly period?: string
  readonly amount: MoneyData
  /** Business dates. */
  readonly issuedOn: string
  readonly dueOn: string
}

type Upload = { readonly uploadId: string; readonly at: string }

export type BillCommand =
  | { readonly type: 'IssueBill'; readonly data: BillTerms & Upload }
  | { readonly type: 'CancelBill'; readonly data: Upload }
  | { readonly type: 'SupersedeBill'; readonly data: Upload & { readonly by: string } }
  | { readonly type: 'RecordPaidElsewhere'; readonly data: Upload }

/** Each names the upload that it came with. `by`: the bill that stands for this one now. */
export type BillEvent =
  | { type: 'BillIssued'; data: BillTerms & Upload }
  | { type: 'BillReissued'; data: BillTerms & Upload }
  | { type: 'BillCanceled'; data: Upload }
  | { type: 'BillSuperseded'; data: Upload & { readonly by: string } }
  | { type: 'BillPaidElsewhere'; data: Upload }

export type BillRejection = 'bill_unknown' | 'bill_paid' | 'bill_canceled' | 'bill_superseded'

export type IssuedBill = BillTerms & {
  readonly status: 'open' | 'canceled' | 'superseded' | 'paid'
  readonly supersededBy?: string
}
export type Bill = { readonly status: 'new' } | IssuedBill

type BillDecision = Decision<BillEvent, BillRejection>

export const initialState = (): Bill => ({ status: 'new' })

export function decide(command: BillCommand, state: Bill): BillDecision {
  const { type, data } = command
  if (type === 'IssueBill') return issue(data, state)
  if (state.status === 'new') return reject('bill_unknown')
  if (alreadySo(command, state)) return accept()
  if (state.status !== 'open') return reject(closed[state.status])
  switch (type) {
    case 'CancelBill':
      return accept({ type: 'BillCanceled', data })
    case 'SupersedeBill':
      return accept({ type: 'BillSuperseded', data })
    case 'RecordPaidElsewhere':
      return accept({ type: 'BillPaidElsewhere', data })
  }
}

const closed = { paid: 'bill_paid', canceled: 'bill_canceled', superseded: 'bill_superseded' } as const

/** An old file that is sent again says nothing new, also of a bill that has ended since: it opens nothing. */
function issue(data: BillTerms & Upload, state: Bill): BillDecision {
  if (state.status === 'new') return accept({ type: 'BillIssued', data })
  if (fields.every((name) => same(state[name], data[name]))) return accept()
  return state.status === 'open' ? accept({ type: 'BillReissued', data }) : reject(closed[state.status])
}

function alreadySo({ type, data }: BillCommand, { status, supersededBy }: IssuedBill): boolean {
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

export function evolve(state: Bill, { type, data }: BillEvent): Bill {
  if (type === 'BillIssued' || type === 'BillReissued') {
    const { uploadId: _, at: __, ...terms } = data
    return { ...terms, status: 'open' }
  }
  if (state.status === 'new') return state
  switch (type) {
    case 'BillCanceled':
      return { ...state, status: 'canceled' }
    case 'BillSuperseded':
      return { ...state, status: 'superseded', supersededBy: data.by }
    case 'BillPaidElsewhere':
      return { ...state, status: 'paid' }
  }
}
