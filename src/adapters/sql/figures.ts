// What the figures of adoption are counted from, in SQL: sites, terminals and payments as they stood. What counts as what, the domain says.
import { type Kysely, sql } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { retentionDays, retentionWindow } from '../../domain/adoption/definitions/cohorts.ts'
import type { SiteOn } from '../../domain/adoption/definitions/siteOn.ts'
import type { MerchantTerminalsOn, TerminalOn } from '../../domain/adoption/definitions/terminalOn.ts'
import type { PresenceEvent } from '../../domain/pos/uptime.ts'
import type { Count, Tables } from './tables.ts'

export const figureQueries = (
  db: Kysely<Tables>,
): Pick<
  ReadModels,
  | 'sitesOn'
  | 'terminalsOn'
  | 'merchantTerminalsOn'
  | 'presenceSince'
  | 'adopters'
  | 'outcomes'
  | 'bands'
  | 'bandCells'
  | 'bandTotals'
> => ({
  sitesOn: async (asOf) => {
    const paid = sql`select "businessDate" from "takings_v2" as "t"
      where "t"."siteId" = "s"."id" and "t"."businessDate" <= ${asOf} and "t"."count" > 0`
    const query = sql<SiteOn>`select "id", "merchantId", "sector", "district", "registeredOn",
      (select min("activatedOn") from "terminal_lives_v1" as "l" where "l"."siteId" = "s"."id"
        and "l"."activatedOn" <= ${asOf} and ("l"."revokedOn" is null or "l"."revokedOn" > ${asOf})) as "terminalSince",
      (select min("since") from "ticket_bands_v1" as "b"
        where "b"."siteId" = "s"."id" and "b"."method" = 'qr') as "qrSince",
      (${paid} order by "businessDate" desc limit 1) as "lastPaidOn"
      from "sites_v2" as "s" where "registeredOn" <= ${asOf} order by "id"`
    return (await query.execute(db)).rows
  },
  terminalsOn: async (asOf) => {
    const query = sql<TerminalOn & { count: Count }>`
      select "kind", "activatedOn", "revokedOn", count(*) as "count" from "terminal_lives_v1"
      where "registeredOn" <= ${asOf} group by "kind", "activatedOn", "revokedOn" order by 1, 2, 3`
    return (await query.execute(db)).rows.map((row) => ({ ...row, count: Number(row.count) }))
  },
  merchantTerminalsOn: async (asOf) => {
    const query = sql<Omit<MerchantTerminalsOn, 'seen'> & { seen: Count; count: Count }>`
      select "merchantId", "kind", "activatedOn", "revokedOn", case when exists (
        select 1 from "terminal_presence_v1" as "p" where "p"."terminalId" = "l"."id" and "p"."month" <= ${asOf.slice(0, 7)}
      ) then 1 else 0 end as "seen", count(*) as "count"
      from "terminal_lives_v1" as "l" where "registeredOn" <= ${asOf} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`
    const rows = (await query.execute(db)).rows
    return rows.map((row) => ({ ...row, seen: Number(row.seen) === 1, count: Number(row.count) }))
  },
  presenceSince: async (from, to) => {
    const query = sql<{ terminalId: string; events: string }>`
      select "terminalId", "events" from "terminal_presence_v1" as "p"
      where "month" <= ${to} and ("month" >= ${from} or "month" = (
        select max("month") from "terminal_presence_v1" as "b"
        where "b"."terminalId" = "p"."terminalId" and "b"."month" < ${from}))
      order by "terminalId", "month"`
    const rows = (await query.execute(db)).rows
    const terminals = Map.groupBy(rows, ({ terminalId }) => terminalId)
    return [...terminals.values()].map((months) =>
      months.flatMap(({ events }) => JSON.parse(events) as PresenceEvent[]),
    )
  },
  adopters: async (since, asOf) => {
    const days = await sql<{ day: string }>`select distinct "first" as "day" from (${firsts(asOf)}) as "f"
      where "first" >= ${since} order by 1`.execute(db)
    if (days.rows.length === 0) return []
    const windows = sql.join(days.rows.map(({ day }) => windowsRow(day)))
    const query = sql<{ first: string; merchantId: string; sites: Count } & Record<string, Count>>`
      with "began" as materialized (${firsts(asOf)}), "windows" ("day", ${sql.join(retentionDays.flatMap((after) => [sql.ref(`from${after}`), sql.ref(`to${after}`)]))})
        as (values ${windows})
      select "first", "merchantId", count(*) as "sites", ${sql.join(retentionDays.map(kept))}
      from "began" as "f" join "windows" as "w" on "w"."day" = "f"."first"
      group by "first", "merchantId" order by "first", "merchantId"`
    return (await query.execute(db)).rows.map((row) => ({
      firstPaidOn: row.first,
      merchantId: row.merchantId,
      sites: Number(row.sites),
      kept: retentionDays.map((after) => Number(row[`kept${after}`])),
    }))
  },
  outcomes: async (month) => {
    const rows = await db
      .selectFrom('payment_outcomes_v1')
      .select(['outcome', 'method', 'currency', sum('count').as('count'), sum('value').as('value')])
      .where('businessDate', '>=', `${month}-01`)
      .where('businessDate', '<=', `${month}-31`)
      .groupBy(['outcome', 'method', 'currency'])
      .orderBy('outcome')
      .orderBy('method')
      .orderBy('currency')
      .execute()
    return rows.map((row) => ({ ...row, count: Number(row.count), value: BigInt(row.value) }))
  },
  bands: async (month) => {
    const rows = await db
      .selectFrom('ticket_bands_v1 as ticket')
      .innerJoin('sites_v2 as site', 'site.id', 'ticket.siteId')
      .select(['merchantId', 'sector', 'district', 'method', 'currency', 'band', ...sums])
      .where('month', '=', month)
      .where('count', '>', 0)
      .groupBy(['merchantId', 'sector', 'district', 'method', 'currency', 'band'])
      .execute()
    return rows.map((row) => ({ ...row, ...sumsOf(row) }))
  },
  bandCells: async (month, limit) => {
    const rows = await db
      .selectFrom('ticket_bands_v1 as ticket')
      .innerJoin('sites_v2 as site', 'site.id', 'ticket.siteId')
      .select(['district', 'sector', 'method', 'currency', 'band', ...sums])
      .where('month', '=', month)
      .where('count', '>', 0)
      .groupBy(['district', 'sector', 'method', 'currency', 'band'])
      .orderBy('district')
      .orderBy('sector')
      .orderBy('method')
      .orderBy('currency')
      .orderBy('band')
      .limit(limit)
      .execute()
    return rows.map((row) => ({ ...row, ...sumsOf(row) }))
  },
  bandTotals: async (month) => {
    const rows = await db
      .selectFrom('ticket_bands_v1')
      .select(['method', 'currency', 'band', ...sums])
      .where('month', '=', month)
      .where('count', '>', 0)
      .groupBy(['method', 'currency', 'band'])
      .orderBy('currency')
      .orderBy('band')
      .orderBy('method')
      .execute()
    return rows.map((row) => ({ ...row, ...sumsOf(row) }))
  },
})

