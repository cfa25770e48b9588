// What settlements are made of: a row for each event that changes what a merchant is owed, in the order of the log.
import type { Recorded } from '../src/domain/core/eventStore.ts'
import { type Entry, entryOf, entryTypes } from '../src/domain/settlement/entry.ts'
import type { PostedEvent } from '../src/domain/settlement/postings.ts'
import { projection } from './projection.ts'

export type SettlementEntryRow = Entry

const known = new WeakMap<object, Entry | undefined>()

/** The entry of an event, worked out once for all the projections that ask. */
export function knownEntryOf(event: Recorded): Entry | undefined {
  if (known.has(event)) return known.get(event)
  const entry = entryOf(event)
  known.set(event, entry)
  return entry
}

export type EntryEvent = PostedEvent

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
  key: ['merchantId', 'position'],
  indexes: [],
  handles: entryTypes,
  begins: 'PaymentPaid',
  concerns: (event) => knownEntryOf(event) !== undefined,
  keyOf: (event) => [knownEntryOf(event)!.merchantId, event.position],
  evolve: (_row, event) => knownEntryOf(event),
})
