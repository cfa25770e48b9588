// Takings in SQL: sums by day, and by any dimension for the statistics.
import { type Kysely, sql } from 'kysely'
import type { Dimension, Interval, ReadModels, Sum } from '../../../projections/readModels.ts'
import type { Count, Tables } from './tables.ts'

export const takingsQueries = (db: Kysely<Tables>): Pick<ReadModels, 'dailyTakings' | 'statistics'> => ({
  dailyTakings: (merchantId, from, to) => dailyTakings(db, merchantId, from, to),
  statistics: (from, to, interval, by, limit) => statistics(db, from, to, interval, by, limit),
})

const sums = [
  sql<Count>`sum("count")`.as('count'),
  sql<Count>`sum("gross")`.as('gross'),
  sql<Count>`sum("fees")`.as('fees'),
] as const

async function dailyTakings(
  db: Kysely<Tables>,
  merchantId: string,
  from: string,
  to: string,
): Promise<readonly Sum[]> {
  const rows = await db
    .selectFrom('takings_v2')
    .select(['businessDate', 'method', 'currency', ...sums])
    .where('merchantId', '=', merchantId)
    .where('businessDate', '>=', from)
    .where('businessDate', '<=', to)
    .groupBy(['businessDate', 'method', 'currency'])
    .orderBy('businessDate')
    .orderBy('method')
    .execute()
  return rows.map((row) => sumOf(row, ['businessDate', 'method']))
}

const periods: Record<Interval, number> = { day: 10, month: 7, year: 4 }

async function statistics(
  db: Kysely<Tables>,
  from: string,
  to: string,
  interval: Interval,
  by: readonly Dimension[],
  limit: number | undefined,
): Promise<readonly Sum[]> {
  const period = sql<string>`substr("businessDate", 1, ${sql.lit(periods[interval])})`
  const query = db
    .selectFrom('takings_v2 as takings')
    .innerJoin('sites_v2 as site', 'site.id', 'takings.siteId')
    .select([period.as('period'), ...by, 'currency', ...sums])
    .where('businessDate', '>=', from)
    .where('businessDate', '<=', to)
    .groupBy([period, ...by, 'currency'])
    .orderBy(period)
  const ordered = [...by, 'currency' as const].reduce((sorted, name) => sorted.orderBy(name), query)
  const rows = await (limit === undefined ? ordered : ordered.limit(limit)).execute()
  return rows.map((row) => sumOf(row, ['period', ...by]))
}

function sumOf(row: Readonly<Record<string, unknown>>, names: readonly string[]): Sum {
  return {
    group: Object.fromEntries(names.map((name) => [name, String(row[name])])),
    currency: String(row.currency),
    count: Number(row.count),
    gross: BigInt(row.gross as Count),
    fees: BigInt(row.fees as Count),
  }
}
