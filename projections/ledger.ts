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

const namesOf = (account: Account) => ({ debit: `${account}_debit`, credit: `${account}_credit` }) as const
const names = Object.fromEntries(accountNames.map((account) => [account, namesOf(account)])) as {
  readonly [A in Account]: { readonly [S in Side]: SumName }
}
export const sumName = (account: Account, side: Side): SumName => names[account][side]
export const sumNames: readonly SumName[] = Object.values(names).flatMap((one) => Object.values(one))

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
      const sums: Writable<LedgerRow> = row
        ? { ...row, lastPosition: position, lastRecordedAt: later(row.lastRecordedAt, recordedAt) }
        : begun(periodOf(recordedAt), event)
      for (const { account, side, amount } of posted(event)) sums[sumName(account, side)] += amount.minor
      return sums
    },
  })

type Writable<R> = { -readonly [K in keyof R]: R[K] }

const begun = (period: string, event: Posted): LedgerRow => ({
  period,
  currency: currencyOf(event),
  firstPosition: event.position,
  lastPosition: event.position,
  lastRecordedAt: event.recordedAt,
  ...nothing,
})

const later = (a: string, b: string): string => (b > a ? b : a)

export const ledgerMinutes = sumsPer('ledger_minutes_v1', minuteOf, [{ columns: ['lastPosition'] }])
export const ledgerDays = sumsPer('ledger_days_v1', dayOf, [])
