// Work on many at once, of which one may fail.

/** The others are done; what failed is due again. */
export function throwFirst(results: readonly PromiseSettledResult<void>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
