// Terminals in SQL: ids in pages, and those that are present as far as is recorded.
import type { Kysely } from 'kysely'
import type { Page, Paged, ReadModels, TerminalFilter } from '../../../projections/readModels.ts'
import { pagedIds } from './pages.ts'
import type { Tables } from './tables.ts'

export const terminalQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'terminalIds' | 'presentTerminals'> => ({
  terminalIds: (filter, page) => terminalIds(db, filter, page),
  presentTerminals: async (after, limit) => {
    const rows = await db
      .selectFrom('terminals_v1')
      .select('id')
      .where('presence', '=', 'seen')
      .where('status', '!=', 'revoked')
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  },
})

function terminalIds(db: Kysely<Tables>, filter: TerminalFilter, page: Page): Promise<Paged<string>> {
  let query = db.selectFrom('terminals_v1').select('id').orderBy('id')
  for (const name of ['merchantId', 'siteId', 'status', 'presence'] as const) {
    const value = filter[name]
    if (value !== undefined) query = query.where(name, '=', value)
  }
  return pagedIds(query, page)
}
