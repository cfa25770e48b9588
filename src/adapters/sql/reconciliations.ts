// Bank statements, their lines and what they left to a person, in SQL.
import { type Kysely, sql } from 'kysely'
import type { Page, Paged, ReadModels } from '../../../projections/readModels.ts'
import type { StatementLineRow } from '../../../projections/statementLines.ts'
import { bankKinds } from '../../domain/connectors/connector.ts'
import { paged } from './pages.ts'
import { type Count, type Tables, typed } from './tables.ts'

type Answers = Pick<
  ReadModels,
  | 'accountsNumbered'
  | 'connectorsOf'
  | 'bankConnectors'
  | 'knownLines'
  | 'banksNamesAgree'
  | 'statementDays'
  | 'listStatements'
  | 'statementLines'
  | 'sumStatement'
  | 'listReconciliationExceptions'
  | 'reconciliationException'
>

export const reconciliationQueries = (db: Kysely<Tables>): Answers => ({
  accountsNumbered: (accountNumber) =>
    db
      .selectFrom('merchants_v2')
      .select(['bankBin', 'accountNumber'])
      .distinct()
      .where('accountNumber', '=', accountNumber)
      .orderBy('bankBin')
      .execute(),
  connectorsOf: ({ bankBin, accountNumber }) =>
    db
      .selectFrom('account_tellers_v1 as t')
      .innerJoin('connectors_v1 as k', 'k.id', 't.connectorId')
      .selectAll('k')
      .where('t.accountNumber', '=', accountNumber)
      .where('t.bankBin', '=', bankBin)
      .orderBy('t.toldAt', 'desc')
      .orderBy('k.id')
      .execute(),
  bankConnectors: () =>
    db
      .selectFrom('connectors_v1')
      .selectAll()
      .where('kind', 'in', bankKinds)
      .orderBy('id')
      .limit(bankConnectorsMax)
      .execute(),
  knownLines: async (ids) => {
    if (ids.length === 0) return new Map()
    const rows = await db
      .selectFrom('statement_lines_v1')
      .select(['id', 'statementId', 'creditId'])
      .where('id', 'in', ids)
      .execute()
    return new Map(rows.map(({ id, ...known }) => [id, known]))
  },
  banksNamesAgree: async ({ bankBin, accountNumber }) => {
    const last = db
      .selectFrom('statements_v2')
      .select('id')
      .where('accountNumber', '=', accountNumber)
      .where('bankBin', '=', bankBin)
      .orderBy('startedAt', 'desc')
      .limit(lastStatements)
    const found = await db
      .selectFrom('statement_lines_v1')
      .select('id')
      .where('statementId', 'in', last)
      .where('list', '=', 'matched')
      .where('rule', '=', 'bank_reference')
      .limit(1)
      .executeTakeFirst()
    return found !== undefined
  },
  statementDays: async ({ bankBin, accountNumber }, { from, to }) => {
    const rows = await db
      .selectFrom('statements_v2')
      .select(['firstDay', 'lastDay'])
      .where('accountNumber', '=', accountNumber)
      .where('lastDay', '>=', from)
      .where('firstDay', '<=', to)
      .where('bankBin', '=', bankBin)
      .where('reconciledAt', 'is not', null)
      .orderBy('lastDay')
      .execute()
    return rows.map(({ firstDay, lastDay }) => ({ firstDay: firstDay!, lastDay: lastDay! }))
  },
  listStatements: (page) => {
    const all = db.selectFrom('statements_v2').selectAll().orderBy('startedAt', 'desc').orderBy('id', 'desc')
    return paged(all, 'statements_v2', 'startedAt', '<', page)
  },
  statementLines: (statementId, list, page) => lines(db, statementId, list, page),
  sumStatement: async (statementId) => {
    const rows = await db
      .selectFrom('statement_lines_v1')
      .select(['list', sql<Count>`count(*)`.as('count'), sumOf('credit'), sumOf('debit')])
      .where('statementId', '=', statementId)
      .groupBy('list')
      .execute()
    return rows.map(({ list, count, credit, debit }) => ({
      list,
      count: Number(count),
      credits: BigInt(credit),
      debits: BigInt(debit),
    }))
  },
  listReconciliationExceptions: (page) => {
    const open = db
      .selectFrom('reconciliation_exceptions_v1')
      .selectAll()
      .where('openSince', 'is not', null)
      .orderBy('openSince')
      .orderBy('id')
    return paged(open, 'reconciliation_exceptions_v1', 'openSince', '>', page)
  },
  reconciliationException: async (id) => {
    const row = await db
      .selectFrom('reconciliation_exceptions_v1')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && typed('reconciliation_exceptions_v1', row)
  },
})

const bankConnectorsMax = 100
const lastStatements = 5

const sumOf = <D extends 'credit' | 'debit'>(direction: D) =>
  sql<Count>`coalesce(sum(case when "direction" = ${direction} then "amount" end), 0)`.as(direction)

/** The cursor is the number of the last line and its id, with a point between. */
async function lines(
  db: Kysely<Tables>,
  statementId: string,
  list: string,
  { limit, cursor }: Page,
): Promise<Paged<StatementLineRow>> {
  let query = db
    .selectFrom('statement_lines_v1')
    .selectAll()
    .where('statementId', '=', statementId)
    .where('list', '=', list)
    .orderBy('line')
    .orderBy('id')
    .limit(limit + 1)
  if (cursor !== undefined) {
    const point = cursor.indexOf('.')
    const [line, id] = [Number(cursor.slice(0, point)), cursor.slice(point + 1)]
    query = query.where(sql<boolean>`("line", "id") > (${line}, ${id})`)
  }
  const found = await query.execute()
  const rows = found.slice(0, limit).map((row) => typed('statement_lines_v1', row))
  const last = rows.at(-1)
  return { rows, nextCursor: found.length > limit && last ? `${last.line}.${last.id}` : null }
}
