// How unapplied money ends: applied to a payment by a person, returned to its sender, or escheated. Only what is unapplied can.
import { accept, type Decision, reject } from '../core/decider.ts'
import {
  exceeds,
  fromData,
  isZero,
  type Money,
  type MoneyData,
  subtract,
  toData,
  zero,
} from '../core/money.ts'
import {
  requestedTransfer,
  type Transfer,
  type TransferCommand,
  type TransferEvent,
  type TransferOrder,
  type TransferRejection,
  transferLife,
} from './transfer.ts'

type ApplicationRequested = {
  readonly applicationId: string
  readonly paymentId: string
  readonly reason?: string
  readonly requestedAt: string
}
/** Reserves the money: the payment takes it next, and then what it did not take is unapplied again. */
type ApplicationReserved = ApplicationRequested & { readonly amount: MoneyData }
type ApplicationCompleted = {
  readonly applicationId: string
  readonly paymentId: string
  readonly applied: MoneyData
  readonly left: MoneyData
}
type ApplicationRefused = {
  readonly applicationId: string
  readonly paymentId: string
  readonly left: MoneyData
  /** The rejection code of the payment. */
  readonly refusal: string
}
type ReturnRequested = { readonly reason?: string; readonly requestedAt: string }
type ReturnOrdered = ReturnRequested & TransferOrder & { readonly merchantId?: string }
type Escheated = { readonly amount: MoneyData; readonly termDays: number; readonly escheatedAt: string }

export type CreditEndCommand =
  | { type: 'RequestApplication'; data: ApplicationRequested }
  | {
      type: 'ConcludeApplication'
      data: { applicationId: string; applied: MoneyData } | { applicationId: string; refusal: string }
    }
  | { type: 'RequestReturn'; data: ReturnRequested & { readonly creditId: string } }
  | { type: 'EscheatCredit'; data: { at: string; termDays: number } }
  | TransferCommand

const names = {
  sent: 'CreditReturnSent',
  unknown: 'CreditReturnUnknown',
  completed: 'CreditReturned',
  failed: 'CreditReturnFailed',
} as const
const life = transferLife(names, () => ({}))

type ReturnTransferEvent = TransferEvent<typeof names>
export type CreditEndEvent =
  | { type: 'CreditApplicationRequested'; data: ApplicationReserved }
  | { type: 'CreditApplicationCompleted'; data: ApplicationCompleted }
  | { type: 'CreditApplicationRefused'; data: ApplicationRefused }
  | { type: 'CreditReturnRequested'; data: ReturnOrdered }
  | { type: 'CreditEscheated'; data: Escheated }
  /** A return that failed leaves its money unapplied again. */
  | ReturnTransferEvent

export type CreditEndRejection =
  | TransferRejection
  | 'credit_not_unapplied'
  | 'credit_not_due'
  | 'sender_unknown'
  | 'application_not_found'

/** Unapplied money on its way to a payment, or there, or refused by it. */
export type Application = {
  readonly applicationId: string
  readonly paymentId: string
  readonly amount: Money
  readonly requestedAt: string
  readonly status: 'requested' | 'completed' | 'refused'
  readonly applied: Money
  readonly refusal?: string
}
export type Applications = ReadonlyMap<string, Application>
export type Returns = ReadonlyMap<string, Transfer>

/** What the rules look at. */
type Endable = {
  readonly unapplied: Money
  readonly applications: Applications
  readonly returns: Returns
  readonly merchantId?: string
  readonly payerHash?: string
  readonly receivedAt: string
}

type CreditEndDecision = Decision<CreditEndEvent, CreditEndRejection>

const dayMs = 86_400_000

export function decideEnd(command: CreditEndCommand, credit: Endable): CreditEndDecision {
  switch (command.type) {
    case 'RequestApplication':
      return reserve(command.data, credit)
    case 'ConcludeApplication':
      return conclude(command.data, credit)
    case 'RequestReturn':
      return giveBack(command.data, credit)
    case 'EscheatCredit':
      return escheat(command.data, credit)
    default:
      return life.decide(command, credit.returns.get(command.data.transferId))
  }
}

