// Which cells may not be published by themselves: too few contributors, or one that the others could work out.
import type { Cell } from './table.ts'

export type Rule = {
  /** Fewer contributors than this are not shown. */
  readonly minimumContributors: number
  /** p% rule: nobody may be able to work out the largest contributor to within so many percent; undefined: not looked at. */
  readonly dominancePercent?: number
}

/** The second largest contributor knows its own share: what is left besides the two must hide the largest. */
export function isSensitive({ shares }: Cell, { minimumContributors, dominancePercent }: Rule): boolean {
  if (shares.length < minimumContributors) return true
  if (dominancePercent === undefined) return false
  const rest = shares.slice(2).reduce((sum, share) => sum + share, 0n)
  return rest * 100n < BigInt(dominancePercent) * shares[0]!
}

/** How far off every guess at a sensitive cell must be able to be, of the measure that dominance is looked at by. */
export const marginOf = ({ shares }: Cell, { dominancePercent = 0 }: Rule): bigint =>
  ((shares[0] ?? 0n) * BigInt(dominancePercent) + 99n) / 100n
