// Bands of amounts, the same in every currency: from 1, 2, 5, 10, 20, 50 ... of the smallest unit up to the next of these.

/** The lower bound of the band that an amount above zero is in; both in digits of the smallest unit. */
export function bandOf(minor: string): string {
  const first = minor[0]!
  return (first >= '5' ? '5' : first >= '2' ? '2' : '1') + zeros.slice(0, minor.length - 1)
}

const zeros = '0'.repeat(40)

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
