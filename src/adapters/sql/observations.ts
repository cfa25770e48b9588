// Observations in SQL: those that stand on a day, and all of them with their revisions.
import { type Kysely, sql } from 'kysely'
import type { ObservationRow } from '../../../projections/observations.ts'
import type { ReadModels } from '../../../projections/readModels.ts'
import { type Tables, typed } from './tables.ts'

export const observationQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listObservations' | 'observationsOfYears'> => ({
  listObservations: async (indicator, { limit, cursor = '' }) => {
    const all = db.selectFrom('observations_v1').selectAll().where('id', '>', cursor).orderBy('id')
    const found = await (indicator === undefined ? all : all.where('indicator', '=', indicator))
      .limit(limit + 1)
      .execute()
    const rows = found.slice(0, limit).map((row) => typed('observations_v1', row))
    return { rows, nextCursor: found.length > limit ? rows.at(-1)!.id : null }
  },
  observationsOfYears: async (asOf) => {
    const query = sql<ObservationRow>`select * from "observations_v1" as "o"
      where "observedOn" = (
        select max("observedOn") from "observations_v1" as "d" where "d"."indicator" = "o"."indicator"
        and substr("d"."observedOn", 1, 4) = substr("o"."observedOn", 1, 4) and "d"."observedOn" <= ${asOf})
      and "revision" = (
        select max("revision") from "observations_v1" as "r" where "r"."indicator" = "o"."indicator"
        and "r"."observedOn" = "o"."observedOn")`
    const { rows } = await query.execute(db)
    return rows.map((row) => typed('observations_v1', row))
  },
})
