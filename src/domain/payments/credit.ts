// A credit: money that a bank says has arrived, kept word for word. Its payment records what it took; here stands what is left over.
import { accept, type Decision, reject } from '../core/decider.ts'
import { exceeds, fromData, isZero, type Money, type MoneyData, money, zero } from '../core/money.ts'
import {
  type Applications,
  type CreditEndCommand,
  type CreditEndEvent,
  type CreditEndRejection,
  decideEnd,
  evolveApplications,
  evolveReturns,
  isEndEvent,
  type Returns,
  unappliedBy,
} from './creditEnds.ts'
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
  /** What looks like a mistyped reference: the text itself is personal data and stays sealed. */
  readonly nearReferences?: readonly string[]
  /** Keyed hash of the payer's account, where the bank names it: tells equal ones, and that money can be sent back. */
  readonly payerHash?: string
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
  readonly payerHash?: string
  /** Where it names no payment that exists: what the text says in place of one, and the bank's own time where it differs. */
  readonly nearReferences?: readonly string[]
  readonly occurredAt?: string
  readonly receivedAt: string
}

type Reread = { readonly references: readonly string[]; readonly rereadAt: string }

export type CreditCommand =
  | { type: 'ReceiveCredit'; data: Received }
  | { type: 'LeaveUnapplied'; data: Leftover }
  | { type: 'RereadCredit'; data: Reread }
  | CreditEndCommand

export type CreditEvent =
  | { type: 'CreditReceived'; data: Received }
  /** The bank used one transaction id for two amounts or accounts: the first stands, a person must look. */
  | { type: 'CreditConflicted'; data: Conflicted }
  | { type: 'CreditUnapplied'; data: Unapplied }
  /** The notification, read again by a later parser, names other payments than it seemed to. */
  | { type: 'CreditReread'; data: Reread }
  | CreditEndEvent

export type CreditRejection = 'credit_not_found' | 'credit_exceeded' | CreditEndRejection

export type ReceivedCredit = Received & {
  readonly status: 'received'
  readonly conflicts: readonly Claim[]
  /** What is on payments or still to be matched, as far as this stream knows: all of it until something is left over. */
  readonly applied: Money
  readonly unapplied: Money
  readonly escheated: Money
  readonly applications: Applications
  readonly returns: Returns
  /** Why something was first left over: the outcome of matching, which is decided once. */
  readonly reason?: UnappliedReason
  /** Payments that ended half paid and let go of their part. */
  readonly releasedBy: ReadonlySet<string>
  /** The merchant whose payment it named. */
  readonly merchantId?: string
}
export type CreditState = { readonly status: 'new' } | ReceivedCredit

type CreditDecision = Decision<CreditEvent, CreditRejection>

export const initialState = (): CreditState => ({ status: 'new' })

export function decide(command: CreditCommand, state: CreditState): CreditDecision {
  if (command.type === 'ReceiveCredit') return receive(command.data, state)
  if (state.status === 'new') return reject('credit_not_found')
  switch (command.type) {
    case 'LeaveUnapplied':
      return leave(command.data, state)
    case 'RereadCredit':
      return reread(command.data, state)
    default:
      return decideEnd(command, state)
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
  if (isLeftAlready(leftover, state)) return accept()
  const { amount, paymentId } = leftover
  if (exceeds(fromData(amount), state.applied)) return reject('credit_exceeded')
  const { connectorId, bankBin, accountNumber, receivedAt, references } = state
  const reference = paymentId ? referenceOf(paymentId) : references[0]
  const merchant = reference === undefined ? {} : { merchantId: merchantIdOf(reference) }
  const where = { connectorId, bankBin, accountNumber, receivedAt }
  const { payerHash } = state
  const hints = paymentId === undefined ? hintsOf(state) : {}
  const data = { ...leftover, ...merchant, ...where, ...(payerHash !== undefined && { payerHash }), ...hints }
  return accept({ type: 'CreditUnapplied', data })
}

/** A payment lets go of its part once; for any other reason only matching leaves something over, and it is done once. */
const isLeftAlready = ({ reason, paymentId }: Leftover, state: ReceivedCredit): boolean =>
  reason === 'underpaid' ? state.releasedBy.has(paymentId ?? '') : state.reason !== undefined

/** What helps to find out where money belongs that names no payment. */
function hintsOf({ references, nearReferences = [], occurredAt, receivedAt }: ReceivedCredit) {
  const near = [...references, ...nearReferences]
  return {
    ...(near.length > 0 && { nearReferences: near }),
    ...(occurredAt !== receivedAt && { occurredAt }),
  }
}

/** Only what no payment could be found for: money that is on a payment, or was refused by one, stays where it is. */
const reread = (data: Reread, { reason, references, unapplied }: ReceivedCredit): CreditDecision =>
  reason !== 'unmatched' || isZero(unapplied) || includesAll(references, data.references)
    ? accept()
    : accept({ type: 'CreditReread', data })

export const includesAll = (all: readonly string[], some: readonly string[]): boolean =>
  some.every((one) => all.includes(one))

export function evolve(state: CreditState, event: CreditEvent): CreditState {
  if (event.type === 'CreditReceived') return received(event.data)
  if (state.status === 'new') return state
  if (isEndEvent(event)) return ended(state, event)
  switch (event.type) {
    case 'CreditConflicted':
      return { ...state, conflicts: [...state.conflicts, event.data] }
    case 'CreditUnapplied':
      return leftOver(state, event.data)
    case 'CreditReread':
      return rereadAs(state, event.data)
    default:
      return state
  }
}

const received = (data: Received): ReceivedCredit => {
  const amount = fromData(data.amount)
  const none = zero(amount.currency)
  const streams = {
    conflicts: [],
    applications: new Map(),
    returns: new Map(),
    releasedBy: new Set<string>(),
  }
  return { ...data, ...streams, status: 'received', applied: amount, unapplied: none, escheated: none }
}

function leftOver(
  state: ReceivedCredit,
  { amount, reason, paymentId, merchantId }: Unapplied,
): ReceivedCredit {
  const released = reason === 'underpaid' && paymentId !== undefined
  return {
    ...moved(state, { applied: -BigInt(amount.amount), unapplied: BigInt(amount.amount) }),
    reason: state.reason ?? reason,
    releasedBy: released ? new Set(state.releasedBy).add(paymentId) : state.releasedBy,
    ...(paymentId !== undefined && merchantId !== undefined && { merchantId }),
  }
}

function ended(state: ReceivedCredit, event: CreditEndEvent): ReceivedCredit {
  const applied = event.type === 'CreditApplicationCompleted' ? BigInt(event.data.applied.amount) : 0n
  const escheated = event.type === 'CreditEscheated' ? BigInt(event.data.amount.amount) : 0n
  return {
    ...moved(state, { applied, unapplied: unappliedBy(event), escheated }),
    applications: evolveApplications(state.applications, event),
    returns: evolveReturns(state.returns, event),
  }
}

/** What was found before comes first. */
const rereadAs = (state: ReceivedCredit, { references }: Reread): ReceivedCredit => ({
  ...state,
  references: [...new Set([...state.references, ...references])],
})

type Moves = { readonly applied: bigint; readonly unapplied: bigint; readonly escheated?: bigint }

const moved = (state: ReceivedCredit, { applied, unapplied, escheated = 0n }: Moves): ReceivedCredit => ({
  ...state,
  applied: money(state.applied.minor + applied, state.applied.currency),
  unapplied: money(state.unapplied.minor + unapplied, state.unapplied.currency),
  escheated: money(state.escheated.minor + escheated, state.escheated.currency),
})
