// Read models in an SQLite file: the statements of each table, and the checkpoint beside them.
import type { DatabaseSync } from 'node:sqlite'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import { inTransaction } from './database.ts'
import { type Projector, projectorOver, type TableRows } from './foldRows.ts'
import { rowSql } from './tableSql.ts'

export type { Projector } from './foldRows.ts'

export function createProjector(database: DatabaseSync, projections: readonly Projection[]): Projector {
  const { read, save } = checkpointOf(database)
  return projectorOver(
    {
      inTransaction: (work) => inTransaction(database, work),
      checkpoint: read,
      saveCheckpoint: save,
      rowsOf: (projection) => prepareRows(database, projection),
    },
    projections,
  )
}

/** How far the tables in a file have come. */
export function checkpointOf(database: DatabaseSync) {
  const read = database.prepare("select position from checkpoints where name = 'projections'")
  const write = database.prepare("insert or replace into checkpoints values ('projections', ?)")
  return {
    read: (): string => (read.get()?.position as string | undefined) ?? '',
    save: (position: string) => void write.run(position),
  }
}

export function prepareRows(database: DatabaseSync, projection: Projection): TableRows {
  const names = Object.keys(projection.columns)
  const integers = names.filter((column) => projection.columns[column] === 'integer')
  const sql = rowSql(projection)
  const select = database.prepare(sql.select, { readBigInts: true })
  const insert = database.prepare(sql.insert)
  const update = database.prepare(sql.update)
  const remove = database.prepare(sql.remove)
  const cellsOf = (row: Row): Cell[] => names.map((column) => row[column]!)
  return {
    load: (key) => {
      const row = select.get(...key) as Record<string, Cell> | undefined
      if (row) for (const column of integers) row[column] = Number(row[column])
      return row
    },
    insert: (row) => void insert.run(...cellsOf(row)),
    update: (row, key) => void update.run(...cellsOf(row), ...key),
    remove: (key) => void remove.run(...key),
  }
}
