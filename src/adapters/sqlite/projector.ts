// Read models in SQLite: rows and checkpoint change in one transaction, so every event counts once.
import type { DatabaseSync } from 'node:sqlite'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { inTransaction } from './database.ts'

/** A set of projected tables with one checkpoint: the live one, or one being rebuilt beside it. */
export type Projector = {
  readonly checkpoint: () => string
  /** Folds the events after the checkpoint into the rows. Events at or before it are skipped: they have been counted. */
  readonly apply: (events: readonly Recorded[]) => void
}

/** `suffix` is '' for the live tables. */
export function createProjector(
  database: DatabaseSync,
  projections: readonly Projection[],
  suffix: string,
): Projector {
  const tables = projections.map((projection) => prepareTable(database, projection, suffix))
  const handlers = tablesByType(projections, tables)
  const read = database.prepare('select position from checkpoints where name = ?')
  const write = database.prepare(
    'insert into checkpoints values (?, ?) on conflict (name) do update set position = excluded.position',
  )
  const name = `projections${suffix}`
  const checkpoint = (): string => (read.get(name)?.position as string | undefined) ?? ''

  const apply = (events: readonly Recorded[]): void =>
    inTransaction(database, () => {
      const done = checkpoint()
      const fresh = events.filter(({ position }) => position > done)
      const last = fresh.at(-1)
      if (!last) return
      const touched = new Map(tables.map((table) => [table, new Map<string, Touched>()]))
      for (const event of fresh)
        for (const table of handlers.get(event.type) ?? []) table.fold(touched.get(table)!, event)
      for (const [table, rows] of touched) table.save(rows)
      write.run(name, last.position)
    })
  return { checkpoint, apply }
}

type Touched = { readonly key: readonly Cell[]; readonly had: boolean; row: Row | undefined }
type Table = ReturnType<typeof prepareTable>

/** An event is shown once, and only to the tables that handle its type: there are many of both. */
function tablesByType(projections: readonly Projection[], tables: readonly Table[]): Map<string, Table[]> {
  const byType = new Map<string, Table[]>()
  for (const [index, { handles }] of projections.entries())
    for (const type of new Set(handles)) byType.set(type, [...(byType.get(type) ?? []), tables[index]!])
  return byType
}

/** One table's statements. A batch is folded in memory; each touched row is then written once, in key order. */
function prepareTable(database: DatabaseSync, projection: Projection, suffix: string) {
  const { concerns, parts, begins, keyOf, evolve } = projection
  const { load, save } = prepareRows(database, projection, suffix)

  const foldPart = (touched: Map<string, Touched>, event: Recorded): void => {
    const key = keyOf(event)
    const text = key.length === 1 ? String(key[0]) : key.join('\0')
    let entry = touched.get(text)
    if (!entry) {
      const row = event.type === begins ? undefined : load(key)
      entry = { key, had: row !== undefined, row }
      touched.set(text, entry)
    }
    entry.row = evolve(entry.row, event)
  }

  return {
    fold: (touched: Map<string, Touched>, event: Recorded): void => {
      if (concerns?.(event) === false) return
      if (!parts) foldPart(touched, event)
      else for (const part of parts(event)) foldPart(touched, part)
    },
    save: (touched: ReadonlyMap<string, Touched>): void => {
      for (const text of [...touched.keys()].sort()) save(touched.get(text)!)
    },
  }
}

function prepareRows(database: DatabaseSync, { name, columns, key }: Projection, suffix: string) {
  const table = `"${name}${suffix}"`
  const names = Object.keys(columns)
  const integers = names.filter((column) => columns[column] === 'integer')
  const list = names.map(quoted).join(', ')
  const byKey = key.map((column) => `${quoted(column)} = ?`).join(' and ')
  const changes = names.map((column) => `${quoted(column)} = ?`).join(', ')
  const values = names.map(() => '?').join(', ')
  const select = database.prepare(`select ${list} from ${table} where ${byKey}`, { readBigInts: true })
  const insert = database.prepare(`insert into ${table} (${list}) values (${values})`)
  const update = database.prepare(`update ${table} set ${changes} where ${byKey}`)
  const remove = database.prepare(`delete from ${table} where ${byKey}`)

  const load = (values: readonly Cell[]): Row | undefined => {
    const row = select.get(...values) as Record<string, Cell> | undefined
    if (row) for (const column of integers) row[column] = Number(row[column])
    return row
  }
  const save = ({ key: values, had, row }: Touched): void => {
    const cells = row ? names.map((column) => row[column]!) : []
    if (had) row ? update.run(...cells, ...values) : remove.run(...values)
    else if (row) insert.run(...cells)
  }
  return { load, save }
}

const quoted = (column: string): string => `"${column}"`

/** The statement that makes a projection's table. Rows keep their place when they change, so that new ones lie together. */
export function tableSql({ name, columns, key }: Projection, suffix: string): string {
  const types = { text: 'text', integer: 'integer', money: 'integer' } as const
  const list = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${types[type]}`)
  const primary = key.map(quoted).join(', ')
  return `create table "${name}${suffix}" (${list.join(', ')}, primary key (${primary})) strict;`
}

/** The statements that make its indexes, better once it is filled. */
export const indexSql = ({ name, indexes }: Projection): string =>
  indexes
    .map(({ columns, present }, index) => {
      const where = present ? ` where ${quoted(present)} is not null` : ''
      return `create index "${name}_${index + 1}" on "${name}" (${columns.map(quoted).join(', ')})${where};`
    })
    .join('\n')
