// Bank statements that were sent, and whether all of their lines are recorded.
import type { StatementEvent } from '../src/domain/settlement/statement.ts'
import { projection, streamId } from './projection.ts'

export type StatementRow = {
  readonly id: string
  readonly bankBin: string
  readonly accountNumber: string
  readonly startedAt: string
  readonly reconciledAt: string | null
}

export const statements = projection<StatementEvent, StatementRow>({
  name: 'statements_v1',
  columns: {
    id: 'text',
    bankBin: 'text',
    accountNumber: 'text',
    startedAt: 'text',
    reconciledAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['startedAt', 'id'] }],
  handles: ['StatementReceived', 'StatementReconciled'],
  begins: 'StatementReceived',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'StatementReconciled') return row && { ...row, reconciledAt: event.data.reconciledAt }
    const { bankBin, accountNumber, receivedAt } = event.data
    return { id: streamId(event), bankBin, accountNumber, startedAt: receivedAt, reconciledAt: null }
  },
})
