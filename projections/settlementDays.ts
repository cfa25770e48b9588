// Business dates that are over and settled, and where in the log that was said: the payout file of a date ends there.
import type { CutEvent } from '../src/domain/settlement/cut.ts'
import { projection } from './projection.ts'

export type SettlementDayRow = { readonly date: string; readonly position: string }

type Completed = Extract<CutEvent, { type: 'SettlementCutCompleted' }>

export const settlementDays = projection<Completed, SettlementDayRow>({
  name: 'settlement_days_v1',
  columns: { date: 'text', position: 'text' },
  key: ['date'],
  indexes: [],
  handles: ['SettlementCutCompleted'],
  concerns: ({ data }) => data.final,
  keyOf: ({ data }) => [data.businessDate],
  evolve: (_row, { data, position }) => ({ date: data.businessDate, position }),
})
