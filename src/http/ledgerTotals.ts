// The books as of an instant: sums of whole minutes from the read models, and of the minute under way from the log itself.
import { type LedgerSums, minuteOf, sumName, sumNames } from '../../projections/ledger.ts'
import type { LedgerMinute, LedgerTotal } from '../../projections/readModels.ts'
import type { Recorded } from '../domain/core/eventStore.ts'
import { currencies } from '../domain/core/money.ts'
import { type Account, accountNames, accounts } from '../domain/settlement/accounts.ts'
import { type Posting, postingsOf } from '../domain/settlement/postings.ts'
import type { Services } from './services.ts'

type Ports = Pick<Services, 'readModels' | 'readAll'>

/** A posting, and the event that it is of. */
export type PostedLine = Posting & { readonly event: Recorded }

const pageSize = 1_000
const currenciesMax = Object.keys(currencies).length

/** The log tells instants apart by the millisecond. */
export const justAfter = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString()

/** What every account was debited and credited with by all that was recorded before an instant: of đồng, and of each other currency there was. */
export async function totalsBefore(instant: string, ports: Ports): Promise<readonly LedgerTotal[]> {
  const minute = minuteOf(instant)
  const totals = new Map<string, Sums>([['VND', { ...nothing }]])
  const totalIn = (currency: string): Sums => {
    const total = totals.get(currency) ?? { ...nothing }
    totals.set(currency, total)
    return total
  }
  for (const { currency, ...sums } of await ports.readModels.ledgerTotals(minute)) totals.set(currency, sums)
  for (const row of await ports.readModels.ledgerMinutes({ from: minute, to: minute }, currenciesMax)) {
    if (row.lastRecordedAt < instant) for (const name of sumNames) totalIn(row.currency)[name] += row[name]
    else
      for await (const { event, account, side, amount } of linesOf(row, ports))
        if (event.recordedAt < instant) totalIn(row.currency)[sumName(account, side)] += amount.minor
  }
  const inOrder = [...totals].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.map(([currency, sums]) => ({ ...sums, currency }))
}

type Sums = { -readonly [K in keyof LedgerSums]: LedgerSums[K] }
const nothing = Object.fromEntries(sumNames.map((name) => [name, 0n])) as LedgerSums

/** The postings of a minute in its currency, in the order of the log, of the events after a position. */
export async function* linesOf(
  { period, currency, after, lastPosition }: LedgerMinute,
  { readAll }: Pick<Ports, 'readAll'>,
  from: string = after,
): AsyncGenerator<PostedLine> {
  for (let position = from; position < lastPosition; ) {
    const events = await readAll(position, pageSize)
    if (events.length === 0) return // the log was cut off behind the read models
    for (const event of events)
      if (event.position <= lastPosition && minuteOf(event.recordedAt) === period)
        for (const posting of postingsOf(event))
          if (posting.amount.currency === currency) yield { ...posting, event }
    position = events.at(-1)!.position
    if (position < lastPosition) await new Promise((resolve) => setTimeout(resolve, 0)) // others wait too
  }
}

/** How much an account holds, on the side on which it grows; less than nothing where the other side is larger. */
export const balanceOf = (account: Account, sums: LedgerSums): bigint => {
  const more = sums[sumName(account, 'debit')] - sums[sumName(account, 'credit')]
  return accounts[account] === 'debit' ? more : -more
}

/** By how much debits and credits differ, over all currencies, in minor units: nothing, unless something is wrong. */
export const differenceOf = (totals: readonly LedgerSums[]): bigint =>
  totals.map(excessOf).reduce((sum, excess) => sum + (excess < 0n ? -excess : excess), 0n)

const excessOf = (sums: LedgerSums): bigint =>
  accountNames.reduce(
    (sum, account) => sum + sums[sumName(account, 'debit')] - sums[sumName(account, 'credit')],
    0n,
  )
