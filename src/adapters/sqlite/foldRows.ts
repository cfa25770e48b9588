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
  const gather = gathering(projections, rowsOf)

  const apply = (events: readonly Recorded[]): void =>
    inTransaction(() => {
      const done = checkpoint()
      const fresh = events.filter(({ position }) => position > done)
      const last = fresh.at(-1)
      if (!last) return
      const { fold, save } = gather()
      for (const event of fresh) fold(event)
      save()
      saveCheckpoint(last.position)
    })
  return { checkpoint, apply }
}

/** Rows as some events leave them, in memory until they are saved: each is then written once, in key order. */
export type Gathered = {
  /** The next event of the log. */
  readonly fold: (event: Recorded) => void
  /** How many rows wait to be saved. */
  readonly size: () => number
  readonly save: () => void
}

/** What gathers one batch after the other. */
export function gathering(projections: readonly Projection[], rowsOf: Ports['rowsOf']): () => Gathered {
  const tables = projections.map((projection) => foldedTable(projection, rowsOf(projection)))
  const handlers = handlersByType(projections)
  return () => {
    const gathered = tables.map((table) => table())
    return {
      fold: (event) => {
        for (const index of handlers.get(event.type) ?? []) gathered[index]!.fold(event)
      },
      size: () => gathered.reduce((sum, { touched }) => sum + touched.size, 0),
      save: () => {
        for (const { save } of gathered) save()
      },
    }
  }
}

type Touched = { readonly key: readonly Cell[]; readonly had: boolean; row: Row | undefined }

/** Which of the projections handle a type: an event is shown only to those, for there are many of both. */
function handlersByType(projections: readonly Projection[]): ReadonlyMap<string, readonly number[]> {
  const byType = new Map<string, number[]>()
  for (const [index, { handles }] of projections.entries())
    for (const type of new Set(handles)) byType.set(type, [...(byType.get(type) ?? []), index])
  return byType
}

function foldedTable({ concerns, parts, begins, keyOf, evolve }: Projection, rows: TableRows) {
  const write = ({ key, had, row }: Touched): void => {
    if (had) row ? rows.update(row, key) : rows.remove(key)
    else if (row) rows.insert(row)
  }

  return () => {
    const touched = new Map<string, Touched>()

    const foldPart = (event: Recorded): void => {
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

    const fold = (event: Recorded): void => {
      if (concerns?.(event) === false) return
      if (!parts) foldPart(event)
      else for (const part of parts(event)) foldPart(part)
    }

    const save = (): void => {
      for (const text of [...touched.keys()].sort()) write(touched.get(text)!)
      touched.clear()
    }
    return { touched, fold, save }
  }
}
