// What is to be handed out, and what a person must look at, in SQL.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paged } from './pages.ts'
import type { Tables } from './tables.ts'

export const fulfillmentQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'toHandOut' | 'toPickUp' | 'listFulfillmentExceptions'> => ({
  toHandOut: (terminalId, limit) => waiting(db, 'handsOut', terminalId, limit),
  toPickUp: (siteId, limit) => waiting(db, 'pickupAt', siteId, limit),
  listFulfillmentExceptions: (merchantId, page) => {
    const all = db.selectFrom('fulfillment_exceptions_v1').selectAll().orderBy('raisedAt').orderBy('id')
    const own = merchantId === undefined ? all : all.where('merchantId', '=', merchantId)
    return paged(own, 'fulfillment_exceptions_v1', 'raisedAt', '>', page)
  },
})

async function waiting(
  db: Kysely<Tables>,
  where: 'handsOut' | 'pickupAt',
  id: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('payments_v6')
    .select('id')
    .where(where, '=', id)
    .orderBy('dueAt')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
