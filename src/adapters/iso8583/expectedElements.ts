// Elements that a message holds although the specification at hand does not list them for it.
import type { Fields } from './message.ts'

/** Their numbers, ascending. Which elements a message may hold is the acquirer's to say, so the list is the caller's. */
export function unexpectedElements(fields: Fields, listed: readonly number[]): number[] {
  const known = new Set(listed)
  return Object.keys(fields)
    .map(Number)
    .filter((de) => !known.has(de))
}
