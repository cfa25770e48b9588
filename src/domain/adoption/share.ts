// Shares from whole numbers, to one decimal, halves up; null of nothing.

const tenths = (numerator: number | bigint, denominator: number | bigint, units: number): number | null => {
  if (BigInt(denominator) === 0n) return null
  const scaled = BigInt(numerator) * BigInt(units) * 10n
  return Number((2n * scaled + BigInt(denominator)) / (2n * BigInt(denominator))) / 10
}

export const percentOf = (numerator: number | bigint, denominator: number | bigint): number | null =>
  tenths(numerator, denominator, 100)

/** So many to each `units` of a population. */
export const perUnits = (numerator: number, population: number, units: number): number | null =>
  tenths(numerator, population, units)