function reserve(application: ApplicationRequested, { applications, unapplied }: Endable): CreditEndDecision {
  if (applications.has(application.applicationId)) return accept()
  if (isZero(unapplied)) return reject('credit_not_unapplied')
  return accept({ type: 'CreditApplicationRequested', data: { ...application, amount: toData(unapplied) } })
}

function conclude(
  data: Extract<CreditEndCommand, { type: 'ConcludeApplication' }>['data'],
  { applications }: Endable,
): CreditEndDecision {
  const application = applications.get(data.applicationId)
  if (!application) return reject('application_not_found')
  const { applicationId, paymentId, amount, status } = application
  if (status !== 'requested') return accept()
  const about = { applicationId, paymentId }
  if ('refusal' in data) {
    const { refusal } = data
    return accept({ type: 'CreditApplicationRefused', data: { ...about, left: toData(amount), refusal } })
  }
  const applied = fromData(data.applied)
  if (exceeds(applied, amount)) throw new Error(`${paymentId} took more than ${applicationId} reserved`)
  const left = toData(subtract(amount, applied))
  return accept({ type: 'CreditApplicationCompleted', data: { ...about, applied: data.applied, left } })
}

function giveBack(
  { creditId, ...requested }: ReturnRequested & { readonly creditId: string },
  { unapplied, returns, payerHash, merchantId }: Endable,
): CreditEndDecision {
  if (isZero(unapplied)) return reject('credit_not_unapplied')
  if (payerHash === undefined) return reject('sender_unknown')
  const order = { transferId: `${creditId}-${returns.size + 1}`, creditId, amount: toData(unapplied) }
  const owner = merchantId === undefined ? {} : { merchantId }
  return accept({ type: 'CreditReturnRequested', data: { ...order, ...requested, ...owner } })
}

function escheat({ at, termDays }: { at: string; termDays: number }, credit: Endable): CreditEndDecision {
  if (isZero(credit.unapplied)) return reject('credit_not_unapplied')
  if (Date.parse(at) < Date.parse(credit.receivedAt) + termDays * dayMs) return reject('credit_not_due')
  const amount = toData(credit.unapplied)
  return accept({ type: 'CreditEscheated', data: { amount, termDays, escheatedAt: at } })
}

const own = new Set([
  'CreditApplicationRequested',
  'CreditApplicationCompleted',
  'CreditApplicationRefused',
  'CreditReturnRequested',
  'CreditEscheated',
])

export const isEndEvent = (event: { type: string; data: object }): event is CreditEndEvent =>
  own.has(event.type) || life.isTransferEvent(event)

/** How much an event adds to what is unapplied, in minor units; negative where it takes from it. */
export function unappliedBy(event: CreditEndEvent): bigint {
  switch (event.type) {
    case 'CreditApplicationRequested':
    case 'CreditReturnRequested':
    case 'CreditEscheated':
      return -BigInt(event.data.amount.amount)
    case 'CreditApplicationCompleted':
    case 'CreditApplicationRefused':
      return BigInt(event.data.left.amount)
    case 'CreditReturnFailed':
      return BigInt(event.data.amount.amount)
    default:
      return 0n
  }
}

export function evolveApplications(applications: Applications, event: CreditEndEvent): Applications {
  const put = (application: Application): Applications =>
    new Map(applications).set(application.applicationId, application)
  if (event.type === 'CreditApplicationRequested') {
    const { applicationId, paymentId, requestedAt, amount } = event.data
    const money = { amount: fromData(amount), applied: zero(amount.currency) }
    return put({ applicationId, paymentId, requestedAt, ...money, status: 'requested' })
  }
  if (event.type !== 'CreditApplicationCompleted' && event.type !== 'CreditApplicationRefused')
    return applications
  const known = applications.get(event.data.applicationId)
  if (!known) return applications
  return event.type === 'CreditApplicationCompleted'
    ? put({ ...known, status: 'completed', applied: fromData(event.data.applied) })
    : put({ ...known, status: 'refused', refusal: event.data.refusal })
}

export function evolveReturns(returns: Returns, event: CreditEndEvent): Returns {
  if (event.type === 'CreditReturnRequested')
    return new Map(returns).set(event.data.transferId, requestedTransfer(event.data))
  if (!life.isTransferEvent(event)) return returns
  const { transferId } = event.data
  const known = returns.get(transferId)
  return known ? new Map(returns).set(transferId, life.evolve(known, event)) : returns
}
