// A statement that was sent: what it says of itself, and, once all its lines are recorded, what became of them.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'
import type { StatementFormat } from './bankStatement.ts'

type Received = {
  readonly format: StatementFormat
  readonly bankBin: string
  readonly accountNumber: string
  readonly currency: string
  /** Minor units, below zero for an overdraft; absent where the file does not say. */
  readonly opening?: string
  readonly closing?: string
  /** Business dates, both included. */
  readonly from: string
  readonly to: string
  readonly lineCount: number
  readonly credits: MoneyData
  readonly debits: MoneyData
  readonly receivedAt: string
}

/** How many lines, or missing items. `known`: lines that an earlier statement had. */
export type StatementCounts = {
  readonly matched: number
  readonly missing: number
  readonly unexpected: number
  readonly differing: number
  readonly known: number
}
type Reconciled = { readonly counts: StatementCounts; readonly reconciledAt: string }

export type StatementCommand =
  | { readonly type: 'ReceiveStatement'; readonly data: Received }
  | { readonly type: 'ConcludeStatement'; readonly data: Reconciled }
export type StatementEvent =
  | { type: 'StatementReceived'; data: Received }
  | { type: 'StatementReconciled'; data: Reconciled }
export type StatementRejection = 'statement_not_received'

/** The statement's id is made of what it says: the same one again finds itself. */
export type StatementState =
  | { readonly status: 'new' }
  | (Received & { readonly status: 'received' })
  | (Received & Reconciled & { readonly status: 'reconciled' })

export const initialState = (): StatementState => ({ status: 'new' })

export function decide(
  { type, data }: StatementCommand,
  state: StatementState,
): Decision<StatementEvent, StatementRejection> {
  if (type === 'ReceiveStatement')
    return state.status === 'new' ? accept({ type: 'StatementReceived', data }) : accept()
  if (state.status === 'new') return reject('statement_not_received')
  return state.status === 'received' ? accept({ type: 'StatementReconciled', data }) : accept()
}

export function evolve(state: StatementState, event: StatementEvent): StatementState {
  if (event.type === 'StatementReceived') return { ...event.data, status: 'received' }
  return state.status === 'new' ? state : { ...state, ...event.data, status: 'reconciled' }
}
