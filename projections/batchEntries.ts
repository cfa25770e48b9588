// What terminals' batches are counted from: each card payment and refund at a terminal, with where in the log it happened.
import type { MoneyData } from '../src/domain/core/money.ts'
import type { PaymentEvent } from '../src/domain/payments/payment.ts'
import type { BatchRecord } from '../src/domain/pos/batchEntries.ts'
import { projection, streamId } from './projection.ts'

/** `attemptId`: of an authorization, which its increments are not. `lastAt`: the last of the places. */
export type BatchEntryRow = BatchRecord & { readonly attemptId: string | null; readonly lastAt: string }

const handles = [
  'PaymentRequested',
  'PaymentAuthorized',
  'PaymentPaid',
  'ReversalRequested',
  'RefundRequested',
] as const
type Handled = Extract<PaymentEvent, { type: (typeof handles)[number] }>

export const batchEntries = projection<Handled, BatchEntryRow>({
  name: 'batch_entries_v1',
  columns: {
    id: 'text',
    terminalId: 'text',
    currency: 'text',
    amount: 'money',
    authorizedAt: 'text',
    recordedAt: 'text',
    reversedAt: 'text',
    reversalReason: 'text',
    attemptId: 'text',
    lastAt: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['terminalId', 'lastAt'] }],
  handles,
  concerns: isOfTill,
  keyOf: (event) => [event.type === 'RefundRequested' ? event.data.refundId : streamId(event)],
  evolve: (row, event) => {
    const { position: at } = event
    switch (event.type) {
      case 'PaymentRequested': {
        const { data } = event
        if (data.method !== 'card' || data.capture === 'automatic' || data.terminalId === undefined)
          return row
        return { ...begun(streamId(event), data.terminalId, data.amount, at), attemptId: data.attemptId }
      }
      case 'PaymentAuthorized':
        return row && { ...row, authorizedAt: at, lastAt: at }
      case 'PaymentPaid': {
        const { method, terminalId, amount } = event.data
        if (method !== 'card' || terminalId === undefined) return row
        const before = row ?? begun(streamId(event), terminalId, amount, at)
        return { ...before, amount: BigInt(amount.amount), recordedAt: at, lastAt: at }
      }
      case 'ReversalRequested': {
        const { attemptId, reason } = event.data
        if (!row || row.reversedAt !== null || (row.attemptId ?? attemptId) !== attemptId) return row
        return { ...row, reversedAt: at, reversalReason: reason, lastAt: at }
      }
      case 'RefundRequested': {
        const { data } = event
        if (!('method' in data) || data.terminalId === undefined || row) return row
        return { ...begun(data.refundId, data.terminalId, data.amount, at), recordedAt: at }
      }
    }
  },
})

/** Most payments are no cards, and most refunds are not asked for at a till. */
function isOfTill(event: Handled): boolean {
  if (event.type === 'PaymentRequested' || event.type === 'PaymentPaid')
    return event.data.method === 'card' && event.data.terminalId !== undefined
  return event.type !== 'RefundRequested' || ('method' in event.data && event.data.terminalId !== undefined)
}

const begun = (
  id: string,
  terminalId: string,
  { amount, currency }: MoneyData,
  at: string,
): BatchEntryRow => ({
  id,
  terminalId,
  currency,
  amount: BigInt(amount),
  authorizedAt: null,
  recordedAt: null,
  reversedAt: null,
  reversalReason: null,
  attemptId: null,
  lastAt: at,
})
