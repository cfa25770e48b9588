// How much more each merchant was owed at the end of each day (UTC, by `recordedAt`) than at its start.
import { dayOf } from './ledger.ts'
import { merchantOwed, owedMore } from './payableLines.ts'
import { currencyOf, handles, type Posted } from './posted.ts'
import { projection } from './projection.ts'

export type PayableDayRow = {
  readonly merchantId: string
  readonly currency: string
  readonly day: string
  readonly amount: bigint
}

export const payableDays = projection<Posted, PayableDayRow>({
  name: 'payable_days_v1',
  columns: { merchantId: 'text', currency: 'text', day: 'text', amount: 'money' },
  key: ['merchantId', 'currency', 'day'],
  indexes: [],
  handles,
  concerns: (event) => merchantOwed(event) !== undefined,
  keyOf: (event) => [merchantOwed(event)!, currencyOf(event), dayOf(event.recordedAt)],
  evolve: (row, event) => ({
    merchantId: merchantOwed(event)!,
    currency: currencyOf(event),
    day: dayOf(event.recordedAt),
    amount: (row?.amount ?? 0n) + owedMore(event),
  }),
})
