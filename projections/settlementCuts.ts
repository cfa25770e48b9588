// Cuts that are settled, and where in the log that was said: between one and the next are the payouts that it asked for.
import type { CutEvent } from '../src/domain/settlement/cut.ts'
import { projection } from './projection.ts'

export type SettlementCutRow = {
  readonly number: number
  readonly date: string
  /** 1: its date is over. */
  readonly final: number
  readonly position: string
}

type Completed = Extract<CutEvent, { type: 'SettlementCutCompleted' }>

export const settlementCuts = projection<Completed, SettlementCutRow>({
  name: 'settlement_cuts_v1',
  columns: { number: 'integer', date: 'text', final: 'integer', position: 'text' },
  key: ['number'],
  indexes: [{ columns: ['date'] }],
  handles: ['SettlementCutCompleted'],
  keyOf: ({ data }) => [data.number],
  evolve: (_row, { data, position }) => ({
    number: data.number,
    date: data.businessDate,
    final: data.final ? 1 : 0,
    position,
  }),
})
