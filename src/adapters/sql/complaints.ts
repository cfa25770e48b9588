// Complaints in SQL: the list, and those whose deadline has passed.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { idsUpTo, paged } from './pages.ts'
import type { Tables } from './tables.ts'

export const complaintQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listComplaints' | 'dueComplaints'> => ({
  listComplaints: ({ merchantId, status }, page) => {
    let query = db.selectFrom('complaints_v1').selectAll().orderBy('openedAt').orderBy('id')
    if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
    if (status !== undefined) query = query.where('status', '=', status)
    return paged(query, 'complaints_v1', 'openedAt', '>', page)
  },
  dueComplaints: (now, limit) => idsUpTo(db, 'complaints_v1', 'dueAt', now, limit),
})
