// Which establishments are which sites, in SQL: sure and doubtful links, and how many accept cashless payment by them.
import { type Kysely, sql } from 'kysely'
import type { DoubtfulLink, ReadModels } from '../../../projections/readModels.ts'
import type { Count, Tables } from './tables.ts'

export const linkQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'doubtfulLinks' | 'registryAcceptance'> => ({
  doubtfulLinks: async ({ limit, cursor = '' }) => {
    const query = sql<DoubtfulLink>`select * from (${doubtful}) as "d"
      where "establishmentId" || '.' || "siteId" > ${cursor}
      order by "establishmentId", "siteId" limit ${limit + 1}`
    const { rows: found } = await query.execute(db)
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    const more = found.length > limit && last !== undefined
    return { rows, nextCursor: more ? `${last.establishmentId}.${last.siteId}` : null }
  },
  registryAcceptance: async (asOf, activeFrom) => {
    const query = sql<{ sector: string; registered: Count; active: Count }>`
      select "sector", sum("open") as "registered", sum("active") as "active" from (
        select "sector", case when ${open(asOf)} then 1 else 0 end as "open", 0 as "active"
        from "establishments_v1" as "e"
        union all
        select "e"."sector", 0, 1 from "establishments_v1" as "e"
        where ${open(asOf)} and "e"."id" in (
          select "establishmentId" from (${sure}) as "l" where exists (
            select 1 from "takings_v2" as "t" where "t"."siteId" = "l"."siteId"
            and "t"."businessDate" > ${activeFrom} and "t"."businessDate" <= ${asOf} and "t"."count" > 0))
      ) as "counted" group by "sector"`
    const { rows } = await query.execute(db)
    return rows.map(({ sector, registered, active }) => ({
      sector,
      registered: Number(registered),
      active: Number(active),
    }))
  },
})

const open = (day: string) =>
  sql`"e"."openedOn" <= ${day} and ("e"."closedOn" is null or "e"."closedOn" > ${day})`

/** No person has decided of these two. */
const undecided = sql`not exists (select 1 from "establishment_links_v1" as "k"
  where "k"."establishmentId" = "e"."id" and "k"."siteId" = "s"."id")`

/** License number and tax code fit, and nobody said no; or a person said yes. */
const sure = sql`
  select "e"."id" as "establishmentId", "s"."id" as "siteId"
  from "sites_v2" as "s"
  join "merchants_v2" as "m" on "m"."id" = "s"."merchantId"
  join "establishments_v1" as "e" on "e"."licenseNumber" = "s"."licenseNumber" and "e"."taxCode" = "m"."taxCode"
  where ${undecided}
  union
  select "establishmentId", "siteId" from "establishment_links_v1" where "same" = 1`

/** The license number fits and the tax code does not; or the tax code and the district do, and neither is linked yet. */
const doubtful = sql`
  with "sure" as (${sure})
  select "e"."id" as "establishmentId", "s"."id" as "siteId", 'licenseNumber' as "fits"
  from "sites_v2" as "s"
  join "merchants_v2" as "m" on "m"."id" = "s"."merchantId"
  join "establishments_v1" as "e" on "e"."licenseNumber" = "s"."licenseNumber" and "e"."taxCode" <> "m"."taxCode"
  where ${undecided}
  union all
  select "e"."id", "s"."id", 'taxCode'
  from "sites_v2" as "s"
  join "merchants_v2" as "m" on "m"."id" = "s"."merchantId"
  join "establishments_v1" as "e" on "e"."taxCode" = "m"."taxCode" and "e"."district" = "s"."registryDistrict"
  where coalesce("s"."licenseNumber", '') <> "e"."licenseNumber" and ${undecided}
  and "s"."id" not in (select "siteId" from "sure")
  and "e"."id" not in (select "establishmentId" from "sure")`
