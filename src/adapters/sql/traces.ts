// Traces in SQL: the list.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paged } from './pages.ts'
import type { Tables } from './tables.ts'

export const traceQueries = (db: Kysely<Tables>): Pick<ReadModels, 'listTraces'> => ({
  listTraces: ({ merchantId, status }, page) => {
    let query = db.selectFrom('traces_v1').selectAll().orderBy('openedAt').orderBy('id')
    if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
    if (status !== undefined) query = query.where('status', '=', status)
    return paged(query, 'traces_v1', 'openedAt', '>', page)
  },
})
