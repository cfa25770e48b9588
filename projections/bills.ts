// Bills by biller and customer: which are open, and whether a customer has ever had one.
import type { BillEvent } from '../src/domain/bills/bill.ts'
import { projection, streamId } from './projection.ts'

export type BillRow = {
  readonly id: string
  readonly billerId: string
  readonly customerCode: string
  /** `open`, or how it ended. */
  readonly status: string
  readonly dueOn: string
}

const ends = {
  BillCanceled: 'canceled',
  BillSuperseded: 'superseded',
  BillPaidElsewhere: 'paid',
  BillPaid: 'paid',
  BillPaymentRefused: 'canceled',
} as const

type Handled = Extract<BillEvent, { type: 'BillIssued' | 'BillReissued' | keyof typeof ends }>

export const bills = projection<Handled, BillRow>({
  name: 'bills_v2',
  columns: { id: 'text', billerId: 'text', customerCode: 'text', status: 'text', dueOn: 'text' },
  key: ['id'],
  indexes: [{ columns: ['billerId', 'customerCode', 'status', 'dueOn'] }],
  handles: ['BillIssued', 'BillReissued', ...(Object.keys(ends) as (keyof typeof ends)[])],
  begins: 'BillIssued',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'BillIssued' || event.type === 'BillReissued') {
      const { billerId, customerCode, dueOn } = event.data
      return { id: streamId(event), billerId, customerCode, status: 'open', dueOn }
    }
    return row && { ...row, status: ends[event.type] }
  },
})
