// Folds events into rows, a batch at a time: rows and checkpoint change in one transaction, so every event counts once.
import type { Cell, Projection, Row } from '../../../projections/projection.ts'
import type { Recorded } from '../../domain/core/eventStore.ts'

/** A set of projected tables with one checkpoint: the live one, or one being rebuilt beside it. */
export type Projector = {
  readonly checkpoint: () => string
  /** Folds the events after the checkpoint into the rows. Events at or before it are skipped: they have been counted. */
  readonly apply: (events: readonly Recorded[]) => void
}

/** One projection's rows by their keys. */
export type TableRows = {
  readonly load: (key: readonly Cell[]) => Row | undefined
  readonly insert: (row: Row) => void
  readonly update: (row: Row, key: readonly Cell[]) => void
  readonly remove: (key: readonly Cell[]) => void
}

type Ports = {
  readonly inTransaction: (work: () => void) => void
  readonly checkpoint: Projector['checkpoint']
  readonly saveCheckpoint: (position: string) => void
  readonly rowsOf: (projection: Projection) => TableRows
}

export function projectorOver(
  { inTransaction, checkpoint, saveCheckpoint, rowsOf }: Ports,
  projections: readonly Projection[],
): Projector {
  const tables = projections.map((projection) => foldedTable(projection, rowsOf(projection)))
  const handlers = tablesByType(projections, tables)

  const apply = (events: readonly Recorded[]): void =>
    inTransaction(() => {
      const done = checkpoint()
      const fresh = events.filter(({ position }) => position > done)
      const last = fresh.at(-1)
      if (!last) return
      const touched = new Map(tables.map((table) => [table, new Map<string, Touched>()]))
      for (const event of fresh)
        for (const table of handlers.get(event.type) ?? []) table.fold(touched.get(table)!, event)
      for (const [table, rows] of touched) table.save(rows)
      saveCheckpoint(last.position)
    })
  return { checkpoint, apply }
}

type Touched = { readonly key: readonly Cell[]; readonly had: boolean; row: Row | undefined }
type Table = ReturnType<typeof foldedTable>

/** An event is shown once, and only to the tables that handle its type: there are many of both. */
function tablesByType(projections: readonly Projection[], tables: readonly Table[]): Map<string, Table[]> {
  const byType = new Map<string, Table[]>()
  for (const [index, { handles }] of projections.entries())
    for (const type of new Set(handles)) byType.set(type, [...(byType.get(type) ?? []), tables[index]!])
  return byType
}

/** A batch is folded in memory; each touched row is then written once, in key order. */
function foldedTable({ concerns, parts, begins, keyOf, evolve }: Projection, rows: TableRows) {
  const foldPart = (touched: Map<string, Touched>, event: Recorded): void => {
    const key = keyOf(event)
    const text = key.length === 1 ? String(key[0]) : key.join('\0')
    let entry = touched.get(text)
    if (!entry) {
      const row = event.type === begins ? undefined : rows.load(key)
      entry = { key, had: row !== undefined, row }
      touched.set(text, entry)
    }
    entry.row = evolve(entry.row, event)
  }

  const save = ({ key, had, row }: Touched): void => {
    if (had) row ? rows.update(row, key) : rows.remove(key)
    else if (row) rows.insert(row)
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
