// Which establishments are which sites, in SQL: sure and doubtful links, and how many accept cashless payment by them.
import { type Kysely, sql } from 'kysely'
import type { DoubtfulLink, ReadModels } from '../../../projections/readModels.ts'
import type { Count, Tables } from './tables.ts'

export const linkQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'doubtfulLinks' | 'registryAcceptance'> => ({
  doubtfulLinks: async ({ limit, cursor = '.' }) => {
    const [establishmentId, siteId] = cursor.split('.') as [string, string]
    const after: Pair = { establishmentId, siteId }
    const queries = [byLicenseNumber(after, limit + 1), byTaxCode(after, limit + 1)]
    const answers = await Promise.all(queries.map((query) => query.execute(db)))
    const found = answers.flatMap(({ rows }) => rows).toSorted((a, b) => (cursorOf(a) < cursorOf(b) ? -1 : 1))
    const rows = found.slice(0, limit)
    return { rows, nextCursor: found.length > limit ? cursorOf(rows.at(-1)!) : null }
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

type Pair = Pick<DoubtfulLink, 'establishmentId' | 'siteId'>

const cursorOf = ({ establishmentId, siteId }: Pair): string => `${establishmentId}.${siteId}`

const later = (after: Pair) => sql`"e"."id" >= ${after.establishmentId}
  and ("e"."id" > ${after.establishmentId} or "s"."id" > ${after.siteId})`

/** The license number fits, and the tax code does not: a site has one such establishment at most. */
const byLicenseNumber = (after: Pair, limit: number) => sql<DoubtfulLink>`
  select "e"."id" as "establishmentId", "s"."id" as "siteId", 'licenseNumber' as "fits"
  from "sites_v2" as "s"
  join "merchants_v2" as "m" on "m"."id" = "s"."merchantId"
  join "establishments_v1" as "e" on "e"."licenseNumber" = "s"."licenseNumber" and "e"."taxCode" <> "m"."taxCode"
  where ${undecided} and ${later(after)}
  order by "e"."id", "s"."id" limit ${limit}`

/**
 * The tax code and the district fit, and neither is linked yet. A chain may have thousands of both: what is linked goes
 * before they are paired, and only establishments of this page are.
 */
const byTaxCode = (after: Pair, limit: number) => sql<DoubtfulLink>`
  with "sure" as materialized (${sure}),
  "free" as materialized (
    select "site"."id", "site"."licenseNumber", "site"."registryDistrict", "m"."taxCode"
    from "sites_v2" as "site"
    join "merchants_v2" as "m" on "m"."id" = "site"."merchantId"
    where "site"."registryDistrict" is not null and "site"."id" not in (select "siteId" from "sure")
  ),
  "paged" as materialized (
    select * from "establishments_v1" as "e"
    where "e"."id" not in (select "establishmentId" from "sure")
    and exists (select 1 from "free" as "s" where ${alike} and ${later(after)})
    order by "e"."id" limit ${limit}
  )
  select "e"."id" as "establishmentId", "s"."id" as "siteId", 'taxCode' as "fits"
  from "paged" as "e" cross join "free" as "s"
  where ${alike} and ${later(after)}
  order by "e"."id", "s"."id" limit ${limit}`

const alike = sql`"s"."taxCode" = "e"."taxCode" and "s"."registryDistrict" = "e"."district"
  and coalesce("s"."licenseNumber", '') <> "e"."licenseNumber" and ${undecided}`
