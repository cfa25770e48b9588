// What can be said of suppressed cells from what is published: between which values each must lie.
import type { Relation } from './table.ts'

export type Interval = { readonly lo: bigint; readonly hi: bigint }

const roundsMax = 60

/**
 * Each sum bounds its parts and the parts their sum, again and again until nothing gets narrower.
 * `values`: what is published; `intervals`: what is known of the rest beforehand.
 */
export function narrowed(
  relations: readonly Relation[],
  values: ReadonlyMap<string, bigint>,
  intervals: ReadonlyMap<string, Interval>,
): ReadonlyMap<string, Interval> {
  const known = new Map(intervals)
  const of = (id: string): Interval => known.get(id) ?? { lo: values.get(id)!, hi: values.get(id)! }
  const open = relations.filter(({ parent, children }) => [parent, ...children].some((id) => known.has(id)))
  for (let round = 0; round < roundsMax; round++) {
    let changed = false
    const narrow = (id: string, lo: bigint, hi: bigint): void => {
      const before = known.get(id)
      if (!before || (lo <= before.lo && hi >= before.hi)) return
      known.set(id, { lo: lo > before.lo ? lo : before.lo, hi: hi < before.hi ? hi : before.hi })
      changed = true
    }
    for (const { parent, children } of open) {
      const total = of(parent)
      let [lo, hi] = [0n, 0n]
      for (const child of children) {
        lo += of(child).lo
        hi += of(child).hi
      }
      narrow(parent, lo, hi)
      for (const child of children) {
        const own = of(child)
        narrow(child, total.lo - (hi - own.hi), total.hi - (lo - own.lo))
      }
    }
    if (!changed) break
  }
  return known
}

type Intervals = ReadonlyMap<string, Interval>

/**
 * The same of several measures at once, where one of the first is known to be so many of the second: what narrows one
 * narrows the other. `units`: how many, by cell.
 */
export function narrowedTogether(
  relations: readonly Relation[],
  values: readonly ReadonlyMap<string, bigint>[],
  before: readonly Intervals[],
  units: Intervals,
): readonly Intervals[] {
  let known = before
  for (let round = 0; round < roundsMax; round++) {
    const after = known.map((intervals, measure) => narrowed(relations, values[measure]!, intervals))
    const tied = tiedBy(units, after)
    const changed = [...units.keys()].some((id) =>
      tied.some((intervals, measure) => isNarrower(intervals.get(id)!, after[measure]!.get(id)!)),
    )
    known = tied
    if (!changed) break
  }
  return known
}

/** What the first two measures of a cell say of each other. */
export function tiedBy(
  units: Intervals,
  [counts, sums, ...others]: readonly Intervals[],
): readonly Intervals[] {
  if (!counts || !sums) return counts ? [counts] : []
  const [ownCounts, ownSums] = [new Map(counts), new Map(sums)]
  for (const [id, unit] of units) {
    const [count, sum] = [counts.get(id)!, sums.get(id)!]
    ownSums.set(id, within(sum, count.lo * unit.lo, count.hi * unit.hi))
    ownCounts.set(id, within(count, (sum.lo + unit.hi - 1n) / unit.hi, sum.hi / unit.lo))
  }
  return [ownCounts, ownSums, ...others]
}

const within = (own: Interval, lo: bigint, hi: bigint): Interval => ({
  lo: lo > own.lo ? lo : own.lo,
  hi: hi < own.hi ? hi : own.hi,
})

const isNarrower = (one: Interval, other: Interval): boolean => one.lo > other.lo || one.hi < other.hi
