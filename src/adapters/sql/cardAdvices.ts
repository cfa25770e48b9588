// What the card network has yet to be told, in SQL.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import type { Tables } from './tables.ts'

export const cardAdviceQueries = (db: Kysely<Tables>): Pick<ReadModels, 'dueCardPayments'> => ({
  dueCardPayments: async (now, limit) => {
    const rows = await db
      .selectFrom('card_advices_v1')
      .select('paymentId')
      .where('dueAt', '<=', now)
      .orderBy('dueAt')
      .orderBy('paymentId')
      .limit(limit)
      .execute()
    return [...new Set(rows.map(({ paymentId }) => paymentId))]
  },
})
