// Which items of our books were found on a statement, and on which line: they are expected no more.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import type { LinesEvent } from '../src/domain/settlement/statementLines.ts'
import { projection } from './projection.ts'

export type ReconciledItemRow = { readonly id: string; readonly lineId: string; readonly statementId: string }

type Found = Extract<LinesEvent, { type: 'StatementLineReconciled' }>

export const reconciledItems = projection<Found, ReconciledItemRow>({
  name: 'reconciled_items_v1',
  columns: { id: 'text', lineId: 'text', statementId: 'text' },
  key: ['id'],
  indexes: [],
  handles: ['StatementLineReconciled'],
  parts: partsOf,
  keyOf: ({ data }) => [data.items[0]!.id],
  evolve: (row, { data }) =>
    row ?? { id: data.items[0]!.id, lineId: data.lineId, statementId: data.statementId },
})

/** A line that was several items, or that became money, says something of each. */
function partsOf(event: Recorded<Found>): readonly Recorded<Found>[] {
  const { items, creditId } = event.data
  const all = creditId === undefined ? items : [...items, { id: creditId, kind: 'credit' } as const]
  return all.map((item) => ({ ...event, data: { ...event.data, items: [item] } }))
}
