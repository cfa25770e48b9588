// What merchants are owed, in SQL: the lines, and the sum up to one of them.
import { type Kysely, sql } from 'kysely'
import { dayOf } from '../../../projections/ledger.ts'
import type { Page, PayableFilter, ReadModels } from '../../../projections/readModels.ts'
import { type Count, type Tables, typed } from './tables.ts'

export const payableQueries = (db: Kysely<Tables>): Pick<ReadModels, 'payableUpTo' | 'listPayableLines'> => ({
  payableUpTo: (merchantId, currency, instant, position) =>
    payableUpTo(db, merchantId, currency, instant, position),
  listPayableLines: (filter, page) => listPayableLines(db, filter, page),
})

/** Whole days, and of the day of the instant its lines. */
async function payableUpTo(
  db: Kysely<Tables>,
  merchantId: string,
  currency: string,
  instant: string,
  position: string,
): Promise<bigint> {
  const day = dayOf(instant)
  const query = sql<{ amount: Count | null }>`select sum("amount") as "amount" from (
    select "amount" from "payable_days_v1"
    where "merchantId" = ${merchantId} and "currency" = ${currency} and "day" < ${day}
    union all
    select "amount" from "payable_lines_v1"
    where "merchantId" = ${merchantId} and "currency" = ${currency} and "recordedAt" >= ${day}
    and ("recordedAt", "position") <= (${instant}, ${position})) as "moved"`
  const { rows } = await query.execute(db)
  return BigInt(rows[0]?.amount ?? 0)
}

async function listPayableLines(
  db: Kysely<Tables>,
  { merchantId, currency, from, to }: PayableFilter,
  { limit, cursor }: Page,
) {
  const [instant, position] = cursor?.split('_') ?? [from, '']
  const found = await db
    .selectFrom('payable_lines_v1')
    .selectAll()
    .where('merchantId', '=', merchantId)
    .where('currency', '=', currency)
    .where('recordedAt', '>=', from)
    .where('recordedAt', '<', to)
    .where(sql<boolean>`("recordedAt", "position") > (${instant}, ${position})`)
    .orderBy('recordedAt')
    .orderBy('position')
    .limit(limit + 1)
    .execute()
  const rows = found.slice(0, limit).map((row) => typed('payable_lines_v1', row))
  const last = rows.at(-1)
  return { rows, nextCursor: last && found.length > limit ? `${last.recordedAt}_${last.position}` : null }
}
