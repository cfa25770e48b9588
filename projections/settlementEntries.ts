// What settlements are made of: a row for each event that changes what a merchant is owed, in the order of the log.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import { type Entry, entryOf } from '../src/domain/settlement/entry.ts'
import { type PostedEvent, payableTypes } from '../src/domain/settlement/postings.ts'
import { projection } from './projection.ts'

export type SettlementEntryRow = Entry

let lastEvent: Recorded | undefined
let lastEntry: Entry | undefined

/** The tables of settlement ask for an event's entry several times before they are shown the next. */
export function knownEntryOf(event: Recorded): Entry | undefined {
  if (event !== lastEvent) {
    lastEntry = entryOf(event)
    lastEvent = event
  }
  return lastEntry
}

export type EntryEvent = Extract<PostedEvent, { type: (typeof payableTypes)[number] }>

export const settlementEntries = projection<EntryEvent, SettlementEntryRow>({
  name: 'settlement_entries_v1',
  columns: {
    merchantId: 'text',
    position: 'text',
    currency: 'text',
    kind: 'text',
    paymentId: 'text',
    reference: 'text',
    gross: 'money',
    refunds: 'money',
    chargebacks: 'money',
    fees: 'money',
    vat: 'money',
    reserve: 'money',
    occurredAt: 'text',
    recordedAt: 'text',
  },
  key: ['position'], // what is filled in the order of its key is filled fast
  indexes: [{ columns: ['merchantId', 'position'] }],
  handles: payableTypes,
  begins: 'PaymentPaid',
  concerns: (event) => knownEntryOf(event) !== undefined,
  keyOf: (event) => [event.position],
  evolve: (_row, event) => knownEntryOf(event),
})
