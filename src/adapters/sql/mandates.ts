// Mandates in SQL: the lists, which of a customer are active, and what is due.
import { type Kysely, sql } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { idsUpTo, paged } from './pages.ts'
import { inPortions } from './portions.ts'
import type { Tables } from './tables.ts'

export const mandateQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listMandates' | 'dueMandates' | 'dueDebits' | 'mandateBillers' | 'activeMandates'> => ({
  listMandates: ({ as, merchantId, status }, page) => {
    const all = db.selectFrom('mandates_v1').selectAll().orderBy('requestedAt', 'desc').orderBy('id', 'desc')
    const own = all.where(as === 'agent' ? 'agentId' : 'billerId', '=', merchantId)
    const some = status === undefined ? own : own.where('status', '=', status)
    return paged(some, 'mandates_v1', 'requestedAt', '<', page)
  },
  dueMandates: (now, limit) => idsUpTo(db, 'mandates_v1', 'dueAt', now, limit),
  dueDebits: (now, after, limit) => {
    const due = db.selectFrom('due_debits_v1').selectAll().where('dueAt', '<=', now)
    const rest = after
      ? due.where(
          sql<boolean>`("dueAt", "mandateId", "billId") > (${after.dueAt}, ${after.mandateId}, ${after.billId})`,
        )
      : due
    return rest.orderBy('dueAt').orderBy('mandateId').orderBy('billId').limit(limit).execute()
  },
  mandateBillers: async () => {
    const rows = await db.selectFrom('mandates_v1').select('billerId').distinct().execute()
    return rows.map(({ billerId }) => billerId)
  },
  activeMandates: async (billerId, customerCodes) => {
    const active = db
      .selectFrom('mandates_v1')
      .select(['id', 'customerCode'])
      .where('billerId', '=', billerId)
      .where('status', '=', 'active')
      .orderBy('requestedAt')
      .orderBy('id')
    const found = await inPortions(customerCodes, (some) =>
      active.where('customerCode', 'in', some).execute(),
    )
    const byCode = new Map<string, string[]>()
    for (const { id, customerCode } of found)
      byCode.set(customerCode, [...(byCode.get(customerCode) ?? []), id])
    return byCode
  },
})
