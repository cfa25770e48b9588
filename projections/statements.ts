// Bank statements that were sent, the days that they are of, and whether all of their lines are recorded.
import { isComplete } from '../src/domain/settlement/bankStatement.ts'
import type { StatementEvent } from '../src/domain/settlement/statement.ts'
import { projection, streamId } from './projection.ts'

export type StatementRow = {
  readonly id: string
  readonly bankBin: string
  readonly accountNumber: string
  /** Its first and last business date; null where it only notifies of some money. */
  readonly firstDay: string | null
  readonly lastDay: string | null
  readonly startedAt: string
  readonly reconciledAt: string | null
}

export const statements = projection<StatementEvent, StatementRow>({
  name: 'statements_v2',
  columns: {
    id: 'text',
    bankBin: 'text',
    accountNumber: 'text',
    firstDay: 'text',
    lastDay: 'text',
    startedAt: 'text',
    reconciledAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['startedAt', 'id'] }, { columns: ['accountNumber', 'lastDay'] }],
  handles: ['StatementReceived', 'StatementReconciled'],
  begins: 'StatementReceived',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'StatementReconciled') return row && { ...row, reconciledAt: event.data.reconciledAt }
    const { bankBin, accountNumber, from, to, receivedAt } = event.data
    const days = isComplete(event.data) ? { firstDay: from, lastDay: to } : { firstDay: null, lastDay: null }
    return {
      id: streamId(event),
      bankBin,
      accountNumber,
      ...days,
      startedAt: receivedAt,
      reconciledAt: null,
    }
  },
})
