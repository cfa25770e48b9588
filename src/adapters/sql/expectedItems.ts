// What a bank statement must show, in SQL: a source for each kind of item, all of them less what a statement has shown.
import { type Kysely, sql } from 'kysely'
import type { ItemRange, Page, Paged, ReadModels, StatementAccount } from '../../../projections/readModels.ts'
import { businessDate } from '../../domain/core/businessDay.ts'
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import { type ExpectedItem, type ItemKind, itemKinds } from '../../domain/settlement/expectedItem.ts'
import type { Count, Tables } from './tables.ts'

type Source = {
  readonly byIds: (account: StatementAccount, ids: readonly string[]) => Promise<readonly ExpectedItem[]>
  readonly open: (range: ItemRange, page: Page) => Promise<Paged<ExpectedItem>>
}

export function expectedItemQueries(db: Kysely<Tables>): Pick<ReadModels, 'expectedItems' | 'openItems'> {
  const sources: Readonly<Record<ItemKind, Source>> = {
    credit: creditSource(db),
    transfer: transferSource(db),
    payout: payoutSource(db),
  }
  return {
    expectedItems: async (account, ids) => {
      if (ids.length === 0) return []
      const found = await Promise.all(itemKinds.map((kind) => sources[kind].byIds(account, ids)))
      return found.flat()
    },
    openItems: (kind, range, page) => sources[kind].open(range, page),
  }
}

/** A page ends with its last row's time and id: an index goes on there, however many rows a time has. */
function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  timeOf: (row: Row) => string,
  itemOf: (row: Row) => ExpectedItem,
): Paged<ExpectedItem> {
  const last = rows.at(-1)
  const nextCursor = last && rows.length === limit ? `${timeOf(last)} ${last.id}` : null
  return { rows: rows.map(itemOf), nextCursor }
}

/** Rows behind the cursor, or from the first of the range on. */
const behind = (time: string, id: string, first: string, cursor = `${first} `) => {
  const space = cursor.indexOf(' ')
  return sql<boolean>`(${sql.ref(time)}, ${sql.ref(id)}) > (${cursor.slice(0, space)}, ${cursor.slice(space + 1)})`
}

const notReconciled = (column: string) =>
  sql<boolean>`not exists (select 1 from "reconciled_items_v1" as "r" where "r"."id" = ${sql.ref(column)})`

function creditSource(db: Kysely<Tables>): Source {
  const credits = db.selectFrom('credits_v1 as c').selectAll('c').where(notReconciled('c.id'))
  return {
    byIds: async (account, ids) => {
      const rows = await credits.where('c.id', 'in', ids).execute()
      return rows.filter((row) => isOf(row, account)).map(creditItem)
    },
    open: async ({ bankBin, accountNumber, currency, from, to }, { limit, cursor }) => {
      const rows = await credits
        .where('c.accountNumber', '=', accountNumber)
        .where('c.bankBin', '=', bankBin)
        .where('c.currency', '=', currency)
        .where(behind('c.creditedOn', 'c.id', from, cursor))
        .where('c.creditedOn', '<=', to)
        .orderBy('c.creditedOn')
        .orderBy('c.id')
        .limit(limit)
        .execute()
      return pageOf(rows, limit, ({ creditedOn }) => creditedOn, creditItem)
    },
  }
}

/** Not a condition of the query: it would be answered by the account's index, and read the whole account. */
const isOf = (row: BankAccount, { bankBin, accountNumber }: BankAccount): boolean =>
  row.bankBin === bankBin && row.accountNumber === accountNumber

type CreditItem = {
  readonly id: string
  readonly amount: Count
  readonly creditedOn: string
  readonly transactionId: string
  readonly reference: string | null
}

const creditItem = ({ id, amount, creditedOn, transactionId, reference }: CreditItem): ExpectedItem => ({
  id,
  kind: 'credit',
  direction: 'credit',
  amount: BigInt(amount),
  expectedOn: creditedOn,
  bankReference: transactionId,
  ...(reference !== null && { reference }),
  certain: true,
})

