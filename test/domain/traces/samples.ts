// Commands and events of traces, as tests say them.
import type { TraceCommand, TraceEvent } from '../../../src/domain/traces/trace.ts'

type DataOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>['data']

export const at = '2026-11-22T03:00:00.000Z'
export const credit = 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ'
export const otherCredit = 'crd_00000000000000000000000000'

const opening: DataOf<'TraceOpened'> = {
  by: 'operator',
  amount: { amount: '125000', currency: 'VND' },
  occurredOn: '2026-11-22',
  candidates: [],
  openedAt: at,
}
export const full: DataOf<'TraceOpened'> = {
  merchantId: 'mer_7K3MA',
  by: 'merchant',
  amount: { amount: '125000', currency: 'VND' },
  occurredOn: '2026-11-22',
  occurredAt: '2026-11-22T02:58:00.000Z',
  transactionId: 'FT26326000001',
  accountNumberLast4: '6789',
  note: 'Wrong text, paid at the till',
  candidates: [
    {
      creditId: credit,
      amount: { amount: '125000', currency: 'VND' },
      receivedAt: '2026-11-22T02:58:01.000Z',
      reason: 'unmatched',
      rules: ['amount_equal', 'account_last4', 'time_near', 'same_day'],
    },
  ],
  openedAt: at,
}

export const open: TraceCommand = { type: 'OpenTrace', data: opening }
export const opened = (data = opening): TraceEvent => ({ type: 'TraceOpened', data })

const naming = (creditId: string): DataOf<'TraceFound'> => ({ creditId, by: 'merchant', foundAt: at })
export const nameIt = (creditId = credit): TraceCommand => ({ type: 'NameCredit', data: naming(creditId) })
export const found: TraceEvent = { type: 'TraceFound', data: naming(credit) }

type Closing = DataOf<'TraceClosed'>
const closing = (outcome: Closing['outcome'], reason?: string): Closing => ({
  outcome,
  ...(reason !== undefined && { reason }),
  by: 'operator',
  closedAt: at,
})
export const close = (outcome: Closing['outcome'], reason?: string): TraceCommand => ({
  type: 'CloseTrace',
  data: closing(outcome, reason),
})
export const closed = (outcome: Closing['outcome'], reason?: string): TraceEvent => ({
  type: 'TraceClosed',
  data: closing(outcome, reason),
})
