// Takings of whole months by sector, district and method: read once, and known by heart for as long as nothing is added to the month.
import { type Kysely, sql } from 'kysely'
import type { Dimension } from '../../../projections/readModels.ts'
import { lastDay } from '../../domain/adoption/definitions/cohorts.ts'
import type { Count, Tables } from './tables.ts'

export type PlaceMonth = {
  readonly month: string
  readonly values: Readonly<Record<Dimension, string>>
  readonly currency: string
  readonly count: number
  readonly gross: bigint
  readonly fees: bigint
}

/** Of the months from one to another, both included. */
export type PlaceMonths = (first: string, last: string) => Promise<readonly PlaceMonth[]>

type Known = { readonly changes: number; readonly sums: readonly PlaceMonth[] }

/**
 * What is known of a month holds as long as the number of events in it is the same: sites do not move, and are registered
 * before they sell. The number is read first, so that what is kept is never older than it says.
 */
export function placeMonths(db: Kysely<Tables>): PlaceMonths {
  const known = new Map<string, Known>() // as many as the log has months, of a city some hundred kilobytes each
  return async (first, last) => {
    const found: PlaceMonth[] = []
    for (const { month, changes } of await changesOf(db, first, last)) {
      const before = known.get(month)
      const now = before?.changes === changes ? before : { changes, sums: await sumsOf(db, month) }
      known.set(month, now)
      found.push(...now.sums)
    }
    return found
  }
}

/** How many events are in each month. */
async function changesOf(db: Kysely<Tables>, first: string, last: string) {
  const query = sql<{ month: string; changes: Count }>`
    select substr("businessDate", 1, 7) as "month", sum("changes") as "changes" from "takings_days_v2"
    where "businessDate" between ${`${first}-01`} and ${lastDay(last)} group by 1 order by 1`
  return (await query.execute(db)).rows.map(({ month, changes }) => ({ month, changes: Number(changes) }))
}

async function sumsOf(db: Kysely<Tables>, month: string): Promise<readonly PlaceMonth[]> {
  type Row = Record<Dimension | 'currency', string> & Record<'count' | 'gross' | 'fees', Count>
  const query = sql<Row>`
    select "sector", "district", "method", "currency",
      sum("count") as "count", sum("gross") as "gross", sum("fees") as "fees"
    from "takings_months_v2" as "taking" join "sites_v2" as "site" on "site"."id" = "taking"."siteId"
    where "month" = ${month} group by "sector", "district", "method", "currency"`
  return (await query.execute(db)).rows.map(({ sector, district, method, currency, count, gross, fees }) => ({
    month,
    values: { sector, district, method },
    currency,
    count: Number(count),
    gross: BigInt(gross),
    fees: BigInt(fees),
  }))
}