const sum = (column: string) => sql<Count>`sum(${sql.ref(column)})`
const sums = [sum('count').as('count'), sum('gross').as('gross')] as const

const sumsOf = ({ band, count, gross }: { band: Count; count: Count; gross: Count }) => ({
  band: BigInt(band),
  count: Number(count),
  gross: BigInt(gross),
})

/** The first day on which each site was paid, by one look into the index a site. */
const firsts = (asOf: string) => sql`select "siteId", "merchantId", "first" from (
    select "s"."id" as "siteId", "s"."merchantId" as "merchantId", (select "businessDate" from "takings_v2" as "t"
      where "t"."siteId" = "s"."id" and "t"."count" > 0 order by "businessDate" limit 1) as "first"
    from "sites_v2" as "s") as "began" where "first" <= ${asOf}`

/** In the text of the query: two years of days are more values than every database takes. */
const windowsRow = (day: string) => {
  const windows = retentionDays.map((after) => retentionWindow(day, after))
  return sql`(${sql.join([day, ...windows.flatMap(({ from, to }) => [from, to])].map(sql.lit))})`
}

const kept = (after: number) => sql`sum(case when exists (
    select 1 from "takings_v2" as "t" where "t"."siteId" = "f"."siteId" and "t"."count" > 0
    and "t"."businessDate" >= "w".${sql.ref(`from${after}`)} and "t"."businessDate" < "w".${sql.ref(`to${after}`)}
  ) then 1 else 0 end) as ${sql.ref(`kept${after}`)}`
