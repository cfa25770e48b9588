// Payments in SQL: lists, what is due to expire, and those that a credit may have been meant for.
import { type Kysely, sql } from 'kysely'
import type { PaymentRow } from '../../../projections/payments.ts'
import type { Page, Paged, PaymentFilter, ReadModels } from '../../../projections/readModels.ts'
import type { UnappliedCreditRow } from '../../../projections/unappliedCredits.ts'
import { idsUpTo, paged } from './pages.ts'
import { type Tables, typed } from './tables.ts'

export const paymentQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'listPayments' | 'duePayments' | 'candidates'> => ({
  listPayments: (filter, page) => listPayments(db, filter, page),
  duePayments: (now, limit) => idsUpTo(db, 'payments_v6', 'dueAt', now, limit),
  candidates: (credit, merchantId, limit) => candidates(db, credit, merchantId, limit),
})

async function listPayments(
  db: Kysely<Tables>,
  filter: PaymentFilter,
  page: Page,
): Promise<Paged<PaymentRow>> {
  let query = db.selectFrom('payments_v6').selectAll().orderBy('createdAt', 'desc').orderBy('id', 'desc')
  for (const name of ['merchantId', 'siteId', 'terminalId', 'status', 'orderId'] as const) {
    const value = filter[name]
    if (value !== undefined) query = query.where(name, '=', value)
  }
  if (filter.from !== undefined) query = query.where('createdAt', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('createdAt', '<', filter.to)
  return paged(query, 'payments_v6', 'createdAt', '<', page)
}

async function candidates(
  db: Kysely<Tables>,
  credit: UnappliedCreditRow,
  merchantId: string | undefined,
  limit: number,
): Promise<PaymentRow[]> {
  const open = db
    .selectFrom('payments_v6 as payment')
    .innerJoin('merchants_v2 as merchant', 'merchant.id', 'payment.merchantId')
    .selectAll('payment')
    .where('merchant.bankBin', '=', credit.bankBin)
    .where('merchant.accountNumber', '=', credit.accountNumber)
    .where('payment.status', '=', 'pending')
    .where('payment.connectorId', 'is', null) // what a provider collects, no transfer pays
    .where('payment.currency', '=', credit.currency)
    .orderBy(sql`abs("payment"."amount" - "payment"."received" - ${credit.amount})`)
    .orderBy('payment.createdAt', 'desc')
    .limit(limit)
  const own = merchantId === undefined ? open : open.where('payment.merchantId', '=', merchantId)
  return (await own.execute()).map((row) => typed('payments_v6', row))
}
