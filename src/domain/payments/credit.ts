// A credit: money that a bank says has arrived, kept word for word, then matched to a payment or left unapplied. Never dropped.
import { accept, type Decision, reject } from '../core/decider.ts'
import { add, fromData, isZero, type Money, type MoneyData, subtract, toData, zero } from '../core/money.ts'
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
  readonly bankBin: string
  readonly accountNumber: string
  readonly amount: MoneyData
  /** The payment references found in the transfer text. */
  readonly references: readonly string[]
  /** The notification as it came, encrypted with the payer's key: the transfer text and the payer's name are personal data. */
  readonly sealed: string
  readonly occurredAt: string
  readonly receivedAt: string
}
type Conflicted = { readonly amount: MoneyData; readonly sealed: string; readonly receivedAt: string }
type Matched = { readonly paymentId: string; readonly applied: MoneyData }
type Named = { readonly reason: UnappliedReason; readonly paymentId?: string }
/** Says all that a list of unapplied money shows, so that the many credits that match need no row anywhere. */
type Unapplied = {
  readonly reason: UnappliedReason
  readonly amount: MoneyData
  /** The payment it named, if it named one that exists. */
  readonly paymentId?: string
  /** The merchant whose payment it named, or would have. */
  readonly merchantId?: string
  readonly connectorId: string
  readonly bankBin: string
  readonly accountNumber: string
  readonly receivedAt: string
}

export type CreditCommand =
  | { type: 'ReceiveCredit'; data: Received }
  | { type: 'MatchCredit'; data: Matched }
  | { type: 'LeaveUnapplied'; data: Named }
  | { type: 'ReleaseCredit'; data: { paymentId: string } }

export type CreditEvent =
  | { type: 'CreditReceived'; data: Received }
  /** The bank used one transaction id for two amounts: the first stands, a person must look. */
  | { type: 'CreditConflicted'; data: Conflicted }
  | { type: 'CreditMatched'; data: Matched }
  | { type: 'CreditUnapplied'; data: Unapplied }

export type CreditRejection = 'credit_not_found' | 'credit_not_held'

export type ReceivedCredit = Received & {
  /** `received` until it is matched; then where the money is. */
  readonly status: 'received' | 'settled'
  readonly conflicts: readonly MoneyData[]
  readonly applied: ReadonlyMap<string, Money>
  readonly unapplied: Money
  readonly reason?: UnappliedReason
  readonly outcome: CreditOutcome
}
export type CreditOutcome = 'received' | 'applied' | UnappliedReason
export type CreditState = { readonly status: 'new' } | ReceivedCredit

type CreditDecision = Decision<CreditEvent, CreditRejection>

export const initialState = (): CreditState => ({ status: 'new' })

export function decide({ type, data }: CreditCommand, state: CreditState): CreditDecision {
  if (type === 'ReceiveCredit') return receive(data, state)
  if (state.status === 'new') return reject('credit_not_found')
  switch (type) {
    case 'MatchCredit':
      return state.status === 'settled' ? accept() : match(data, state)
    case 'LeaveUnapplied':
      return state.status === 'settled' ? accept() : leave(data, state)
    case 'ReleaseCredit':
      return release(data, state)
  }
}

function receive(data: Received, state: CreditState): CreditDecision {
  if (state.status === 'new') return accept({ type: 'CreditReceived', data })
  const { amount, sealed, receivedAt } = data
  if ([state.amount, ...state.conflicts].some((known) => sameMoney(known, amount))) return accept()
  return accept({ type: 'CreditConflicted', data: { amount, sealed, receivedAt } })
}

export const sameMoney = (a: MoneyData, b: MoneyData): boolean =>
  a.amount === b.amount && a.currency === b.currency

function match(data: Matched, state: ReceivedCredit): CreditDecision {
  const matched = { type: 'CreditMatched', data } as const
  const excess = subtract(fromData(state.amount), fromData(data.applied))
  if (isZero(excess)) return accept(matched)
  const named = { reason: 'overpaid', paymentId: data.paymentId } as const
  return accept<CreditEvent>(matched, unapplied(named, toData(excess), state))
}

const leave = (named: Named, state: ReceivedCredit): CreditDecision =>
  accept(unapplied(named, state.amount, state))

/** A payment that ended half paid lets its part go; what it held is somebody's money. */
function release({ paymentId }: { paymentId: string }, state: ReceivedCredit): CreditDecision {
  const named = { reason: 'underpaid', paymentId } as const
  if (state.status === 'received') return leave(named, state) // the payment ended before the match was recorded
  const held = state.applied.get(paymentId)
  if (held) return accept(unapplied(named, toData(held), state))
  return state.reason === 'underpaid' ? accept() : reject('credit_not_held')
}

function unapplied({ reason, paymentId }: Named, amount: MoneyData, state: ReceivedCredit): CreditEvent {
  const { connectorId, bankBin, accountNumber, receivedAt, references } = state
  const reference = paymentId ? referenceOf(paymentId) : references[0]
  return {
    type: 'CreditUnapplied',
    data: {
      reason,
      amount,
      ...(paymentId !== undefined && { paymentId }),
      ...(reference !== undefined && { merchantId: merchantIdOf(reference) }),
      connectorId,
      bankBin,
      accountNumber,
      receivedAt,
    },
  }
}

export function evolve(state: CreditState, event: CreditEvent): CreditState {
  if (event.type === 'CreditReceived') return received(event.data)
  if (state.status === 'new') return state
  switch (event.type) {
    case 'CreditConflicted':
      return { ...state, conflicts: [...state.conflicts, event.data.amount] }
    case 'CreditMatched':
      return matched(state, event.data)
    case 'CreditUnapplied':
      return left(state, event.data)
    default:
      return state
  }
}

const received = (data: Received): ReceivedCredit => ({
  ...data,
  status: 'received',
  conflicts: [],
  applied: new Map(),
  unapplied: zero(data.amount.currency),
  outcome: 'received',
})

const matched = (state: ReceivedCredit, { paymentId, applied }: Matched): ReceivedCredit => ({
  ...state,
  status: 'settled',
  applied: new Map(state.applied).set(paymentId, fromData(applied)),
  outcome: 'applied',
})

function left(state: ReceivedCredit, { reason, amount, paymentId }: Unapplied): ReceivedCredit {
  const applied = new Map(state.applied)
  if (reason === 'underpaid' && paymentId) applied.delete(paymentId)
  const sum = add(state.unapplied, fromData(amount))
  return { ...state, status: 'settled', applied, unapplied: sum, reason, outcome: reason }
}
