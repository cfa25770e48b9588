// Takings in SQL: sums by day, and by any dimension for the statistics.
import { type Kysely, sql } from 'kysely'
import type { Dimension, Interval, ReadModels, Sum } from '../../../projections/readModels.ts'
import { lastDay } from '../../domain/adoption/definitions/cohorts.ts'
import { addDays } from '../../domain/core/businessDay.ts'
import { type PlaceMonths, placeMonths } from './placeMonths.ts'
import type { Count, Tables } from './tables.ts'

export function takingsQueries(db: Kysely<Tables>): Pick<ReadModels, 'dailyTakings' | 'statistics'> {
  const ofMonths = placeMonths(db)
  return {
    dailyTakings: (merchantId, from, to) => dailyTakings(db, merchantId, from, to),
    statistics: (from, to, interval, by, limit) => {
      const ofPlaces = by.includes('sector') || by.includes('district')
      const months = ofPlaces && interval !== 'day' ? wholeMonths(from, to) : undefined
      return months
        ? longStatistics(db, { from, to, months }, interval, by, limit, ofMonths)
        : statistics(db, from, to, interval, by, limit)
    },
  }
}

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

type Long = { readonly from: string; readonly to: string; readonly months: Months }

/** By places over years of a city: whole months as they are known by heart, and days before and after them. */
async function longStatistics(
  db: Kysely<Tables>,
  { from, to, months: { first, last } }: Long,
  interval: Interval,
  by: readonly Dimension[],
  limit: number | undefined,
  ofMonths: PlaceMonths,
): Promise<readonly Sum[]> {
  const [begin, end] = [`${first}-01`, lastDay(last)]
  const before = from < begin ? await statistics(db, from, addDays(begin, -1), interval, by, undefined) : []
  const after = to > end ? await statistics(db, addDays(end, 1), to, interval, by, undefined) : []
  const whole = (await ofMonths(first, last)).map(({ month, values, ...sums }) => {
    const dimensions = by.map((name) => [name, values[name]] as const)
    return {
      ...sums,
      group: Object.fromEntries([['period', month.slice(0, periods[interval])], ...dimensions]),
    }
  })
  const merged = new Map<string, Sum>()
  for (const sum of [...before, ...whole, ...after]) {
    const key = [...Object.values(sum.group), sum.currency].join('\0')
    const known = merged.get(key)
    merged.set(key, known ? added(known, sum) : sum)
  }
  const inOrder = [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
  return inOrder.slice(0, limit)
}

/** From sums as large as the question allows. */
async function statistics(
  db: Kysely<Tables>,
  from: string,
  to: string,
  interval: Interval,
  by: readonly Dimension[],
  limit: number | undefined,
): Promise<readonly Sum[]> {
  const period = sql`substr("date", 1, ${sql.lit(periods[interval])})`
  const ofSites = by.includes('sector') || by.includes('district')
  const source = ofSites ? siteDays(from, to) : daySums(from, to)
  const site = ofSites ? sql`join "sites_v2" as "site" on "site"."id" = "taking"."siteId"` : sql``
  const group = sql.join([period, ...by.map((name) => sql.ref(name)), sql.ref('currency')])
  const names = by.length > 0 ? sql`${sql.join(by.map((name) => sql.ref(name)))},` : sql``
  const most = limit === undefined ? sql`` : sql`limit ${limit}`
  const query = sql<Readonly<Record<string, unknown>>>`
    select ${period} as "period", ${names} "currency",
      sum("count") as "count", sum("gross") as "gross", sum("fees") as "fees"
    from (${source}) as "taking" ${site} group by ${group} order by ${group} ${most}`
  return (await query.execute(db)).rows.map((row) => sumOf(row, ['period', ...by]))
}

const daySums = (from: string, to: string) =>
  sql`select "businessDate" as "date", "method", "currency", "count", "gross", "fees"
    from "takings_days_v2" where "businessDate" between ${from} and ${to}`

const siteDays = (from: string, to: string) =>
  sql`select "businessDate" as "date", "siteId", "method", "currency", "count", "gross", "fees"
    from "takings_v2" where "businessDate" between ${from} and ${to}`

type Months = { readonly first: string; readonly last: string }

/** The first and the last month of which every day lies in a range; undefined where there is none. */
function wholeMonths(from: string, to: string): Months | undefined {
  const first = monthOf(addDays(lastDay(monthOf(addDays(from, -1))), 1)) // after the month of the day before
  const last = monthOf(addDays(`${monthOf(addDays(to, 1))}-01`, -1)) // before the month of the day after
  return first <= last ? { first, last } : undefined
}

const monthOf = (day: string): string => day.slice(0, 7)

const added = (a: Sum, b: Sum): Sum => ({
  ...a,
  count: a.count + b.count,
  gross: a.gross + b.gross,
  fees: a.fees + b.fees,
})

function sumOf(row: Readonly<Record<string, unknown>>, names: readonly string[]): Sum {
  return {
    group: Object.fromEntries(names.map((name) => [name, String(row[name])])),
    currency: String(row.currency),
    count: Number(row.count),
    gross: BigInt(row.gross as Count),
    fees: BigInt(row.fees as Count),
  }
}
