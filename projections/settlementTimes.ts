// When each settlement's payout was asked for, and when the bank said that it was there: how long payments take is counted from it.
import type { SettlementEvent } from '../src/domain/settlement/settlement.ts'
import { projection, streamId } from './projection.ts'

export type SettlementTimeRow = {
  readonly id: string
  readonly merchantId: string
  readonly currency: string
  readonly businessDate: string
  readonly toPosition: string
  /** The payout that counts, the latest one; null while none is on its way, as after one that came back. */
  readonly payoutId: string | null
  readonly requestedAt: string | null
  readonly settledAt: string | null
}

const noPayout = { payoutId: null, requestedAt: null, settledAt: null }

export const settlementTimes = projection<SettlementEvent, SettlementTimeRow>({
  name: 'settlement_times_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    currency: 'text',
    businessDate: 'text',
    toPosition: 'text',
    payoutId: 'text',
    requestedAt: 'text',
    settledAt: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['merchantId', 'currency', 'toPosition'] },
    { columns: ['businessDate'], present: 'requestedAt' },
  ],
  handles: ['SettlementClosed', 'PayoutRequested', 'PayoutSettled', 'PayoutRejected'],
  begins: 'SettlementClosed',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'SettlementClosed') {
      const { merchantId, currency, businessDate, toPosition } = event.data
      return { id: streamId(event), merchantId, currency, businessDate, toPosition, ...noPayout }
    }
    if (!row) return row
    const { endToEndId } = event.data
    if (event.type === 'PayoutRequested')
      return { ...row, payoutId: endToEndId, requestedAt: event.data.requestedAt, settledAt: null }
    if (row.payoutId !== endToEndId) return row
    return event.type === 'PayoutSettled' ? { ...row, settledAt: event.data.at } : { ...row, ...noPayout }
  },
})
