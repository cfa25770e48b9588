// Transfers in SQL: lists, and what is due to be sent.
import type { Kysely } from 'kysely'
import type { Page, Paged, ReadModels, TransferFilter } from '../../../projections/readModels.ts'
import type { TransferRow } from '../../../projections/transfers.ts'
import { idsUpTo, paged } from './pages.ts'
import type { Tables } from './tables.ts'

export const transferQueries = (db: Kysely<Tables>): Pick<ReadModels, 'listTransfers' | 'dueTransfers'> => ({
  listTransfers: (filter, page) => listTransfers(db, filter, page),
  dueTransfers: (now, limit) => idsUpTo(db, 'transfers_v1', 'dueAt', now, limit),
})

const listTransfers = (
  db: Kysely<Tables>,
  { merchantId, status }: TransferFilter,
  page: Page,
): Promise<Paged<TransferRow>> => {
  let query = db.selectFrom('transfers_v1').selectAll().orderBy('requestedAt', 'desc').orderBy('id', 'desc')
  if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
  if (status !== undefined) query = query.where('status', '=', status)
  return paged(query, 'transfers_v1', 'requestedAt', '<', page)
}
