// Which addresses are answered by which objects, where the key and the ids do not say it (docs/workers.md).

/** `network`: over all merchants. `merchant`: of one merchant, who must be named. `none`: not at the edge. */
type Reach = 'network' | 'merchant' | 'none' | 'any'

const reaches: readonly (readonly [RegExp, Exclude<Reach, 'any'>])[] = [
  // Sessions, uploads in forms, a demo shop: what these pages need is not here.
  [/^\/(?:console|sandbox|docs|bills)(?:\/|$)/, 'none'],
  // A bank's statement is of many merchants, whose credits lie in as many objects.
  [/^\/v1\/reconciliations(?:\/|$)/, 'none'],
  [/^\/v1\/connectors\/[^/]+\/catch-up$/, 'none'],
  [/^\/v1\/payouts\/status$/, 'none'],
  // Each object closes, pays out and seals its own log, and keeps its own books.
  [/^\/v1\/(?:settlements|payouts|ledger|seals|transfers|complaints|bills|reports)(?:\/|$)/, 'merchant'],
  [/^\/v1\/(?:payments|fulfillment-exceptions)$/, 'merchant'], // the lists: an id names its merchant
  [/^\/v1\/(?:statistics|establishments|targets|observations|connectors|keys)(?:\/|$)/, 'network'],
  [/^\/(?:statistics|map)(?:\/|$)/, 'network'],
]

export const reachOf = (path: string): Reach => reaches.find(([pattern]) => pattern.test(path))?.[1] ?? 'any'
