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
