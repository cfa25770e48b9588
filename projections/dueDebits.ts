// Debits of mandates that are still to be carried out or asked about; what has ended is not here.
import type { DebitEvent } from '../src/domain/mandates/debitEvents.ts'
import { projection, streamId } from './projection.ts'

export type DueDebitRow = {
  readonly mandateId: string
  readonly billId: string
  readonly dueAt: string
}

export const dueDebits = projection<DebitEvent, DueDebitRow>({
  name: 'due_debits_v1',
  columns: { mandateId: 'text', billId: 'text', dueAt: 'text' },
  key: ['mandateId', 'billId'],
  indexes: [{ columns: ['dueAt', 'mandateId', 'billId'] }],
  handles: [
    'DebitAnnounced',
    'DebitSkipped',
    'DebitRequested',
    'DebitUnknown',
    'DebitCompleted',
    'DebitDeclined',
  ],
  keyOf: (event) => [streamId(event), event.data.billId],
  evolve: (_row, event) => {
    const row = { mandateId: streamId(event), billId: event.data.billId }
    switch (event.type) {
      case 'DebitAnnounced':
        return { ...row, dueAt: event.data.debitAt }
      case 'DebitRequested':
      case 'DebitUnknown':
        return { ...row, dueAt: event.data.askAt }
      default:
        return undefined
    }
  },
})
