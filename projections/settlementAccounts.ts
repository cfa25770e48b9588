// What each merchant is owed in each currency: up to where it is settled, and whether something came since.
import type { Currency } from '../src/domain/core/money.ts'
import { payableTypes } from '../src/domain/settlement/postings.ts'
import { carriedOut, type SettlementEvent } from '../src/domain/settlement/settlement.ts'
import { projection } from './projection.ts'
import { type EntryEvent, knownEntryOf } from './settlementEntries.ts'

export type SettlementAccountRow = {
  readonly merchantId: string
  readonly currency: Currency
  /** The position of its last entry; '' before there is one. */
  readonly lastEntry: string
  readonly settledTo: string
  readonly settledOn: string
  readonly carried: bigint
}

type Closed = Extract<SettlementEvent, { type: 'SettlementClosed' }>

export const settlementAccounts = projection<EntryEvent | Closed, SettlementAccountRow>({
  name: 'settlement_accounts_v1',
  columns: {
    merchantId: 'text',
    currency: 'text',
    lastEntry: 'text',
    settledTo: 'text',
    settledOn: 'text',
    carried: 'money',
  },
  key: ['merchantId', 'currency'],
  indexes: [],
  handles: [...payableTypes, 'SettlementClosed'],
  concerns: (event) => event.type === 'SettlementClosed' || knownEntryOf(event) !== undefined,
  keyOf: (event) => {
    const { merchantId, currency } = event.type === 'SettlementClosed' ? event.data : knownEntryOf(event)!
    return [merchantId, currency]
  },
  evolve: (row, event) => {
    if (event.type !== 'SettlementClosed') {
      const { merchantId, currency, position } = knownEntryOf(event)!
      return { ...(row ?? unsettled(merchantId, currency)), lastEntry: position }
    }
    const { merchantId, currency, toPosition, businessDate, net } = event.data
    const before = row ?? unsettled(merchantId, currency)
    return { ...before, settledTo: toPosition, settledOn: businessDate, carried: carriedOut(BigInt(net)) }
  },
})

const unsettled = (merchantId: string, currency: Currency): SettlementAccountRow => ({
  merchantId,
  currency,
  lastEntry: '',
  settledTo: '',
  settledOn: '',
  carried: 0n,
})
