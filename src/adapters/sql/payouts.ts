// Payouts in SQL: what a business date's file holds, and what waits for an account.
import type { Kysely } from 'kysely'
import type { PayoutFile, ReadModels } from '../../../projections/readModels.ts'
import { type Tables, typed } from './tables.ts'

export const payoutQueries = (db: Kysely<Tables>): Pick<ReadModels, 'payoutFile' | 'unpaidSettlements'> => ({
  payoutFile: (businessDate, merchantId) => payoutFile(db, businessDate, merchantId),
  unpaidSettlements: async (after, limit) => {
    const rows = await db
      .selectFrom('settlements_v1')
      .select('id')
      .where('unpaid', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  },
})

/**
 * First payouts are in the file of their business date; one that is asked for again, in that of the first date that ended
 * after it was. The end of a date is a place in the log, so a file that is final stays as it is. Dates before the first that
 * ended have none.
 */
async function payoutFile(
  db: Kysely<Tables>,
  businessDate: string,
  merchantId: string | undefined,
): Promise<PayoutFile> {
  const days = db.selectFrom('settlement_days_v1').select('position')
  const before = days.where('date', '<', businessDate).orderBy('date', 'desc').limit(1)
  const start = (await before.executeTakeFirst())?.position ?? ''
  const end = (await days.where('date', '=', businessDate).executeTakeFirst())?.position
  const isBeforeAll = end === undefined && (await days.where('date', '>', businessDate).executeTakeFirst())
  let query = db
    .selectFrom('payouts_v1')
    .selectAll()
    .where((where) => {
      const first = where.and([where('attempt', '=', 1), where('businessDate', '=', businessDate)])
      const since = [where('attempt', '>', 1), where('position', '>', start)]
      if (isBeforeAll) return first
      return where.or([
        first,
        where.and(end === undefined ? since : [...since, where('position', '<=', end)]),
      ])
    })
  if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
  const rows = await query.orderBy('endToEndId').execute()
  return { final: end !== undefined, rows: rows.map((row) => typed('payouts_v1', row)) }
}