/** Money goes back from the account that it came to. */
function transferSource(db: Kysely<Tables>): Source {
  const transfers = db
    .selectFrom('transfers_v1 as t')
    .innerJoin('credits_v1 as c', 'c.id', 't.creditId')
    .select(['t.id', 't.amount', 't.status', 't.requestedAt', 'c.bankBin', 'c.accountNumber'])
    .where('t.status', 'in', ['sent', 'unknown', 'completed'])
    .where(notReconciled('t.id'))
  return {
    byIds: async (account, ids) => {
      const rows = await transfers.where('t.id', 'in', ids).execute()
      return rows.filter((row) => isOf(row, account)).map(transferItem)
    },
    open: async ({ bankBin, accountNumber, currency, from: first, to: last }, { limit, cursor }) => {
      const rows = await transfers
        .where('c.accountNumber', '=', accountNumber)
        .where('c.bankBin', '=', bankBin)
        .where('t.currency', '=', currency)
        .where(behind('t.requestedAt', 't.id', startOf(first), cursor))
        .where('t.requestedAt', '<=', endOf(last))
        .orderBy('t.requestedAt')
        .orderBy('t.id')
        .limit(limit)
        .execute()
      return pageOf(rows, limit, ({ requestedAt }) => requestedAt, transferItem)
    },
  }
}

/** The instants at which a business date begins, and before which it ends. */
const startOf = (date: string): string => new Date(`${date}T00:00:00+07:00`).toISOString()
const endOf = (date: string): string => new Date(`${date}T23:59:59.999+07:00`).toISOString()

type TransferItem = {
  readonly id: string
  readonly amount: Count
  readonly status: string
  readonly requestedAt: string
}

const transferItem = ({ id, amount, status, requestedAt }: TransferItem): ExpectedItem => ({
  id,
  kind: 'transfer',
  direction: 'debit',
  amount: BigInt(amount),
  expectedOn: businessDate(requestedAt),
  endToEndId: id,
  certain: status === 'completed',
})

/** Payouts leave from the operator's account, and come to the accounts of merchants. */
function payoutSource(db: Kysely<Tables>): Source {
  const payouts = db
    .selectFrom('payouts_v1 as p')
    .select(['p.endToEndId', 'p.amount', 'p.status', 'p.valueDate', 'p.bankBin', 'p.accountNumber'])
    .where('p.status', '!=', 'rejected')
    .where(notReconciled('p.endToEndId'))
  return {
    byIds: async (account, ids) => {
      const rows = await payouts.where('p.endToEndId', 'in', ids).execute()
      return rows
        .filter((row) => account.paysOut || isOf(row, account))
        .map((row) => payoutItem(row, account))
    },
    open: async ({ currency, from, to, ...account }, { limit, cursor = '' }) => {
      const ours = payouts
        .where('p.currency', '=', currency)
        .where('p.valueDate', '>=', from)
        .where('p.valueDate', '<=', to)
        .where('p.endToEndId', '>', cursor)
      const own = account.paysOut
        ? ours
        : ours.where('p.accountNumber', '=', account.accountNumber).where('p.bankBin', '=', account.bankBin)
      const rows = await own.orderBy('p.endToEndId').limit(limit).execute()
      const nextCursor = rows.length === limit ? rows.at(-1)!.endToEndId : null
      return { rows: rows.map((row) => payoutItem(row, account)), nextCursor }
    },
  }
}

type PayoutItem = {
  readonly endToEndId: string
  readonly amount: Count
  readonly status: string
  readonly valueDate: string
}

/** The bank may still send it back before it says that it is settled. */
const payoutItem = (
  { endToEndId, amount, status, valueDate }: PayoutItem,
  { paysOut }: StatementAccount,
): ExpectedItem => ({
  id: endToEndId,
  kind: 'payout',
  direction: paysOut ? 'debit' : 'credit',
  amount: BigInt(amount),
  expectedOn: valueDate,
  endToEndId,
  certain: status === 'settled',
})
