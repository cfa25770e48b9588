// Read models in an SQLite file: the statements of each table, and the checkpoint beside them.
import type { DatabaseSync } from 'node:sqlite'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import { inTransaction } from './database.ts'
import { type Projector, projectorOver, type TableRows } from './foldRows.ts'
import { rowSql } from './tableSql.ts'

export type { Projector } from './foldRows.ts'

/** `suffix` is '' for the live tables. */
export function createProjector(
  database: DatabaseSync,
  projections: readonly Projection[],
  suffix: string,
): Projector {
  const read = database.prepare('select position from checkpoints where name = ?')
  const write = database.prepare(
    'insert into checkpoints values (?, ?) on conflict (name) do update set position = excluded.position',
  )
  const name = `projections${suffix}`
  return projectorOver(
    {
      inTransaction: (work) => inTransaction(database, work),
      checkpoint: () => (read.get(name)?.position as string | undefined) ?? '',
      saveCheckpoint: (position) => void write.run(name, position),
      rowsOf: (projection) => prepareRows(database, projection, suffix),
    },
    projections,
  )
}

function prepareRows(database: DatabaseSync, projection: Projection, suffix: string): TableRows {
  const names = Object.keys(projection.columns)
  const integers = names.filter((column) => projection.columns[column] === 'integer')
  const sql = rowSql(projection, suffix)
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
