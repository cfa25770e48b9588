// One projected table in PostgreSQL: a batch of events is folded in memory, between one read and one write of the rows it touches.
import type pg from 'pg'
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { quoted, types } from './schema.ts'

type Keyed = { readonly key: readonly Cell[]; readonly text: string; readonly event: Recorded }
type Touched = { readonly key: readonly Cell[]; readonly had: boolean; row: Row | undefined }

/** One question to the database; several may be asked at once, and are put one after the other. */
export type Ask = (question: pg.QueryConfig) => Promise<{ readonly rows: readonly Row[] }>

export type Table = {
  readonly fold: (ask: Ask, events: readonly Recorded[]) => Promise<void>
}

export function tableOf(projection: Projection): Table {
  const { handles, concerns, parts, begins, keyOf, evolve, columns, key: keyNames } = projection
  const handled = new Set<string>(handles)
  const sql = statements(projection)

  async function load(ask: Ask, keys: ReadonlyMap<string, readonly Cell[]>) {
    const rows = new Map<string, Row>()
    if (keys.size === 0) return rows
    const { rows: found } = await ask({
      ...sql.load,
      values: arrays(keyNames, [...keys.values()]),
    })
    for (const row of found) {
      const typed = typedRow(columns, row)
      rows.set(textOf(keyNames.map((name) => typed[name]!)), typed)
    }
    return rows
  }

  async function save(ask: Ask, touched: readonly Touched[]): Promise<void> {
    const names = Object.keys(columns)
    const written = touched.flatMap(({ row }) => (row ? [names.map((name) => row[name]!)] : []))
    const removed = touched.filter(({ had, row }) => had && !row).map(({ key }) => key)
    if (written.length > 0) await ask({ ...sql.upsert, values: arrays(names, written) })
    if (removed.length > 0) await ask({ ...sql.remove, values: arrays(keyNames, removed) })
  }

  return {
    fold: async (ask, events) => {
      const concerned = events.flatMap((event): Keyed[] => {
        if (!handled.has(event.type) || concerns?.(event) === false) return []
        return (parts ? parts(event) : [event]).map((part) => {
          const key = keyOf(part).map(storable)
          return { key, text: textOf(key), event: part }
        })
      })
      if (concerned.length === 0) return
      const rows = await load(ask, keysToLoad(concerned, begins))
      const touched = new Map<string, Touched>()
      for (const { key, text, event } of concerned) {
        const entry = touched.get(text) ?? { key, had: rows.has(text), row: rows.get(text) }
        entry.row = evolve(entry.row, event)
        touched.set(text, entry)
      }
      await save(
        ask,
        [...touched.keys()].sort().map((text) => touched.get(text)!),
      )
    },
  }
}

/** Rows that begin in this batch need not be looked for. */
function keysToLoad(concerned: readonly Keyed[], begins: string | undefined) {
  const first = new Map<string, Keyed>()
  for (const one of concerned) if (!first.has(one.text)) first.set(one.text, one)
  const old = [...first.values()].filter(({ event }) => event.type !== begins)
  return new Map(old.map(({ text, key }) => [text, key]))
}

/** Each takes its rows or keys as one array a column, and has a name: the server parses and plans it once a connection. */
function statements({ name, columns, key }: Projection) {
  const table = quoted(name)
  const names = Object.keys(columns)
  const unnest = (list: readonly string[]) =>
    `unnest(${list.map((column, index) => `$${index + 1}::${types[columns[column]!]}[]`).join(', ')})`
  const keys = `${unnest(key)} as "k" (${key.map(quoted).join(', ')})`
  const same = key.map((column) => `${table}.${quoted(column)} = "k".${quoted(column)}`).join(' and ')
  const list = names.map(quoted).join(', ')
  const changes = names
    .filter((column) => !key.includes(column))
    .map((column) => `${quoted(column)} = excluded.${quoted(column)}`)
  const named = (what: string, text: string) => ({ name: `${name}_${what}`, text })
  const found = names.map((column) => `${table}.${quoted(column)}`).join(', ')
  const change = changes.length > 0 ? `update set ${changes.join(', ')}` : 'nothing'
  return {
    load: named('load', `select ${found} from ${table} join ${keys} on ${same}`),
    upsert: named(
      'upsert',
      `insert into ${table} (${list}) select * from ${unnest(names)}
      on conflict (${key.map(quoted).join(', ')}) do ${change}`,
    ),
    remove: named('remove', `delete from ${table} using ${keys} where ${same}`),
  }
}

const arrays = (names: readonly string[], rows: readonly (readonly Cell[])[]): Cell[][] =>
  names.map((_, index) => rows.map((row) => storable(row[index]!)))

/** PostgreSQL's text has no NUL. */
const storable = (cell: Cell): Cell => (typeof cell === 'string' ? cell.replaceAll('\0', '\ufffd') : cell)

const textOf = (key: readonly Cell[]): string => key.join('\0')

function typedRow(columns: Projection['columns'], row: Row): Row {
  const typed = (column: string, value: Cell): Cell => {
    if (value === null || columns[column] === 'text') return value
    return columns[column] === 'money' ? BigInt(value) : Number(value)
  }
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, typed(column, value)]))
}
