// The totals of a terminal's batch, as two sides count them, and where they differ.

/** Purchases count as debits, refunds as credits; reversals of either are counted apart. Amounts in minor units. */
export type BatchEntry = {
  readonly kind: 'purchase' | 'purchase_reversal' | 'refund' | 'refund_reversal' | 'authorization'
  readonly amount: bigint
}

/** As events hold them: whole numbers and minor units, both as decimal strings. */
export type BatchTotals = Readonly<Record<TotalName, string>>

export const totalNames = [
  'creditCount',
  'creditReversalCount',
  'debitCount',
  'debitReversalCount',
  'authorizationCount',
  'creditAmount',
  'creditReversalAmount',
  'debitAmount',
  'debitReversalAmount',
  /** Above zero: the merchant is owed it. */
  'net',
] as const
type TotalName = (typeof totalNames)[number]

/** One line on which the two sides do not agree. */
export type BatchDifference = {
  readonly total: TotalName
  readonly claimed: string
  readonly counted: string
}

const places = {
  purchase: ['debitCount', 'debitAmount'],
  purchase_reversal: ['debitReversalCount', 'debitReversalAmount'],
  refund: ['creditCount', 'creditAmount'],
  refund_reversal: ['creditReversalCount', 'creditReversalAmount'],
} as const

export function totalsOf(entries: Iterable<BatchEntry>): BatchTotals {
  const sums = Object.fromEntries(totalNames.map((name) => [name, 0n])) as Record<TotalName, bigint>
  for (const { kind, amount } of entries) {
    if (kind === 'authorization') {
      sums.authorizationCount += 1n
      continue
    }
    const [count, total] = places[kind]
    sums[count] += 1n
    sums[total] += amount
  }
  const texts = Object.fromEntries(totalNames.map((name) => [name, sums[name].toString()])) as BatchTotals
  return { ...texts, net: netOf(texts).toString() }
}

/** Debits less credits, each less its reversals. */
function netOf(totals: BatchTotals): bigint {
  const amount = (name: TotalName) => BigInt(totals[name])
  const debits = amount('debitAmount') - amount('debitReversalAmount')
  return debits - (amount('creditAmount') - amount('creditReversalAmount'))
}

/** Whether the net is what the other totals come to: if not, the side that sent them cannot add. */
export const isConsistent = (totals: BatchTotals): boolean => BigInt(totals.net) === netOf(totals)

export const differencesOf = (claimed: BatchTotals, counted: BatchTotals): BatchDifference[] =>
  totalNames
    .filter((total) => BigInt(claimed[total]) !== BigInt(counted[total]))
    .map((total) => ({ total, claimed: claimed[total], counted: counted[total] }))
