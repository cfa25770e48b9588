// Where each minute with entries ended in the log: a cut by the clock finds its place here.
import { payableTypes } from '../src/domain/settlement/postings.ts'
import { minuteOf } from './ledger.ts'
import { projection } from './projection.ts'
import { type EntryEvent, knownEntryOf } from './settlementEntries.ts'

export type SettlementMinuteRow = {
  /** UTC, `2026-11-22T10:05`. */
  readonly minute: string
  readonly lastPosition: string
}

export const settlementMinutes = projection<EntryEvent, SettlementMinuteRow>({
  name: 'settlement_minutes_v1',
  columns: { minute: 'text', lastPosition: 'text' },
  key: ['minute'],
  indexes: [],
  handles: payableTypes,
  concerns: (event) => knownEntryOf(event) !== undefined,
  keyOf: ({ recordedAt }) => [minuteOf(recordedAt)],
  evolve: (_row, { recordedAt, position }) => ({ minute: minuteOf(recordedAt), lastPosition: position }),
})
