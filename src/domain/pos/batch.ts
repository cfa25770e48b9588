// The close of a terminal's batch: terminal and host agree on its totals, at once or after the terminal has sent its records.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { Currency } from '../core/money.ts'
import {
  type BatchDifference,
  type BatchEntry,
  type BatchTotals,
  differencesOf,
  isConsistent,
} from './batchTotals.ts'

type Opened = {
  readonly merchantId: string
  readonly siteId: string
  readonly terminalId: string
  readonly batchNumber: string
  readonly currency: Currency
  readonly openedAt: string
}
/** `claimed` by the terminal, `counted` by us from what we recorded. */
type Compared = {
  readonly closeId: string
  readonly claimed: BatchTotals
  readonly counted: BatchTotals
  /** The place in the log up to which we counted: where the batch ends, if this closes it. */
  readonly upTo?: string
  readonly at: string
}
type Differing = Compared & { readonly differences: readonly BatchDifference[] }
/** A transaction as the terminal has it; `recordId` names it in the terminal's own journal. */
export type UploadedRecord = {
  readonly recordId: string
  readonly kind: BatchEntry['kind']
  readonly amount: string
  /** DE37 and DE11 as the terminal has them. */
  readonly reference?: string
  readonly stan?: string
  readonly at: string
}

export type BatchCommand =
  | { type: 'OpenBatch'; data: Opened }
  | { type: 'CloseBatch'; data: Compared }
  | { type: 'UploadRecord'; data: UploadedRecord }

export type BatchEvent =
  | { type: 'BatchOpened'; data: Opened }
  | { type: 'BatchBalanced'; data: Compared }
  /** The first close did not agree: the terminal is asked for its records. */
  | { type: 'BatchOutOfBalance'; data: Differing }
  /** The close after the upload did not agree either: the batch ends, and people look at the lines. */
  | { type: 'BatchClosedOutOfBalance'; data: Differing }
  /** The claimed totals contradict themselves; nothing was compared. */
  | { type: 'BatchCloseFailed'; data: Compared }
  | { type: 'BatchRecordUploaded'; data: UploadedRecord }

export type BatchRejection =
  | 'batch_exists'
  | 'batch_not_found'
  | 'batch_closed'
  | 'close_differs'
  | 'upload_not_asked_for'
  | 'record_differs'
  | 'records_exceeded'

/** The answer to a close, as ISO 8583 gives it in DE66. */
export type CloseResult = 'in_balance' | 'out_of_balance' | 'error'

export type Close = {
  readonly claimed: BatchTotals
  readonly result: CloseResult
  readonly counted: BatchTotals
}

export type OpenedBatch = Opened & {
  readonly status: 'open' | 'uploading' | 'balanced' | 'out_of_balance'
  /** Every close by its id: a repeat gets its answer from here. */
  readonly closes: ReadonlyMap<string, Close>
  /** Once it is closed: where it ends in the log, and when that was. */
  readonly upTo?: string
  readonly closedAt?: string
  readonly records: ReadonlyMap<string, UploadedRecord>
}
export type Batch = { readonly status: 'new' } | OpenedBatch

/** More transactions than a terminal has in a batch: something is wrong with it. */
export const recordsMax = 10_000

type BatchDecision = Decision<BatchEvent, BatchRejection>

export const initialState = (): Batch => ({ status: 'new' })

export function decide({ type, data }: BatchCommand, state: Batch): BatchDecision {
  if (type === 'OpenBatch')
    return state.status === 'new' ? accept({ type: 'BatchOpened', data }) : reject('batch_exists')
  if (state.status === 'new') return reject('batch_not_found')
  return type === 'CloseBatch' ? close(data, state) : upload(data, state)
}

function close(data: Compared, state: OpenedBatch): BatchDecision {
  const earlier = state.closes.get(data.closeId)
  if (earlier) return isSame(earlier.claimed, data.claimed) ? accept() : reject('close_differs')
  if (isClosed(state)) return reject('batch_closed')
  if (!isConsistent(data.claimed)) return accept({ type: 'BatchCloseFailed', data })
  const differences = differencesOf(data.claimed, data.counted)
  if (differences.length === 0) return accept({ type: 'BatchBalanced', data })
  const type = state.status === 'uploading' ? 'BatchClosedOutOfBalance' : 'BatchOutOfBalance'
  return accept({ type, data: { ...data, differences } })
}

const isSame = (a: BatchTotals, b: BatchTotals): boolean => differencesOf(a, b).length === 0

export const isClosed = ({ status }: Pick<OpenedBatch, 'status'>): boolean =>
  status === 'balanced' || status === 'out_of_balance'

function upload(data: UploadedRecord, state: OpenedBatch): BatchDecision {
  const earlier = state.records.get(data.recordId)
  if (earlier)
    return earlier.kind === data.kind && earlier.amount === data.amount ? accept() : reject('record_differs')
  if (isClosed(state)) return reject('batch_closed')
  if (state.status !== 'uploading') return reject('upload_not_asked_for')
  if (state.records.size >= recordsMax) return reject('records_exceeded')
  return accept({ type: 'BatchRecordUploaded', data })
}

export function evolve(state: Batch, { type, data }: BatchEvent): Batch {
  if (type === 'BatchOpened') return { ...data, status: 'open', closes: new Map(), records: new Map() }
  if (state.status === 'new') return state
  switch (type) {
    case 'BatchBalanced':
      return closed({ ...state, status: 'balanced' }, data, 'in_balance')
    case 'BatchOutOfBalance':
      return closed({ ...state, status: 'uploading' }, data, 'out_of_balance')
    case 'BatchClosedOutOfBalance':
      return closed({ ...state, status: 'out_of_balance' }, data, 'out_of_balance')
    case 'BatchCloseFailed':
      return closed(state, data, 'error')
    case 'BatchRecordUploaded':
      return { ...state, records: new Map(state.records).set(data.recordId, data) }
    default:
      return state
  }
}

const closed = (
  state: OpenedBatch,
  { closeId, claimed, counted, upTo, at }: Compared,
  result: CloseResult,
): OpenedBatch => ({
  ...state,
  ...(isClosed(state) && { closedAt: at, ...(upTo !== undefined && { upTo }) }),
  closes: new Map(state.closes).set(closeId, { claimed, counted, result }),
})

/** A terminal's batches are numbered from 1. */
export const batchIdOf = (terminalId: string, number: string): string => `${terminalId}-${number}`

/** What a close was answered, now or when it came first. */
export const answerTo = (state: Batch, closeId: string): Close | undefined =>
  state.status === 'new' ? undefined : state.closes.get(closeId)
