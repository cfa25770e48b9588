// The questions of projections/readModels.ts as SQL, built once for every SQL database that keeps the rows.
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { MerchantRow } from '../../../projections/merchants.ts'
import type { PaymentRow } from '../../../projections/payments.ts'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import {
  type Dimension,
  type Interval,
  type Page,
  type Paged,
  type PaymentFilter,
  projections,
  type ReadModels,
  type Sum,
  type TerminalFilter,
  type TransferFilter,
  type UnappliedSum,
} from '../../../projections/readModels.ts'
import type { SealRow } from '../../../projections/seals.ts'
import type { SiteRow } from '../../../projections/sites.ts'
import type { TakingsRow } from '../../../projections/takings.ts'
import type { TerminalRow } from '../../../projections/terminals.ts'
import type { TransferRow } from '../../../projections/transfers.ts'
import type { UnappliedCreditRow } from '../../../projections/unappliedCredits.ts'

export type Tables = {
  payments_v2: PaymentRow
  takings_v1: TakingsRow
  sites_v1: SiteRow
  merchants_v1: MerchantRow
  seals_v1: SealRow
  unapplied_credits_v2: UnappliedCreditRow
  transfers_v1: TransferRow
  terminals_v1: TerminalRow
}

export function readModels(db: Kysely<Tables>): ReadModels {
  return {
    listPayments: (filter, page) => listPayments(db, filter, page),
    duePayments: async (now, limit) => {
      const rows = await db
        .selectFrom('payments_v2')
        .select('id')
        .where('dueAt', '<=', now)
        .orderBy('dueAt')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    dailyTakings: async (merchantId, from, to) => {
      const rows = await db
        .selectFrom('takings_v1')
        .select(['businessDate', 'method', 'currency', ...sums])
        .where('merchantId', '=', merchantId)
        .where('businessDate', '>=', from)
        .where('businessDate', '<=', to)
        .groupBy(['businessDate', 'method', 'currency'])
        .orderBy('businessDate')
        .orderBy('method')
        .execute()
      return rows.map((row) => sumOf(row, ['businessDate', 'method']))
    },
    listUnapplied: (merchantId, page) => listUnapplied(db, merchantId, page),
    sumUnapplied: (merchantId, after, upTo) => sumUnapplied(db, merchantId, after, upTo),
    unappliedBefore: async (instant, limit) => {
      const rows = await db
        .selectFrom('unapplied_credits_v2')
        .select('id')
        .where('openSince', '<=', instant)
        .orderBy('openSince')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    listTransfers: (filter, page) => listTransfers(db, filter, page),
    dueTransfers: async (now, limit) => {
      const rows = await db
        .selectFrom('transfers_v1')
        .select('id')
        .where('dueAt', '<=', now)
        .orderBy('dueAt')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    candidates: (credit, merchantId, limit) => candidates(db, credit, merchantId, limit),
    siteIds: (merchantId, page) => {
      const all = db.selectFrom('sites_v1').select('id').orderBy('id')
      return pagedIds(merchantId === undefined ? all : all.where('merchantId', '=', merchantId), page)
    },
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
    merchantIds: (page) => pagedIds(db.selectFrom('merchants_v1').select('id').orderBy('id'), page),
    acceptance: async (asOf, activeFrom) => {
      const rows = await db
        .selectFrom('sites_v1 as site')
        .select(['sector', 'district', sql<Count>`count(*)`.as('registered'), active(asOf, activeFrom)])
        .where('registeredOn', '<=', asOf)
        .groupBy(['sector', 'district'])
        .orderBy('sector')
        .orderBy('district')
        .execute()
      return rows.map(({ sector, district, registered, active }) => ({
        sector,
        district,
        registered: Number(registered),
        active: Number(active),
      }))
    },
    statistics: (from, to, interval, by) => statistics(db, from, to, interval, by),
    listSeals: (page) => listSeals(db, page),
    sealedOn: async (position) => {
      const query = db.selectFrom('seals_v1').select('date').where('lastPosition', '>=', position)
      return (await query.orderBy('lastPosition').limit(1).executeTakeFirst())?.date
    },
  }
}

/** Databases give whole numbers as number, bigint or text; each is converted once, here. */
type Count = number | bigint | string

const sums = [
  sql<Count>`sum("count")`.as('count'),
  sql<Count>`sum("gross")`.as('gross'),
  sql<Count>`sum("fees")`.as('fees'),
] as const

const active = (asOf: string, activeFrom: string) =>
  sql<Count>`sum(case when exists (
    select 1 from "takings_v1" as "t" where "t"."siteId" = "site"."id"
    and "t"."businessDate" > ${activeFrom} and "t"."businessDate" <= ${asOf}
  ) then 1 else 0 end)`.as('active')

async function listPayments(
  db: Kysely<Tables>,
  filter: PaymentFilter,
  page: Page,
): Promise<Paged<PaymentRow>> {
  let query = db.selectFrom('payments_v2').selectAll().orderBy('createdAt', 'desc').orderBy('id', 'desc')
  for (const name of ['merchantId', 'siteId', 'terminalId', 'status', 'orderId'] as const) {
    const value = filter[name]
    if (value !== undefined) query = query.where(name, '=', value)
  }
  if (filter.from !== undefined) query = query.where('createdAt', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('createdAt', '<', filter.to)
  return paged(query, 'payments_v2', 'createdAt', '<', page)
}

const unappliedOf = (db: Kysely<Tables>, merchantId: string | undefined) => {
  const all = db.selectFrom('unapplied_credits_v2').where('openSince', 'is not', null)
  return merchantId === undefined
    ? all
    : all.where((where) => where.or([where('merchantId', '=', merchantId), cameTo(merchantId)]))
}

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

const listTransfers = (
  db: Kysely<Tables>,
  { merchantId, status }: TransferFilter,
  page: Page,
): Promise<Paged<TransferRow>> => {
  let query = db.selectFrom('transfers_v1').selectAll().orderBy('requestedAt', 'desc').orderBy('id', 'desc')
  if (merchantId !== undefined) query = query.where('merchantId', '=', merchantId)
  if (status !== undefined) query = query.where('status', '=', status)
  return paged(query, 'transfers_v1', 'requestedAt', '<', page)
}

function terminalIds(db: Kysely<Tables>, filter: TerminalFilter, page: Page): Promise<Paged<string>> {
  let query = db.selectFrom('terminals_v1').select('id').orderBy('id')
  for (const name of ['merchantId', 'siteId', 'status', 'presence'] as const) {
    const value = filter[name]
    if (value !== undefined) query = query.where(name, '=', value)
  }
  return pagedIds(query, page)
}

/** Whose account it came to has a claim on it, whatever it names. */
const cameTo = (merchantId: string) =>
  sql<boolean>`exists (select 1 from "merchants_v1" as "m" where "m"."id" = ${merchantId}
    and "m"."bankBin" = "unapplied_credits_v2"."bankBin"
    and "m"."accountNumber" = "unapplied_credits_v2"."accountNumber")`

async function candidates(
  db: Kysely<Tables>,
  credit: UnappliedCreditRow,
  merchantId: string | undefined,
  limit: number,
) {
  const open = db
    .selectFrom('payments_v2 as payment')
    .innerJoin('merchants_v1 as merchant', 'merchant.id', 'payment.merchantId')
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
  return (await own.execute()).map((row) => typed('payments_v2', row))
}

async function listSeals(db: Kysely<Tables>, { limit, cursor }: Page): Promise<Paged<SealRow>> {
  const all = db.selectFrom('seals_v1').selectAll().orderBy('date', 'desc')
  const rest = cursor === undefined ? all : all.where('date', '<', cursor)
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map((row) => typed('seals_v1', row))
  return { rows, nextCursor: found.length > limit ? rows.at(-1)!.date : null }
}

const periods: Record<Interval, number> = { day: 10, month: 7, year: 4 }

async function statistics(
  db: Kysely<Tables>,
  from: string,
  to: string,
  interval: Interval,
  by: readonly Dimension[],
): Promise<readonly Sum[]> {
  const period = sql<string>`substr("businessDate", 1, ${sql.lit(periods[interval])})`
  const query = db
    .selectFrom('takings_v1 as takings')
    .innerJoin('sites_v1 as site', 'site.id', 'takings.siteId')
    .select([period.as('period'), ...by, 'currency', ...sums])
    .where('businessDate', '>=', from)
    .where('businessDate', '<=', to)
    .groupBy([period, ...by, 'currency'])
    .orderBy(period)
  const ordered = [...by, 'currency' as const].reduce((sorted, name) => sorted.orderBy(name), query)
  const rows = await ordered.execute()
  return rows.map((row) => sumOf(row, ['period', ...by]))
}

function sumOf(row: Readonly<Record<string, unknown>>, names: readonly string[]): Sum {
  return {
    group: Object.fromEntries(names.map((name) => [name, String(row[name])])),
    currency: String(row.currency),
    count: Number(row.count),
    gross: BigInt(row.gross as Count),
    fees: BigInt(row.fees as Count),
  }
}

/** A page after a cursor by (time, id); one row more is read to know whether another page follows. */
async function paged<
  Table extends 'payments_v2' | 'unapplied_credits_v2' | 'transfers_v1',
  T extends Tables[Table],
>(
  query: SelectQueryBuilder<Tables, Table, T>,
  table: Table,
  time: 'createdAt' | 'openSince' | 'requestedAt',
  after: '<' | '>',
  { limit, cursor }: Page,
): Promise<Paged<T>> {
  const from = cursor === undefined ? undefined : readCursor(cursor)
  const rest = from
    ? query.where(sql<boolean>`(${sql.ref(time)}, "id") ${sql.raw(after)} (${from.time}, ${from.id})`)
    : query
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map((row) => typed(table, row as Row)) as unknown as T[]
  const last = rows.at(-1) as Readonly<Record<string, string>> | undefined
  const more = found.length > limit && last !== undefined
  return { rows, nextCursor: more ? `${last[time]}_${last.id}` : null }
}

/** A page of ids after a cursor that is an id. */
async function pagedIds(
  query: SelectQueryBuilder<Tables, keyof Tables, { id: string }>,
  { limit, cursor }: Page,
): Promise<Paged<string>> {
  const rest = cursor === undefined ? query : query.where('id', '>', cursor)
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map(({ id }) => id)
  return { rows, nextCursor: found.length > limit ? rows.at(-1)! : null }
}

const readCursor = (cursor: string): { time: string; id: string } => {
  const at = cursor.indexOf('_')
  return { time: cursor.slice(0, at), id: cursor.slice(at + 1) }
}

const byName = new Map(projections.map((projection) => [projection.name, projection]))

/** A row with each cell as its projection declares it. */
function typed<Table extends keyof Tables>(table: Table, row: object): Tables[Table] {
  const { columns } = byName.get(table) as Projection
  const entries = Object.entries(row).map(([name, value]) => [name, typedCell(columns[name], value as Cell)])
  return Object.fromEntries(entries) as Tables[Table]
}

function typedCell(column: string | undefined, value: Cell): Cell {
  if (value === null) return null
  if (column === 'money') return BigInt(value)
  return column === 'integer' ? Number(value) : value
}
