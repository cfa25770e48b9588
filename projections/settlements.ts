// Settlements as their merchants see them: one row each, with how far its payout is.
import { payoutStatuses } from '../src/domain/settlement/payout.ts'
import type { SettlementEvent } from '../src/domain/settlement/settlement.ts'
import { projection, streamId } from './projection.ts'

/** Amounts are minor units of the currency. */
export type SettlementRow = {
  readonly id: string
  readonly merchantId: string
  readonly businessDate: string
  readonly currency: string
  readonly gross: bigint
  readonly refunds: bigint
  readonly chargebacks: bigint
  readonly fees: bigint
  readonly vat: bigint
  readonly reserve: bigint
  readonly carriedIn: bigint
  readonly net: bigint
  readonly count: number
  readonly late: number
  readonly fromPosition: string
  readonly toPosition: string
  readonly hash: string
  readonly cutOff: string
  readonly cutAt: string
  readonly payoutCycle: string
  readonly valueDate: string
  readonly closedAt: string
  /** Of the latest payout; null where there is none. */
  readonly payoutId: string | null
  readonly payoutStatus: string | null
  /** Its merchant, while there is money to be paid and no order for it at a bank. */
  readonly unpaid: string | null
}

export const settlements = projection<SettlementEvent, SettlementRow>({
  name: 'settlements_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    businessDate: 'text',
    currency: 'text',
    gross: 'money',
    refunds: 'money',
    chargebacks: 'money',
    fees: 'money',
    vat: 'money',
    reserve: 'money',
    carriedIn: 'money',
    net: 'money',
    count: 'integer',
    late: 'integer',
    fromPosition: 'text',
    toPosition: 'text',
    hash: 'text',
    cutOff: 'text',
    cutAt: 'text',
    payoutCycle: 'text',
    valueDate: 'text',
    closedAt: 'text',
    payoutId: 'text',
    payoutStatus: 'text',
    unpaid: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['businessDate', 'id'] },
    { columns: ['merchantId', 'businessDate', 'id'] },
    { columns: ['id'], present: 'unpaid' },
  ],
  handles: ['SettlementClosed', 'PayoutRequested', 'PayoutAccepted', 'PayoutSettled', 'PayoutRejected'],
  begins: 'SettlementClosed',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'SettlementClosed') return closed(streamId(event), event.data)
    if (!row || (event.type !== 'PayoutRequested' && row.payoutId !== event.data.endToEndId)) return row
    const unpaid = event.type === 'PayoutRejected' ? row.merchantId : null
    return { ...row, payoutId: event.data.endToEndId, payoutStatus: payoutStatuses[event.type], unpaid }
  },
})

type Closed = Extract<SettlementEvent, { type: 'SettlementClosed' }>['data']

function closed(id: string, { account: _, cut: __, ...data }: Closed): SettlementRow {
  return {
    id,
    ...data,
    gross: BigInt(data.gross),
    refunds: BigInt(data.refunds),
    chargebacks: BigInt(data.chargebacks),
    fees: BigInt(data.fees),
    vat: BigInt(data.vat),
    reserve: BigInt(data.reserve),
    carriedIn: BigInt(data.carriedIn),
    net: BigInt(data.net),
    payoutId: null,
    payoutStatus: null,
    unpaid: BigInt(data.net) > 0n ? data.merchantId : null,
  }
}
