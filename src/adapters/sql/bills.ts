// Bills of a customer in SQL.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import type { Tables } from './tables.ts'

export const billQueries = (db: Kysely<Tables>): Pick<ReadModels, 'openBills' | 'hasBills'> => {
  const of = (billerId: string, customerCode: string) =>
    db
      .selectFrom('bills_v1')
      .select('id')
      .where('billerId', '=', billerId)
      .where('customerCode', '=', customerCode)
  return {
    openBills: async (billerId, customerCode, limit) => {
      const open = of(billerId, customerCode).where('status', '=', 'open')
      const rows = await open.orderBy('dueOn').orderBy('id').limit(limit).execute()
      return rows.map(({ id }) => id)
    },
    hasBills: async (billerId, customerCode) =>
      (await of(billerId, customerCode).limit(1).executeTakeFirst()) !== undefined,
  }
}
