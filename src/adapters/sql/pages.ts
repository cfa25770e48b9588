// Lists in SQL, a page at a time, and the ids of what is due.
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Page, Paged } from '../../../projections/readModels.ts'
import { type Tables, typed } from './tables.ts'

type Listed =
  | 'payments_v6'
  | 'fulfillment_exceptions_v1'
  | 'unapplied_credits_v2'
  | 'transfers_v1'
  | 'bill_postings_v1'
  | 'establishment_uploads_v1'
  | 'complaints_v1'
  | 'mandates_v1'
  | 'statements_v2'
  | 'reconciliation_exceptions_v1'
  | 'traces_v1'

/** A page after a cursor by (time, id); one row more is read to know whether another page follows. */
export async function paged<Table extends Listed, T extends Tables[Table]>(
  query: SelectQueryBuilder<Tables, Table, T>,
  table: Table,
  time: 'createdAt' | 'openSince' | 'requestedAt' | 'raisedAt' | 'startedAt' | 'receivedAt' | 'openedAt',
  after: '<' | '>',
  { limit, cursor }: Page,
): Promise<Paged<T>> {
  const from = cursor === undefined ? undefined : readCursor(cursor)
  const rest = from
    ? query.where(sql<boolean>`(${sql.ref(time)}, "id") ${sql.raw(after)} (${from.time}, ${from.id})`)
    : query
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map((row) => typed(table, row)) as unknown as T[]
  const last = rows.at(-1) as Readonly<Record<string, string>> | undefined
  const more = found.length > limit && last !== undefined
  return { rows, nextCursor: more ? `${last[time]}_${last.id}` : null }
}

/** A page of ids after a cursor that is an id. */
export async function pagedIds(
  query: SelectQueryBuilder<Tables, keyof Tables, { id: string }>,
  { limit, cursor }: Page,
): Promise<Paged<string>> {
  const rest = cursor === undefined ? query : query.where('id', '>', cursor)
  const found = await rest.limit(limit + 1).execute()
  const rows = found.slice(0, limit).map(({ id }) => id)
  return { rows, nextCursor: found.length > limit ? rows.at(-1)! : null }
}

/** The ids of the rows whose instant has come, the longest past first. */
export async function idsUpTo(
  db: Kysely<Tables>,
  table: Listed,
  time: 'dueAt' | 'openSince',
  instant: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where(sql.ref(time), '<=', instant)
    .orderBy(sql.ref(time))
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

const readCursor = (cursor: string): { time: string; id: string } => {
  const at = cursor.indexOf('_')
  return { time: cursor.slice(0, at), id: cursor.slice(at + 1) }
}
