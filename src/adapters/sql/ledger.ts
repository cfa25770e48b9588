// The books in SQL: what was posted before a minute, and the minutes themselves.
import { type Kysely, sql } from 'kysely'
import { dayOf, type LedgerRow, sumName, sumNames } from '../../../projections/ledger.ts'
import type { LedgerTotal, MinuteFilter, ReadModels } from '../../../projections/readModels.ts'
import type { Count, Tables } from './tables.ts'
import { typed } from './tables.ts'

export const ledgerQueries = (db: Kysely<Tables>): Pick<ReadModels, 'ledgerTotals' | 'ledgerMinutes'> => ({
  ledgerTotals: (beforeMinute) => ledgerTotals(db, beforeMinute),
  ledgerMinutes: (filter, limit) => ledgerMinutes(db, filter, limit),
})

const sums = sql.join(sumNames.map((name) => sql`sum(${sql.ref(name)}) as ${sql.ref(name)}`))

/** Whole days, and of the day that is not over the minutes: some thousand rows a year. */
async function ledgerTotals(
  db: Kysely<Tables>,
  beforeMinute: string | undefined,
): Promise<readonly LedgerTotal[]> {
  const rows =
    beforeMinute === undefined
      ? sql`select * from "ledger_days_v1"`
      : sql`select * from "ledger_days_v1" where "period" < ${dayOf(beforeMinute)}
          union all select * from "ledger_minutes_v1"
          where "period" >= ${dayOf(beforeMinute)} and "period" < ${beforeMinute}`
  const query = sql<Readonly<Record<string, Count>>>`
    select "currency", ${sums} from (${rows}) as "posted" group by "currency" order by "currency"`
  const { rows: totals } = await query.execute(db)
  return totals.map(({ currency, ...row }) => ({
    ...(Object.fromEntries(sumNames.map((name) => [name, BigInt(row[name]!)])) as Omit<
      LedgerTotal,
      'currency'
    >),
    currency: String(currency),
  }))
}

async function ledgerMinutes(
  db: Kysely<Tables>,
  { from, to, currency, account }: MinuteFilter,
  limit: number,
) {
  const before = sql<string>`coalesce((
    select max("b"."lastPosition") from "ledger_minutes_v1" as "b"
    where "b"."lastPosition" < "minute"."firstPosition"), '')`
  let query = db
    .selectFrom('ledger_minutes_v1 as minute')
    .selectAll('minute')
    .select(before.as('after'))
    .where('period', '>=', from)
    .where('period', '<=', to)
    .orderBy('period')
    .orderBy('currency')
    .limit(limit)
  if (currency !== undefined) query = query.where('currency', '=', currency)
  if (account !== undefined)
    query = query.where((where) =>
      where.or([where(sumName(account, 'debit'), '>', 0n), where(sumName(account, 'credit'), '>', 0n)]),
    )
  const rows = await query.execute()
  return rows.map(({ after, ...row }) => ({ ...typed('ledger_minutes_v1', row as LedgerRow), after }))
}
