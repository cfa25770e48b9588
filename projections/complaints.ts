// Complaints: how each stands, and by when it must be answered.
import type { ComplaintEvent } from '../src/domain/complaints/complaintEvents.ts'
import { projection } from './projection.ts'

export type ComplaintRow = {
  readonly id: string
  readonly merchantId: string
  readonly status: string
  readonly openedAt: string
  readonly deadline: string
  /** The deadline while nobody has answered, then null. */
  readonly dueAt: string | null
}

type Handled = Exclude<ComplaintEvent, { type: 'ComplaintEvidenceAdded' }>

export const complaints = projection<Handled, ComplaintRow>({
  name: 'complaints_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    status: 'text',
    openedAt: 'text',
    deadline: 'text',
    dueAt: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['openedAt', 'id'] },
    { columns: ['merchantId', 'openedAt', 'id'] },
    { columns: ['dueAt'], present: 'dueAt' },
  ],
  handles: [
    'ComplaintOpened',
    'ComplaintResolved',
    'ComplaintRejected',
    'ComplaintDefaultResolved',
    'ComplaintRefunded',
    'ComplaintRefundFailed',
  ],
  begins: 'ComplaintOpened',
  keyOf: ({ data }) => [data.complaintId],
  evolve: (row, event) => {
    if (event.type === 'ComplaintOpened') {
      const { complaintId: id, merchantId, openedAt, deadline } = event.data
      return { id, merchantId, status: 'assigned', openedAt, deadline, dueAt: deadline }
    }
    return row && { ...row, status: statusAfter(event), dueAt: null }
  },
})

function statusAfter(event: Exclude<Handled, { type: 'ComplaintOpened' }>): string {
  switch (event.type) {
    case 'ComplaintResolved':
      return event.data.refund ? 'pending_refund' : 'resolved'
    case 'ComplaintDefaultResolved':
      return event.data.refund ? 'pending_refund' : 'default_resolved'
    case 'ComplaintRejected':
      return 'rejected'
    case 'ComplaintRefunded':
      return 'refunded'
    case 'ComplaintRefundFailed':
      return 'failed'
  }
}
