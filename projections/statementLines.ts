// What became of each line of each statement, and what each lacked: as it was reconciled, whatever was found out later.
import type { LinesEvent } from '../src/domain/settlement/statementLines.ts'
import { projection } from './projection.ts'

export type StatementLineRow = {
  /** Of the line; of a missing item, the statement's and the item's. */
  readonly id: string
  readonly statementId: string
  /** `matched`, `missing`, `unexpected`, `differing`: the list that it is in. */
  readonly list: string
  readonly state: string
  /** In the file, from 1; 0: it is not there. */
  readonly line: number
  readonly direction: string
  readonly amount: bigint
  readonly currency: string
  /** Business date. */
  readonly day: string
  readonly bankReference: string | null
  readonly rule: string | null
  /** Ids of the items, between spaces. */
  readonly items: string
  readonly expected: bigint | null
  readonly creditId: string | null
  /** Of a missing item. */
  readonly kind: string | null
  readonly sealed: string | null
}

export const statementLines = projection<LinesEvent, StatementLineRow>({
  name: 'statement_lines_v1',
  columns: {
    id: 'text',
    statementId: 'text',
    list: 'text',
    state: 'text',
    line: 'integer',
    direction: 'text',
    amount: 'money',
    currency: 'text',
    day: 'text',
    bankReference: 'text',
    rule: 'text',
    items: 'text',
    expected: 'money',
    creditId: 'text',
    kind: 'text',
    sealed: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['statementId', 'list', 'line', 'id'] }],
  handles: ['StatementLineReconciled', 'ExpectedItemMissing'],
  keyOf: ({ type, data }) => [
    type === 'StatementLineReconciled' ? data.lineId : `${data.statementId}-${data.itemId}`,
  ],
  evolve: (row, event) => row ?? rowOf(event), // the first statement with a line has it
})

const listOf = {
  matched: 'matched',
  differing: 'differing',
  partly: 'differing',
  unexpected: 'unexpected',
} as const

function rowOf({ type, data }: LinesEvent): StatementLineRow {
  const { statementId, direction, amount } = data
  const money = { statementId, direction, amount: BigInt(amount.amount), currency: amount.currency }
  if (type === 'ExpectedItemMissing')
    return {
      ...nothing,
      ...money,
      id: `${statementId}-${data.itemId}`,
      list: 'missing',
      state: 'missing',
      day: data.expectedOn,
      items: data.itemId,
      kind: data.kind,
    }
  return {
    ...money,
    id: data.lineId,
    list: listOf[data.state],
    state: data.state,
    line: data.line,
    day: data.bookedOn,
    bankReference: data.bankReference ?? null,
    rule: data.rule ?? null,
    items: data.items.map(({ id }) => id).join(' '),
    expected: data.expected ? BigInt(data.expected.amount) : null,
    creditId: data.creditId ?? null,
    kind: null,
    sealed: data.sealed ?? null,
  }
}

const nothing = {
  line: 0,
  bankReference: null,
  rule: null,
  expected: null,
  creditId: null,
  sealed: null,
} as const
