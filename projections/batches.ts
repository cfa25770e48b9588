// Batches by terminal and number: what the list of a terminal's batches shows first, and where its next number is looked for.
import type { BatchEvent } from '../src/domain/pos/batch.ts'
import { projection } from './projection.ts'

export type BatchRow = { readonly terminalId: string; readonly number: string }

export const batches = projection<BatchEvent, BatchRow>({
  name: 'batches_v1',
  columns: { terminalId: 'text', number: 'text' },
  key: ['terminalId', 'number'],
  indexes: [],
  handles: ['BatchOpened'],
  begins: 'BatchOpened',
  keyOf: ({ data }) => {
    const { terminalId, batchNumber } = data as Extract<BatchEvent, { type: 'BatchOpened' }>['data']
    return [terminalId, batchNumber]
  },
  evolve: (row, { type, data }) =>
    type === 'BatchOpened' ? { terminalId: data.terminalId, number: data.batchNumber } : row,
})
