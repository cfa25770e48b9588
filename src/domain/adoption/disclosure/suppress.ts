// Disclosure control: suppresses sensitive cells, and as many more as it takes that no sum and no table gives one of them away.
import { determinedIn } from './determined.ts'
import { type Interval, narrowedTogether, tiedBy } from './intervals.ts'
import { isSensitive, marginOf, type Rule } from './rule.ts'
import type { Cell, Relation, Table } from './table.ts'

/** What everybody knows of a cell before looking at a table. */
export type Beforehand = {
  /** Of a measure. */
  readonly of: (cell: Cell, measure: number) => Interval
  /** How many of the second measure each one of the first is; undefined: not known. */
  readonly unit: (cell: Cell) => Interval | undefined
}

/** The ids of the cells that are not shown. The same table gives the same ones. */
export function suppress(table: Table, rule: Rule, beforehand: Beforehand): ReadonlySet<string> {
  const sensitive = new Set(
    [...table.cells.values()].filter((cell) => isSensitive(cell, rule)).map(({ id }) => id),
  )
  const suppressed = new Set(sensitive)
  const byCell = relationsByCell(table.relations)
  for (;;) {
    const given = givenAway(table, rule, beforehand, sensitive, suppressed)
    if (given.length === 0) return suppressed
    const more = new Set(given.map((id) => companionOf(id, table, rule, byCell, suppressed)))
    more.delete(undefined)
    if (more.size === 0) return suppressed // everything connected with them is suppressed
    for (const id of more) suppressed.add(id!)
  }
}

/** Suppressed cells that can be worked out: exactly, or sensitive ones too nearly. */
function givenAway(
  table: Table,
  rule: Rule,
  beforehand: Beforehand,
  sensitive: ReadonlySet<string>,
  suppressed: ReadonlySet<string>,
): readonly string[] {
  const cells = [...suppressed].map((id) => table.cells.get(id)!)
  const measures = cells[0]?.measures.length ?? 0
  const each = Array.from({ length: measures }, (_, measure) => measure)
  const values = each.map(
    (measure) => new Map([...table.cells].map(([id, cell]) => [id, cell.measures[measure]!])),
  )
  const units = new Map<string, Interval>()
  for (const cell of cells) {
    const unit = beforehand.unit(cell)
    if (unit) units.set(cell.id, unit)
  }
  const plain = each.map((measure) => new Map(cells.map((cell) => [cell.id, beforehand.of(cell, measure)])))
  const before = tiedBy(units, plain)
  const after = narrowedTogether(table.relations, values, before, units)
  const near = each.flatMap((measure) =>
    cells.filter((cell) => {
      const last = measure === measures - 1
      const margin = last && sensitive.has(cell.id) ? marginOf(cell, rule) : 0n
      const [known, found] = [before[measure]!.get(cell.id)!, after[measure]!.get(cell.id)!]
      return !hides(found, known, cell.measures[measure]!, margin)
    }),
  )
  return near.length > 0 ? [...new Set(near.map(({ id }) => id))] : determinedIn(table.relations, suppressed)
}

/** Wide enough on both sides, or as wide as it was before; and never one value only, unless that was known before. */
function hides(after: Interval, before: Interval, value: bigint, margin: bigint): boolean {
  if (after.lo === after.hi) return before.lo === before.hi
  const above = after.hi >= value + margin || after.hi === before.hi
  const below = after.lo <= value - margin || after.lo === before.lo
  return above && below
}

/** A cell to suppress with another: beside it in a sum if there is one, the smallest that is large enough to hide it. */
function companionOf(
  id: string,
  { cells }: Table,
  rule: Rule,
  byCell: ReadonlyMap<string, readonly Relation[]>,
  suppressed: ReadonlySet<string>,
): string | undefined {
  const margin = marginOf(cells.get(id)!, rule)
  const seen = new Set([id])
  for (let reach = [id]; reach.length > 0; ) {
    const sums = reach.flatMap((one) => byCell.get(one) ?? [])
    const tightest = sums.toSorted((a, b) => hiddenIn(a, suppressed) - hiddenIn(b, suppressed))
    for (const { parent, children } of tightest) {
      const beside = children.filter((one) => !suppressed.has(one))
      const found = smallest(beside, cells, margin) ?? (suppressed.has(parent) ? undefined : parent)
      if (found !== undefined) return found
    }
    reach = sums.flatMap(({ parent, children }) => [parent, ...children]).filter((one) => !seen.has(one))
    for (const one of reach) seen.add(one)
  }
  return undefined
}

const hiddenIn = ({ parent, children }: Relation, suppressed: ReadonlySet<string>): number =>
  [parent, ...children].filter((id) => suppressed.has(id)).length

function smallest(ids: readonly string[], cells: Table['cells'], margin: bigint): string | undefined {
  const sizeOf = (id: string): bigint => cells.get(id)!.measures.at(-1)!
  const sorted = ids.toSorted((a, b) =>
    sizeOf(a) === sizeOf(b) ? (a < b ? -1 : 1) : sizeOf(a) < sizeOf(b) ? -1 : 1,
  )
  return sorted.find((id) => sizeOf(id) >= margin) ?? sorted.at(-1)
}

function relationsByCell(relations: readonly Relation[]): ReadonlyMap<string, readonly Relation[]> {
  const found = new Map<string, Relation[]>()
  for (const relation of relations)
    for (const id of [relation.parent, ...relation.children]) {
      const own = found.get(id)
      if (own) own.push(relation)
      else found.set(id, [relation])
    }
  return found
}
