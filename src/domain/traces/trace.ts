// A trace: a payer's transfer went to the wrong account or with the wrong text, and somebody looks for it among unapplied money.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'
import type { TraceRule } from './rankTraced.ts'

export type TraceParty = 'merchant' | 'operator'

/** A credit that fitted when the trace was opened. */
export type TraceCandidate = {
  readonly creditId: string
  /** What was unapplied of it then. */
  readonly amount: MoneyData
  readonly receivedAt: string
  /** Why it is unapplied. */
  readonly reason: string
  readonly rules: readonly TraceRule[]
}

type Opened = {
  /** Whose it is; absent: the operator's own. */
  readonly merchantId?: string
  readonly by: TraceParty
  readonly amount: MoneyData
  /** Business date; and the instant, where more is known. */
  readonly occurredOn: string
  readonly occurredAt?: string
  readonly transactionId?: string
  /** Of the account that it was sent to. */
  readonly accountNumberLast4?: string
  /** Without personal data. */
  readonly note?: string
  readonly candidates: readonly TraceCandidate[]
  readonly openedAt: string
}
type Found = { readonly creditId: string; readonly by: TraceParty; readonly foundAt: string }
type Closed = {
  /** `not_found`: nobody found it. `closed`: it is dealt with, or nobody looks any more. */
  readonly outcome: 'not_found' | 'closed'
  readonly reason?: string
  readonly by: TraceParty
  readonly closedAt: string
}

export type TraceCommand =
  | { type: 'OpenTrace'; data: Opened }
  /** The money is not moved: that is for who applies or returns the credit. */
  | { type: 'NameCredit'; data: Found }
  | { type: 'CloseTrace'; data: Closed }
export type TraceEvent =
  | { type: 'TraceOpened'; data: Opened }
  | { type: 'TraceFound'; data: Found }
  | { type: 'TraceClosed'; data: Closed }
export type TraceRejection = 'trace_exists' | 'trace_not_found' | 'trace_found' | 'trace_closed'

export const traceStatuses = ['open', 'found', 'not_found', 'closed'] as const
export type TraceStatus = (typeof traceStatuses)[number]

export type OpenedTrace = Opened & {
  readonly status: TraceStatus
  readonly found?: Found
  readonly closed?: Closed
}
export type Trace = { readonly status: 'new' } | OpenedTrace

export const initialState = (): Trace => ({ status: 'new' })

export function decide(command: TraceCommand, state: Trace): Decision<TraceEvent, TraceRejection> {
  if (command.type === 'OpenTrace')
    return state.status === 'new'
      ? accept({ type: 'TraceOpened', data: command.data })
      : reject('trace_exists')
  if (state.status === 'new') return reject('trace_not_found')
  return command.type === 'NameCredit' ? name(command.data, state) : close(command.data, state)
}

function name(data: Found, { found, closed }: OpenedTrace): Decision<TraceEvent, TraceRejection> {
  if (found?.creditId === data.creditId) return accept()
  if (closed) return reject('trace_closed')
  return found ? reject('trace_found') : accept({ type: 'TraceFound', data })
}

/** What was found cannot be not found. */
function close(data: Closed, { found, closed }: OpenedTrace): Decision<TraceEvent, TraceRejection> {
  if (closed) {
    const same = closed.outcome === data.outcome && closed.reason === data.reason
    return same ? accept() : reject('trace_closed')
  }
  return found && data.outcome === 'not_found' ? reject('trace_found') : accept({ type: 'TraceClosed', data })
}

export function evolve(state: Trace, event: TraceEvent): Trace {
  if (event.type === 'TraceOpened') return { ...event.data, status: 'open' }
  if (state.status === 'new') return state
  return event.type === 'TraceFound'
    ? { ...state, status: 'found', found: event.data }
    : { ...state, status: event.data.outcome, closed: event.data }
}
