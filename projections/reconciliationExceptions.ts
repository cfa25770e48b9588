// What reconciliations have left to a person: open until it is resolved, or until a later statement has what was missing.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import type { ExceptionEvent } from '../src/domain/settlement/reconciliationException.ts'
import type { LinesEvent } from '../src/domain/settlement/statementLines.ts'
import { projection, streamId } from './projection.ts'

export type ReconciliationExceptionRow = {
  /** Of the line, or of the item that is missing. */
  readonly id: string
  readonly statementId: string
  readonly state: string
  readonly direction: string
  readonly amount: bigint
  readonly currency: string
  /** Business date. */
  readonly day: string
  readonly owner: string
  /** `open`, `resolved` by a person, `arrived` on a later statement. */
  readonly status: string
  readonly raisedAt: string
  /** `raisedAt` while it is open, then null: what is in this column is what the list shows. */
  readonly openSince: string | null
}

/** Nobody yet: whoever operates the gateway. */
const operator = 'operator'

type Arrived = { type: 'ItemArrived'; data: { readonly id: string } }
type Handled = LinesEvent | ExceptionEvent | Arrived

export const reconciliationExceptions = projection<Handled, ReconciliationExceptionRow>({
  name: 'reconciliation_exceptions_v1',
  columns: {
    id: 'text',
    statementId: 'text',
    state: 'text',
    direction: 'text',
    amount: 'money',
    currency: 'text',
    day: 'text',
    owner: 'text',
    status: 'text',
    raisedAt: 'text',
    openSince: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['openSince', 'id'], present: 'openSince' }],
  handles: [
    'StatementLineReconciled',
    'ExpectedItemMissing',
    'ReconciliationExceptionAssigned',
    'ReconciliationExceptionResolved',
  ],
  parts: partsOf,
  keyOf: (event) => {
    switch (event.type) {
      case 'StatementLineReconciled':
        return [event.data.lineId]
      case 'ExpectedItemMissing':
        return [event.data.itemId]
      case 'ItemArrived':
        return [event.data.id]
      default:
        return [streamId(event)]
    }
  },
  evolve: (row, event) => {
    switch (event.type) {
      case 'StatementLineReconciled':
      case 'ExpectedItemMissing':
        return row ?? raised(event)
      case 'ItemArrived':
        return row && close(row, 'arrived')
      case 'ReconciliationExceptionAssigned':
        return row && { ...row, owner: event.data.owner }
      case 'ReconciliationExceptionResolved':
        return row && close(row, 'resolved')
    }
  },
})

/** A line that is in order raises nothing; each item that it is was perhaps missing before. */
function partsOf(event: Recorded<Handled>): readonly Recorded<Handled>[] {
  if (event.type !== 'StatementLineReconciled') return [event]
  const { state, items, creditId } = event.data
  const arrived = items.map(({ id }): Recorded<Arrived> => ({ ...event, type: 'ItemArrived', data: { id } }))
  const isInOrder = state === 'matched' || creditId !== undefined
  return isInOrder ? arrived : [event, ...arrived]
}

type Raising = Extract<Handled, { type: 'StatementLineReconciled' | 'ExpectedItemMissing' }>

function raised({ type, data }: Raising): ReconciliationExceptionRow {
  const isLine = type === 'StatementLineReconciled'
  return {
    id: isLine ? data.lineId : data.itemId,
    statementId: data.statementId,
    state: isLine ? data.state : 'missing',
    direction: data.direction,
    amount: BigInt(data.amount.amount),
    currency: data.amount.currency,
    day: isLine ? data.bookedOn : data.expectedOn,
    owner: operator,
    status: 'open',
    raisedAt: data.reconciledAt,
    openSince: data.reconciledAt,
  }
}

/** What a person has said stands. */
const close = (row: ReconciliationExceptionRow, status: string): ReconciliationExceptionRow =>
  row.status === 'open' ? { ...row, status, openSince: null } : row
