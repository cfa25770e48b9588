// What a reconciliation leaves to a person: who looks at it, and how it was cleared up.
import { accept, type Decision, reject } from '../core/decider.ts'

/** What it turned out to be. */
export const resolutions = [
  'bank_fee',
  'interest',
  'bank_error',
  'our_error',
  'timing',
  'own_transfer',
  'recorded_elsewhere',
  'written_off',
  'other',
] as const
export type Resolution = (typeof resolutions)[number]

type Assigned = { readonly owner: string; readonly assignedAt: string }
type Resolved = {
  readonly resolution: Resolution
  /** In a person's words; not for personal data. */
  readonly reason: string
  readonly resolvedAt: string
}

export type ExceptionCommand =
  | { readonly type: 'AssignException'; readonly data: Assigned }
  | { readonly type: 'ResolveException'; readonly data: Resolved }
export type ExceptionEvent =
  | { type: 'ReconciliationExceptionAssigned'; data: Assigned }
  | { type: 'ReconciliationExceptionResolved'; data: Resolved }
export type ExceptionRejection = 'reconciliation_exception_resolved'

/** The statement raises it; this stream begins with what a person does. */
export type ExceptionState = { readonly owner?: string; readonly resolved?: Resolved }

export const initialState = (): ExceptionState => ({})

export function decide(
  { type, data }: ExceptionCommand,
  { owner, resolved }: ExceptionState,
): Decision<ExceptionEvent, ExceptionRejection> {
  if (type === 'AssignException') {
    if (resolved) return reject('reconciliation_exception_resolved')
    return owner === data.owner ? accept() : accept({ type: 'ReconciliationExceptionAssigned', data })
  }
  if (!resolved) return accept({ type: 'ReconciliationExceptionResolved', data })
  const same = resolved.resolution === data.resolution && resolved.reason === data.reason
  return same ? accept() : reject('reconciliation_exception_resolved')
}

export const evolve = (state: ExceptionState, { type, data }: ExceptionEvent): ExceptionState =>
  type === 'ReconciliationExceptionAssigned' ? { ...state, owner: data.owner } : { ...state, resolved: data }
