// The read models' file: made to fit the projections, followed from the log, and rebuilt beside itself.
import type { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Projection } from '../../../projections/projection.ts'
import { projections, type ReadModels } from '../../../projections/readModels.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { readModels } from '../sql/queries.ts'
import type { Tables } from '../sql/tables.ts'
import { checkpointTable } from './checkpoints.ts'
import { inTransaction, openDatabase } from './database.ts'
import type { RebuildProgress } from './draft.ts'
import { createProjector, type Projector } from './projector.ts'
import { type Rebuilt, rebuild } from './rebuild.ts'
import { indexSql, tableSql } from './tableSql.ts'

export type SqliteReadModels = {
  readonly queries: ReadModels
  readonly projector: Projector
  /** Rebuilds every table from the log beside the live ones, compares, and puts right what differs. With the log's file: in two threads. */
  readonly rebuild: (store: EventStore, options?: RebuildOptions) => Promise<Rebuilt>
  readonly close: () => void
}

type RebuildOptions = { readonly logFile?: string; readonly progress?: RebuildProgress }

/** Of every projection, or of those named: only what they keep can be asked then. */
export function sqliteReadModels(file: string, kept: readonly Projection[] = projections): SqliteReadModels {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: [checkpointTable] })
  fitTables(database, kept)
  const projector = createProjector(database, kept)
  return {
    queries: readModels(new Kysely<Tables>({ dialect: dialect(database) })),
    projector,
    rebuild: (store, { logFile, progress = () => {} } = {}) =>
      rebuild({ file, database, live: projector }, { store, logFile }, progress),
    close: () => database.close(),
  }
}

/** Tables of projections that changed (their names say so) go, new ones come, and all are filled again from the log. */
function fitTables(database: DatabaseSync, kept: readonly Projection[]): void {
  inTransaction(database, () => {
    const wanted = kept.map(({ name }) => name)
    const found = tableNames(database)
    if (wanted.every((name) => found.includes(name)) && found.length === wanted.length) return
    dropTables(database, found)
    database.exec("delete from checkpoints where name like 'projections%'")
    for (const projection of kept) database.exec(tableSql(projection) + indexSql(projection))
  })
}

const tableNames = (database: DatabaseSync): string[] =>
  database
    .prepare("select name from sqlite_schema where type = 'table' and name <> 'checkpoints'")
    .all()
    .map(({ name }) => name as string)

const dropTables = (database: DatabaseSync, names: readonly string[]): void => {
  for (const name of names) database.exec(`drop table if exists "${name}"`)
}

/** Kysely speaks better-sqlite3; node:sqlite takes the same calls with the values spread. Statements are kept. */
function dialect(database: DatabaseSync): SqliteDialect {
  const statements = new LRUCache<string, ReturnType<typeof prepare>>({ max: 200 })
  const prepare = (text: string) => {
    const statement = database.prepare(text, { readBigInts: true })
    return {
      reader: true,
      all: (values: readonly unknown[]) => statement.all(...(values as string[])),
      run: (values: readonly unknown[]) => statement.run(...(values as string[])),
      iterate: (values: readonly unknown[]) => statement.iterate(...(values as string[])),
    }
  }
  return new SqliteDialect({
    database: {
      close: () => {},
      prepare: (text) => {
        const known = statements.get(text) ?? prepare(text)
        statements.set(text, known)
        return known
      },
    },
  })
}
