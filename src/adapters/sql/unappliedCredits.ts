// Unapplied credits in SQL: lists, sums, and those open for long.
import { type Kysely, sql } from 'kysely'
import type { Page, Paged, ReadModels, UnappliedSum } from '../../../projections/readModels.ts'
import type { UnappliedCreditRow } from '../../../projections/unappliedCredits.ts'
import { idsUpTo, paged } from './pages.ts'
import type { Count, Tables } from './tables.ts'

export const unappliedCreditQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listUnapplied' | 'sumUnapplied' | 'unappliedBefore'> => ({
  listUnapplied: (merchantId, page) => listUnapplied(db, merchantId, page),
  sumUnapplied: (merchantId, after, upTo) => sumUnapplied(db, merchantId, after, upTo),
  unappliedBefore: (instant, limit) => idsUpTo(db, 'unapplied_credits_v2', 'openSince', instant, limit),
})

const listUnapplied = (
  db: Kysely<Tables>,
  merchantId: string | undefined,
  page: Page,
): Promise<Paged<UnappliedCreditRow>> => {
  const query = unappliedOf(db, merchantId).selectAll().orderBy('openSince').orderBy('id')
  return paged(query, 'unapplied_credits_v2', 'openSince', '>', page)
}

async function sumUnapplied(
  db: Kysely<Tables>,
  merchantId: string | undefined,
  after: string,
  upTo: string,
): Promise<UnappliedSum[]> {
  const rows = await unappliedOf(db, merchantId)
    .where('openSince', '>', after)
    .where('openSince', '<=', upTo)
    .select([
      'currency',
      sql<Count>`count(*)`.as('count'),
      sql<Count>`sum("unapplied_credits_v2"."amount")`.as('amount'),
    ])
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows.map(({ currency, count, amount }) => ({
    currency,
    count: Number(count),
    amount: BigInt(amount),
  }))
}

const unappliedOf = (db: Kysely<Tables>, merchantId: string | undefined) => {
  const all = db.selectFrom('unapplied_credits_v2').where('openSince', 'is not', null)
  return merchantId === undefined
    ? all
    : all.where((where) => where.or([where('merchantId', '=', merchantId), cameTo(merchantId)]))
}

/** Whose account it came to has a claim on it, whatever it names. */
const cameTo = (merchantId: string) =>
  sql<boolean>`exists (select 1 from "merchants_v2" as "m" where "m"."id" = ${merchantId}
    and "m"."bankBin" = "unapplied_credits_v2"."bankBin"
    and "m"."accountNumber" = "unapplied_credits_v2"."accountNumber")`
