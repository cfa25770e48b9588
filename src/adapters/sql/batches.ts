// Terminals' batches in SQL: their numbers, and what they are counted from.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { type Tables, typed } from './tables.ts'

export const batchQueries = (db: Kysely<Tables>): Pick<ReadModels, 'batchNumbers' | 'batchRecords'> => ({
  batchNumbers: async (terminalId, { limit, cursor }) => {
    let query = db.selectFrom('batches_v1').select('number').where('terminalId', '=', terminalId)
    if (cursor !== undefined) query = query.where('number', '<', cursor)
    const found = await query
      .orderBy('number', 'desc')
      .limit(limit + 1)
      .execute()
    const rows = found.slice(0, limit).map(({ number }) => number)
    return { rows, nextCursor: found.length > limit ? rows.at(-1)! : null }
  },
  batchRecords: async (terminalId, currency, after) => {
    const rows = await db
      .selectFrom('batch_entries_v1')
      .selectAll()
      .where('terminalId', '=', terminalId)
      .where('lastAt', '>', after)
      .where('currency', '=', currency)
      .orderBy('lastAt')
      .execute()
    return rows.map((row) => typed('batch_entries_v1', row))
  },
})
