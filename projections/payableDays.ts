// How much more each merchant was owed at the end of each day (UTC, by `recordedAt`) than at its start.
import { payableTypes } from '../src/domain/settlement/postings.ts'
import { dayOf } from './ledger.ts'
import { merchantOwed, owedMore, type Payable } from './payableLines.ts'
import { currencyOf, movesMoney } from './posted.ts'
import { projection } from './projection.ts'

export type PayableDayRow = {
  readonly merchantId: string
  readonly currency: string
  readonly day: string
  readonly amount: bigint
}

export const payableDays = projection<Payable, PayableDayRow>({
  name: 'payable_days_v1',
  columns: { merchantId: 'text', currency: 'text', day: 'text', amount: 'money' },
  key: ['merchantId', 'currency', 'day'],
  indexes: [],
  handles: payableTypes,
  concerns: movesMoney,
  keyOf: (event) => [merchantOwed(event), currencyOf(event), dayOf(event.recordedAt)],
  evolve: (row, event) => ({
    merchantId: merchantOwed(event),
    currency: currencyOf(event),
    day: dayOf(event.recordedAt),
    amount: (row?.amount ?? 0n) + owedMore(event).amount,
  }),
})
