// A credit: money that a bank says has arrived, kept word for word. Its payment records what it took; here stands what is left over.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, type Money, type MoneyData, subtract, zero } from '../core/money.ts'
import { merchantIdOf, referenceOf } from './reference.ts'

/** Why money is not (or not wholly) on a payment. */
export type UnappliedReason =
  | 'overpaid'
  | 'duplicate'
  | 'late'
  | 'canceled'
  | 'unmatched'
  | 'mismatch'
  | 'underpaid'

type Received = {
  readonly connectorId: string
  readonly transactionId: string
  /** With the account number, empty where a provider collected it: its connector says which account that is. */
  readonly bankBin: string
  readonly accountNumber: string
  readonly amount: MoneyData
  /** The payment references found in the transfer text. */
  readonly references: readonly string[]
  /** The notification as it came, encrypted: the transfer text and the payer's name are personal data. */
  readonly sealed: string
  readonly occurredAt: string
  readonly receivedAt: string
}
type Claim = { readonly bankBin: string; readonly accountNumber: string; readonly amount: MoneyData }
type Conflicted = Claim & { readonly sealed: string; readonly receivedAt: string }
type Leftover = {
  readonly reason: UnappliedReason
  readonly amount: MoneyData
  /** The payment it named, if it named one that exists. */
  readonly paymentId?: string
}
/** Says all that a list of unapplied money shows, so that the many credits that match need no row anywhere. */
type Unapplied = Leftover & {
  /** The merchant whose payment it named, or would have. */
  readonly merchantId?: string
  readonly connectorId: string
  readonly bankBin: string
  readonly accountNumber: string
  readonly receivedAt: string
}

type Reread = { readonly references: readonly string[]; readonly rereadAt: string }
type Matched = { readonly paymentId: string; readonly applied: MoneyData }

export type CreditCommand =
  | { type: 'ReceiveCredit'; data: Received }
  | { type: 'LeaveUnapplied'; data: Leftover }
  | { type: 'RereadCredit'; data: Reread }
  | { type: 'MatchUnapplied'; data: Matched }

export type CreditEvent =
  | { type: 'CreditReceived'; data: Received }
  /** The bank used one transaction id for two amounts or accounts: the first stands, a person must look. */
  | { type: 'CreditConflicted'; data: Conflicted }
  | { type: 'CreditUnapplied'; data: Unapplied }
  /** The notification, read again by a later parser, names other payments than it seemed to. */
  | { type: 'CreditReread'; data: Reread }
  /** A payment has taken it after all, or a part: so much is unapplied no more. */
  | { type: 'CreditMatched'; data: Matched }

export type CreditRejection = 'credit_not_found' | 'credit_exceeded'

export type ReceivedCredit = Received & {
  readonly status: 'received'
  readonly conflicts: readonly Claim[]
  readonly unapplied: Money
  /** Set while anything is left over: a payment takes all, a part or nothing of a credit. */
  readonly reason: UnappliedReason | undefined
  /** Why anything was left over for the first time: what its notification was answered, whatever came later. */
  readonly firstReason: UnappliedReason | undefined
  /** The payment that took it after all. */
  readonly matchedTo: string | undefined
}
export type CreditState = { readonly status: 'new' } | ReceivedCredit

type CreditDecision = Decision<CreditEvent, CreditRejection>

export const initialState = (): CreditState => ({ status: 'new' })

export function decide({ type, data }: CreditCommand, state: CreditState): CreditDecision {
  if (type === 'ReceiveCredit') return receive(data, state)
  if (state.status === 'new') return reject('credit_not_found')
  switch (type) {
    case 'LeaveUnapplied':
      return leave(data, state)
    case 'RereadCredit':
      return reread(data, state)
    case 'MatchUnapplied':
      return match(data, state)
  }
}

function receive(data: Received, state: CreditState): CreditDecision {
  if (state.status === 'new') return accept({ type: 'CreditReceived', data })
  if ([state, ...state.conflicts].some((known) => sameClaim(known, data))) return accept()
  const { bankBin, accountNumber, amount, sealed, receivedAt } = data
  return accept({
    type: 'CreditConflicted',
    data: { bankBin, accountNumber, amount, sealed, receivedAt },
  })
}

/** Two notifications say the same when the amount and the account are the same; the text around may differ. */
export const sameClaim = (a: Claim, b: Claim): boolean =>
  a.amount.amount === b.amount.amount &&
  a.amount.currency === b.amount.currency &&
  a.bankBin === b.bankBin &&
  a.accountNumber === b.accountNumber

function leave(leftover: Leftover, state: ReceivedCredit): CreditDecision {
  const { amount, paymentId } = leftover
  const outdated = state.matchedTo !== undefined && state.matchedTo !== paymentId // let go of before another took it
  if (state.reason || outdated) return accept()
  if (fromData(amount).minor > fromData(state.amount).minor) return reject('credit_exceeded')
  const { connectorId, bankBin, accountNumber, receivedAt, references } = state
  const reference = paymentId ? referenceOf(paymentId) : references[0]
  const merchant = reference === undefined ? {} : { merchantId: merchantIdOf(reference) }
  const where = { connectorId, bankBin, accountNumber, receivedAt }
  return accept({ type: 'CreditUnapplied', data: { ...leftover, ...merchant, ...where } })
}

/** Only what no payment could be found for: money that is on a payment, or was refused by one, stays where it is. */
const reread = (data: Reread, { reason, references }: ReceivedCredit): CreditDecision =>
  reason !== 'unmatched' || includesAll(references, data.references)
    ? accept()
    : accept({ type: 'CreditReread', data })

export const includesAll = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((one) => all.includes(one))

function match(data: Matched, { reason, unapplied }: ReceivedCredit): CreditDecision {
  if (reason !== 'unmatched') return accept() // matched already
  if (exceeds(fromData(data.applied), unapplied)) return reject('credit_exceeded')
  return accept({ type: 'CreditMatched', data })
}

export function evolve(state: CreditState, event: CreditEvent): CreditState {
  if (event.type === 'CreditReceived') return received(event.data)
  if (state.status === 'new') return state
  switch (event.type) {
    case 'CreditConflicted':
      return { ...state, conflicts: [...state.conflicts, event.data] }
    case 'CreditUnapplied':
      return leftOver(state, event.data)
    case 'CreditReread':
      return rereadAs(state, event.data)
    case 'CreditMatched':
      return matched(state, event.data)
    default:
      return state
  }
}

const received = (data: Received): ReceivedCredit => ({
  ...data,
  status: 'received',
  conflicts: [],
  unapplied: zero(data.amount.currency),
  reason: undefined,
  firstReason: undefined,
  matchedTo: undefined,
})

/** What was found before comes first: a payment that took the credit, and whose record a crash cut off, is asked first. */
const rereadAs = (state: ReceivedCredit, { references }: Reread): ReceivedCredit => ({
  ...state,
  references: [...new Set([...state.references, ...references])],
})

const leftOver = (state: ReceivedCredit, { amount, reason }: Unapplied): ReceivedCredit => ({
  ...state,
  unapplied: fromData(amount),
  reason,
  firstReason: state.firstReason ?? reason,
})

function matched(state: ReceivedCredit, { paymentId, applied }: Matched): ReceivedCredit {
  const unapplied = subtract(state.unapplied, fromData(applied))
  return { ...state, unapplied, reason: isZero(unapplied) ? undefined : 'overpaid', matchedTo: paymentId }
}
