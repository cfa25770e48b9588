// Which suppressed cells follow exactly from what is published: linear algebra over all the sums at once.
import type { Relation } from './table.ts'

// Coefficients are 1 and -1: modulo a large prime the same cells follow as over fractions, but for odds of one in millions,
// and then one cell too many is suppressed or the test's exact attack shows it. Products stay below 2^53.
const prime = 67_108_859

type Row = Map<string, number>

export function determinedIn(
  relations: readonly Relation[],
  suppressed: ReadonlySet<string>,
): readonly string[] {
  const pivots = new Map<string, Row>()
  for (const relation of relations) {
    const row = reduced(rowOf(relation, suppressed), pivots)
    const pivot = row.keys().next().value
    if (pivot === undefined) continue
    scale(row, inverse(row.get(pivot)!))
    for (const other of pivots.values()) subtract(other, row, other.get(pivot) ?? 0)
    pivots.set(pivot, row)
  }
  return [...pivots].filter(([, row]) => row.size === 1).map(([id]) => id)
}

function rowOf({ parent, children }: Relation, suppressed: ReadonlySet<string>): Row {
  const row: Row = new Map()
  for (const child of children) if (suppressed.has(child)) row.set(child, 1)
  if (suppressed.has(parent)) row.set(parent, prime - 1)
  return row
}

function reduced(row: Row, pivots: ReadonlyMap<string, Row>): Row {
  for (const id of [...row.keys()]) {
    const pivot = pivots.get(id)
    if (pivot) subtract(row, pivot, row.get(id) ?? 0)
  }
  return row
}

function subtract(row: Row, other: Row, times: number): void {
  if (times === 0) return
  for (const [id, value] of other) {
    const rest = ((row.get(id) ?? 0) + (prime - ((times * value) % prime))) % prime
    if (rest === 0) row.delete(id)
    else row.set(id, rest)
  }
}

function scale(row: Row, by: number): void {
  for (const [id, value] of row) row.set(id, (value * by) % prime)
}

/** By Fermat: to the power of the prime less two. */
function inverse(value: number): number {
  let [result, base, power] = [1, value, prime - 2]
  for (; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % prime
    base = (base * base) % prime
  }
  return result
}
