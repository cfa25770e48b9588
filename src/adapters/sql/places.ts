// The shopping map in SQL: places with a payment in a time, by name, a page at a time.
import { type Kysely, sql } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { type PayingMethod, payingMethods } from '../../domain/adoption/shoppingMap.ts'
import type { Tables } from './tables.ts'

type Found = Record<'id' | 'name' | 'sector' | 'district' | 'address' | 'lat' | 'lng', string> &
  Record<PayingMethod, unknown>

export const placeQueries = (db: Kysely<Tables>): Pick<ReadModels, 'listPlaces'> => ({
  listPlaces: async ({ sector, district, method, cells, paidAfter, asOf }, { limit, cursor }) => {
    if (cells?.length === 0) return { rows: [], nextCursor: null }
    const paidBy = (one?: PayingMethod) => sql`exists (select 1 from "takings_v2" as "t"
      where "t"."siteId" = "p"."id" and "t"."count" > 0
      and "t"."businessDate" > ${paidAfter} and "t"."businessDate" <= ${asOf}
      ${one === undefined ? sql`` : sql`and "t"."method" = ${one}`})`
    const conditions = [
      paidBy(method),
      ...(sector === undefined ? [] : [sql`"sector" = ${sector}`]),
      ...(district === undefined ? [] : [sql`coalesce("registryDistrict", "district") = ${district}`]),
      ...(cells === undefined ? [] : [sql`("sector", "district") in (values ${sql.join(cells.map(pair))})`]),
      ...(cursor === undefined
        ? []
        : [sql`("name", "id") > (select "name", "id" from "places_v1" where "id" = ${cursor})`]),
    ]
    const query = sql<Found>`select "id", "name", "sector", "district", "address", "lat", "lng",
      ${sql.join(payingMethods.map((one) => sql`${paidBy(one)} as ${sql.ref(one)}`))}
      from "places_v1" as "p" where ${sql.join(conditions, sql` and `)}
      order by "name", "id" limit ${limit + 1}`
    const found = (await query.execute(db)).rows
    const rows = found.slice(0, limit).map((row) => ({
      id: row.id,
      name: row.name,
      sector: row.sector,
      district: row.district,
      address: row.address,
      lat: Number(row.lat),
      lng: Number(row.lng),
      methods: payingMethods.filter((one) => Boolean(row[one])), // 1 in one database, true in the other
    }))
    return { rows, nextCursor: found.length > limit ? rows.at(-1)!.id : null }
  },
})

const pair = ({ sector, district }: { readonly sector: string; readonly district: string }) =>
  sql`(${sector}, ${district})`
