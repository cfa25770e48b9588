// Merchants, their sites, and connectors in SQL: ids in pages, and how many accept cashless payment.
import { type Kysely, sql } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { billingSectors } from '../../domain/bills/biller.ts'
import { pagedIds } from './pages.ts'
import type { Count, Tables } from './tables.ts'

export const merchantQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'merchantIds' | 'billersByName' | 'siteIds' | 'connectorIds' | 'acceptance'> => ({
  merchantIds: (page) => pagedIds(db.selectFrom('merchants_v2').select('id').orderBy('id'), page),
  billersByName: (limit) =>
    db
      .selectFrom('merchants_v2')
      .select(['id', 'name'])
      .where('sector', 'in', billingSectors)
      .orderBy('name')
      .orderBy('id')
      .limit(limit)
      .execute(),
  connectorIds: (page) => pagedIds(db.selectFrom('connectors_v1').select('id').orderBy('id'), page),
  siteIds: (merchantId, page) => {
    const all = db.selectFrom('sites_v2').select('id').orderBy('id')
    return pagedIds(merchantId === undefined ? all : all.where('merchantId', '=', merchantId), page)
  },
  acceptance: async (asOf, activeFrom) => {
    const rows = await db
      .selectFrom('sites_v2 as site')
      .select(['sector', 'district', sql<Count>`count(*)`.as('registered'), active(asOf, activeFrom)])
      .where('registeredOn', '<=', asOf)
      .groupBy(['sector', 'district'])
      .orderBy('sector')
      .orderBy('district')
      .execute()
    return rows.map(({ sector, district, registered, active }) => ({
      sector,
      district,
      registered: Number(registered),
      active: Number(active),
    }))
  },
})

const active = (asOf: string, activeFrom: string) =>
  sql<Count>`sum(case when exists (
    select 1 from "takings_v2" as "t" where "t"."siteId" = "site"."id"
    and "t"."businessDate" > ${activeFrom} and "t"."businessDate" <= ${asOf} and "t"."count" > 0
  ) then 1 else 0 end)`.as('active')
