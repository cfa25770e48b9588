// The read models in the SQLite of a Durable Object: the same projections, tables and questions as in a file.
import { Kysely, SqliteDialect } from 'kysely'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import { projections, type ReadModels } from '../../../projections/readModels.ts'
import { readModels } from '../sql/queries.ts'
import type { Tables } from '../sql/tables.ts'
import { type Projector, projectorOver, type TableRows } from '../sqlite/foldRows.ts'
import { indexSql, quoted, rowSql, tableSql } from '../sqlite/tableSql.ts'
import type { ObjectStorage, SqlStorage } from './storage.ts'

type Storage = Pick<ObjectStorage, 'sql' | 'transactionSync'>

export type ObjectReadModels = {
  readonly queries: ReadModels
  /** Counts the object's own log, or, by another name, what another object sent of its log. */
  readonly projector: (name: string, counted?: readonly Projection[]) => Projector
}

export function objectReadModels(storage: Storage): ObjectReadModels {
  storage.transactionSync(() => fitTables(storage.sql))
  return {
    queries: readModels(new Kysely<Tables>({ dialect: dialect(storage.sql) })),
    projector: (name, counted = projections) => projectorIn(storage, name, counted),
  }
}

const bookkeeping = `
  create table if not exists projection_checkpoints (name text primary key, position text not null) strict;
  create table if not exists projection_tables (name text primary key) strict;`

/** Tables of projections that changed (their names say so) go, new ones come, and all are filled again from the log. */
function fitTables(sql: SqlStorage): void {
  sql.exec(bookkeeping)
  const found = sql
    .exec('select name from projection_tables')
    .toArray()
    .map(({ name }) => String(name))
  const wanted = projections.map(({ name }) => name)
  if (wanted.length === found.length && wanted.every((name) => found.includes(name))) return
  for (const name of found) sql.exec(`drop table if exists ${quoted(name)}`)
  sql.exec('delete from projection_tables')
  sql.exec('delete from projection_checkpoints')
  for (const projection of projections) {
    sql.exec(`${tableSql(projection)}${indexSql(projection)}`)
    sql.exec('insert into projection_tables values (?)', projection.name)
  }
}

function projectorIn(storage: Storage, name: string, counted: readonly Projection[]) {
  const { sql } = storage
  return projectorOver(
    {
      inTransaction: (work) => storage.transactionSync(work),
      checkpoint: () => {
        const [row] = sql.exec('select position from projection_checkpoints where name = ?', name).toArray()
        return row === undefined ? '' : String(row.position)
      },
      saveCheckpoint: (position) =>
        void sql.exec('insert or replace into projection_checkpoints values (?, ?)', name, position),
      rowsOf: (projection) => rowsIn(sql, projection),
    },
    counted,
  )
}

function rowsIn(sql: SqlStorage, projection: Projection): TableRows {
  const { columns } = projection
  const names = Object.keys(columns)
  // Sums of money may pass 2^53, where this storage would round them: they are read as text.
  const text = rowSql(projection, (column) =>
    columns[column] === 'money' ? `cast(${quoted(column)} as text) as ${quoted(column)}` : quoted(column),
  )
  const read = (column: string, cell: unknown): Cell =>
    columns[column] === 'money' && cell !== null ? BigInt(cell as string) : (cell as Cell)
  const cellsOf = (row: Row) => names.map((column) => stored(row[column]!))
  return {
    load: (key) => {
      const [row] = sql.exec(text.select, ...key.map(stored)).toArray()
      return row && Object.fromEntries(names.map((column) => [column, read(column, row[column])]))
    },
    insert: (row) => void sql.exec(text.insert, ...cellsOf(row)),
    update: (row, key) => void sql.exec(text.update, ...cellsOf(row), ...key.map(stored)),
    remove: (key) => void sql.exec(text.remove, ...key.map(stored)),
  }
}

/** The storage takes no bigint; digits that stand in an integer column become one. */
const stored = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** Kysely speaks better-sqlite3, which gives whole numbers as bigint here as from a file. */
function dialect(sql: SqlStorage): SqliteDialect {
  const all = (text: string, values: readonly unknown[]) =>
    sql
      .exec(text, ...values.map(stored))
      .toArray()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, wide(cell)])))
  return new SqliteDialect({
    database: {
      close: () => {},
      prepare: (text) => ({
        reader: true,
        all: (values: readonly unknown[]) => all(text, values),
        run: () => {
          throw new Error('questions only')
        },
        iterate: (values: readonly unknown[]) => all(text, values)[Symbol.iterator](),
      }),
    },
  })
}

const wide = (cell: unknown): unknown => (typeof cell === 'number' ? BigInt(cell) : cell)
