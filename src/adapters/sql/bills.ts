// Bills of a customer in SQL.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paged } from './pages.ts'
import type { Tables } from './tables.ts'

export const billQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'openBills' | 'hasBills' | 'billsStartingWith' | 'listBillPostings'> => {
  const of = (billerId: string, customerCode: string) =>
    db
      .selectFrom('bills_v2')
      .select('id')
      .where('billerId', '=', billerId)
      .where('customerCode', '=', customerCode)
  return {
    openBills: async (billerId, customerCode, limit) => {
      const open = of(billerId, customerCode).where('status', '=', 'open')
      const rows = await open.orderBy('dueOn').orderBy('id').limit(limit).execute()
      return rows.map(({ id }) => id)
    },
    billsStartingWith: async (start, limit) => {
      const all = db.selectFrom('bills_v2').select('id').where('id', '>=', start)
      const rows = await all.where('id', '<', `${start}~`).orderBy('id').limit(limit).execute()
      return rows.map(({ id }) => id)
    },
    listBillPostings: ({ billerId, posting }, page) => {
      const all = db.selectFrom('bill_postings_v1').selectAll().where('billerId', '=', billerId)
      const some = all.where('posting', '=', posting).orderBy('receivedAt').orderBy('id')
      return paged(some, 'bill_postings_v1', 'receivedAt', '>', page)
    },
    hasBills: async (billerId, customerCode) =>
      (await of(billerId, customerCode).limit(1).executeTakeFirst()) !== undefined,
  }
}
