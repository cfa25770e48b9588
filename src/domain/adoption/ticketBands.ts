// Bands of amounts, the same in every currency: from 1, 2, 5, 10, 20, 50 ... of the smallest unit up to the next of these.

/** The lower bound of the band that an amount above zero (minor units) is in. */
export function bandOf(minor: bigint): bigint {
  const tens = 10n ** BigInt(minor.toString().length - 1)
  if (minor >= 5n * tens) return 5n * tens
  return minor >= 2n * tens ? 2n * tens : tens
}

/** Where the next band begins. */
export const bandEnd = (from: bigint): bigint =>
  from.toString().startsWith('2') ? (from * 5n) / 2n : from * 2n

type Banded = { readonly band: bigint; readonly count: number }

/** The band in which the median lies, the lower one of two; undefined where nothing was counted. */
export function medianBand(bands: readonly Banded[]): bigint | undefined {
  const sorted = bands.filter(({ count }) => count > 0).toSorted((a, b) => (a.band < b.band ? -1 : 1))
  const half = sorted.reduce((sum, { count }) => sum + count, 0) / 2
  let below = 0
  return sorted.find(({ count }) => {
    below += count
    return below >= half
  })?.band
}
