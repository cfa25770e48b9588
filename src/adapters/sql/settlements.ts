// Settlement in SQL: what is open, where a day ends, the entries of a range, and the settlements made of them.
import { type Kysely, sql } from 'kysely'
import { minuteOf } from '../../../projections/ledger.ts'
import type { Page, Paged, ReadModels, SettlementFilter } from '../../../projections/readModels.ts'
import type { SettlementRow } from '../../../projections/settlements.ts'
import type { ReportedEntry } from '../../domain/settlement/report.ts'
import type { EntryRange, OpenAccount } from '../../domain/settlement/settleAccount.ts'
import { type Tables, typed } from './tables.ts'

type Queries = Pick<
  ReadModels,
  | 'openAccounts'
  | 'lastBefore'
  | 'firstEntryAt'
  | 'cutOffsOn'
  | 'settlementEntries'
  | 'listSettlements'
  | 'settlementsOf'
>

export const settlementQueries = (db: Kysely<Tables>): Queries => ({
  openAccounts: (after, limit) => openAccounts(db, after, limit),
  lastBefore: async (instant) => {
    const before = db.selectFrom('settlement_minutes_v1').where('minute', '<', minuteOf(instant))
    const row = await before.select('lastPosition').orderBy('minute', 'desc').limit(1).executeTakeFirst()
    return row?.lastPosition ?? ''
  },
  firstEntryAt: async () => {
    const first = db.selectFrom('settlement_minutes_v1').select('minute').orderBy('minute').limit(1)
    const row = await first.executeTakeFirst()
    return row && `${row.minute}:00.000Z`
  },
  cutOffsOn: async (date) => {
    const counting = db.selectFrom('cut_offs_v1').selectAll().where('from', '<=', date)
    const rows = await counting.orderBy('merchantId').orderBy('from').execute()
    return new Map(rows.map(({ merchantId, cutOff }) => [merchantId, cutOff])) // the last of each stays
  },
  settlementEntries: (range, limit) => settlementEntries(db, range, limit),
  listSettlements: (filter, page) => listSettlements(db, filter, page),
  settlementsOf: async (businessDate) => {
    const of = db.selectFrom('settlements_v1').selectAll().where('businessDate', '=', businessDate)
    return (await of.orderBy('id').execute()).map((row) => typed('settlements_v1', row))
  },
})

async function openAccounts(
  db: Kysely<Tables>,
  after: OpenAccount | undefined,
  limit: number,
): Promise<OpenAccount[]> {
  const open = db.selectFrom('settlement_accounts_v1').selectAll().whereRef('lastEntry', '>', 'settledTo')
  const rest = after
    ? open.where(sql<boolean>`("merchantId", "currency") > (${after.merchantId}, ${after.currency})`)
    : open
  const rows = await rest.orderBy('merchantId').orderBy('currency').limit(limit).execute()
  return rows.map((row) => typed('settlement_accounts_v1', row))
}

/** With the merchant's own number of each order. */
async function settlementEntries(
  db: Kysely<Tables>,
  { merchantId, currency, after, upTo }: EntryRange,
  limit: number,
): Promise<ReportedEntry[]> {
  const rows = await db
    .selectFrom('settlement_entries_v1 as entry')
    .leftJoin('payments_v6 as payment', 'payment.id', 'entry.paymentId')
    .selectAll('entry')
    .select('payment.orderId')
    .where('entry.merchantId', '=', merchantId)
    .where('entry.position', '>', after)
    .where('entry.position', '<=', upTo)
    .where('entry.currency', '=', currency)
    .orderBy('entry.position')
    .limit(limit)
    .execute()
  return rows.map(({ orderId, ...row }) => ({ ...typed('settlement_entries_v1', row), orderId }))
}

async function listSettlements(
  db: Kysely<Tables>,
  { merchantId, businessDate }: SettlementFilter,
  { limit, cursor }: Page,
): Promise<Paged<SettlementRow>> {
  let query = db.selectFrom('settlements_v1').selectAll()
  if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
  if (businessDate !== undefined) query = query.where('businessDate', '=', businessDate)
  if (cursor !== undefined) {
    const [date, id] = cursor.split('.')
    query = query.where(sql<boolean>`("businessDate", "id") < (${date}, ${id})`)
  }
  const found = await query
    .orderBy('businessDate', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const rows = found.slice(0, limit).map((row) => typed('settlements_v1', row))
  const last = rows.at(-1)
  return { rows, nextCursor: found.length > limit && last ? `${last.businessDate}.${last.id}` : null }
}
