// Seals in SQL: the list, and the day whose seal covers a position.
import type { Kysely } from 'kysely'
import type { Page, Paged, ReadModels } from '../../../projections/readModels.ts'
import type { SealRow } from '../../../projections/seals.ts'
import { type Tables, typed } from './tables.ts'

export const sealQueries = (db: Kysely<Tables>): Pick<ReadModels, 'listSeals' | 'sealedOn'> => ({
  listSeals: (page) => listSeals(db, page),
  sealedOn: async (position) => {
    const query = db.selectFrom('seals_v1').select('date').where('lastPosition', '>=', position)
    return (await query.orderBy('lastPosition').limit(1).executeTakeFirst())?.date
  },
})

async function listSeals(db: Kysely<Tables>, { limit, cursor }: Page): Promise<Paged<SealRow>> {
  const all = db.selectFrom('seals_v1').selectAll().orderBy('date', 'desc')
  const rest = cursor === undefined ? all : all.where('date', '<', cursor)
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map((row) => typed('seals_v1', row))
  return { rows, nextCursor: found.length > limit ? rows.at(-1)!.date : null }
}
