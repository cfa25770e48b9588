// Unapplied credits in SQL: lists, sums, and those open for long.
import { type Kysely, sql } from 'kysely'
import type { Page, Paged, ReadModels, UnappliedSum } from '../../../projections/readModels.ts'
import type { UnappliedCreditRow } from '../../../projections/unappliedCredits.ts'
import { addDays } from '../../domain/core/businessDay.ts'
import { cutInstant, midnight } from '../../domain/settlement/cutOff.ts'
import { daysOf, type Sought, type TracedCredit } from '../../domain/traces/rankTraced.ts'
import { idsUpTo, paged } from './pages.ts'
import { type Count, type Tables, typed } from './tables.ts'

export const unappliedCreditQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listUnapplied' | 'sumUnapplied' | 'unappliedBefore' | 'tracedCredits'> => ({
  listUnapplied: (merchantId, page) => listUnapplied(db, merchantId, page),
  sumUnapplied: (merchantId, after, upTo) => sumUnapplied(db, merchantId, after, upTo),
  tracedCredits: (merchantId, sought, limit) => tracedCredits(db, merchantId, sought, limit),
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

/** What came is on the row of the credit, where our books have an account for it. */
async function tracedCredits(
  db: Kysely<Tables>,
  merchantId: string | undefined,
  sought: Sought,
  limit: number,
): Promise<TracedCredit[]> {
  const { amount, currency, transactionId } = sought
  const { from, to } = daysOf(sought)
  const rows = await unappliedOf(db, merchantId)
    .leftJoin('credits_v1 as credit', 'credit.id', 'unapplied_credits_v2.id')
    .selectAll('unapplied_credits_v2')
    .select(['credit.amount as received', 'credit.transactionId'])
    .where('unapplied_credits_v2.currency', '=', currency)
    .where((where) =>
      where.or([
        ...(transactionId === undefined ? [] : [where('credit.transactionId', '=', transactionId)]),
        where.and([
          where.or([where('unapplied_credits_v2.amount', '=', amount), where('credit.amount', '=', amount)]),
          where('unapplied_credits_v2.paidAt', '>=', cutInstant(addDays(from, -1), midnight)),
          where('unapplied_credits_v2.paidAt', '<', cutInstant(to, midnight)),
        ]),
      ]),
    )
    .orderBy('openSince', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ received, transactionId, ...row }) => ({
    ...typed('unapplied_credits_v2', row),
    received: received === null ? null : BigInt(received),
    transactionId,
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
