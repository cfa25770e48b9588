// The books added up: what each account was debited and credited with in each minute, and in each day, of the log.
import { type Account, accountNames, type Side } from '../src/domain/settlement/accounts.ts'
import { currencyOf, handles, movesMoney, type Posted, posted } from './posted.ts'
import { type Projection, projection } from './projection.ts'

type SumName = `${Account}_${Side}`
/** Debits and credits of every account, in minor units. */
export type LedgerSums = { readonly [S in SumName]: bigint }

export type LedgerRow = LedgerSums & {
  /** The minute (`2026-11-22T03:00`) or the day, UTC, of `recordedAt`. */
  readonly period: string
  readonly currency: string
  /** Where in the log its events are, and the latest time of one. A clock may have been set back: other minutes' may lie between. */
  readonly firstPosition: string
  readonly lastPosition: string
  readonly lastRecordedAt: string
}

const sides = ['debit', 'credit'] as const
export const sumName = (account: Account, side: Side): SumName => `${account}_${side}`
export const sumNames: readonly SumName[] = accountNames.flatMap((account) =>
  sides.map((side) => sumName(account, side)),
)

const nothing = Object.fromEntries(sumNames.map((name) => [name, 0n])) as LedgerSums

/** How much of `recordedAt` names the period. */
export const minuteOf = (recordedAt: string): string => recordedAt.slice(0, 16)
export const dayOf = (recordedAt: string): string => recordedAt.slice(0, 10)

const sumsPer = (
  name: string,
  periodOf: (recordedAt: string) => string,
  indexes: Projection<Posted, LedgerRow>['indexes'],
): Projection =>
  projection<Posted, LedgerRow>({
    name,
    columns: {
      period: 'text',
      currency: 'text',
      firstPosition: 'text',
      lastPosition: 'text',
      lastRecordedAt: 'text',
      ...(Object.fromEntries(sumNames.map((sum) => [sum, 'money'])) as { [S in SumName]: 'money' }),
    },
    key: ['period', 'currency'],
    indexes,
    handles,
    concerns: movesMoney,
    keyOf: (event) => [periodOf(event.recordedAt), currencyOf(event)],
    evolve: (row, event) => {
      const { position, recordedAt } = event
      const begun = row ?? { ...nothing, firstPosition: position, lastRecordedAt: recordedAt }
      return withPostings(event, {
        ...begun,
        period: periodOf(recordedAt),
        currency: currencyOf(event),
        lastPosition: position,
        lastRecordedAt: recordedAt > begun.lastRecordedAt ? recordedAt : begun.lastRecordedAt,
      })
    },
  })

/** Adds an event's postings to a row made for it. */
function withPostings(event: Posted, row: LedgerRow): LedgerRow {
  const sums: Record<SumName, bigint> = row
  for (const { account, side, amount } of posted(event)) sums[sumName(account, side)] += amount.minor
  return row
}

export const ledgerMinutes = sumsPer('ledger_minutes_v1', minuteOf, [{ columns: ['lastPosition'] }])
export const ledgerDays = sumsPer('ledger_days_v1', dayOf, [])
