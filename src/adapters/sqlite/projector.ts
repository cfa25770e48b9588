// Read models in SQLite: rows and checkpoint change in one transaction, so every event counts once.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { typedCell } from '../sql/queries.ts'
import { inTransaction } from './database.ts'

/** A set of projected tables with one checkpoint: the live one, or one being rebuilt beside it. */
export type Projector = {
  readonly checkpoint: () => string
  /** Folds the events after the checkpoint into the rows. Events at or before it are skipped: they have been counted. */
  readonly apply: (events: readonly Recorded[]) => void
}

export const checkpointTable =
  'create table if not exists checkpoints (name text primary key, position text not null) strict;'

/** `suffix` is '' for the live tables. */
export function createProjector(
  database: DatabaseSync,
  projections: readonly Projection[],
  suffix: string,
): Projector {
  const tables = projections.map((projection) => prepareTable(database, projection, suffix))
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
      for (const table of tables) table.fold(fresh)
      write.run(name, last.position)
    })
  return { checkpoint, apply }
}

type Touched = { readonly key: readonly Cell[]; readonly had: boolean; row: Row | undefined }

/** One table's statements. A batch is folded in memory; each touched row is then written once, in key order. */
function prepareTable(database: DatabaseSync, projection: Projection, suffix: string) {
  const { columns, key, handles, keyOf, evolve } = projection
  const table = `"${projection.name}${suffix}"`
  const names = Object.keys(columns)
  const list = names.map((name) => `"${name}"`).join(', ')
  const byKey = key.map((name) => `"${name}" = ?`).join(' and ')
  const select = database.prepare(`select ${list} from ${table} where ${byKey}`, { readBigInts: true })
  const upsert = database.prepare(
    `insert or replace into ${table} (${list}) values (${names.map(() => '?').join(', ')})`,
  )
  const remove = database.prepare(`delete from ${table} where ${byKey}`)
  const handled = new Set<string>(handles)

  const load = (values: readonly Cell[]): Row | undefined => {
    const found = select.get(...(values as SQLInputValue[])) as Row | undefined
    if (!found) return undefined
    return Object.fromEntries(names.map((name) => [name, typedCell(columns[name], found[name]!)]))
  }

  const save = ({ key: values, had, row }: Touched): void => {
    if (row) upsert.run(...names.map((name) => row[name] as SQLInputValue))
    else if (had) remove.run(...(values as SQLInputValue[]))
  }

  const fold = (events: readonly Recorded[]): void => {
    const touched = new Map<string, Touched>()
    for (const event of events) {
      if (!handled.has(event.type)) continue
      const values = keyOf(event)
      const text = values.join('\0')
      let entry = touched.get(text)
      if (!entry) {
        const row = load(values)
        entry = { key: values, had: row !== undefined, row }
        touched.set(text, entry)
      }
      entry.row = evolve(entry.row, event)
    }
    for (const text of [...touched.keys()].sort()) save(touched.get(text)!)
  }
  return { fold }
}

/** The statements that make a projection's table, and, once it is filled, its indexes. */
export function tableSql({ name, columns, key }: Projection, suffix: string): string {
  const types = { text: 'text', integer: 'integer', money: 'integer' } as const
  const list = Object.entries(columns).map(([column, type]) => `"${column}" ${types[type]}`)
  const primary = key.map((column) => `"${column}"`).join(', ')
  return `create table "${name}${suffix}" (${list.join(', ')}, primary key (${primary})) strict, without rowid;`
}

export const indexSql = ({ name, indexes }: Projection): string =>
  indexes
    .map((columns, index) => {
      const list = columns.map((column) => `"${column}"`).join(', ')
      return `create index "${name}_${index + 1}" on "${name}" (${list});`
    })
    .join('\n')
