// An attack on published tables: exact linear algebra over fractions, and intervals of whole numbers, over every sum at once.
export type Sum = { readonly parent: string; readonly children: readonly string[] }
/** What a cell says; undefined: suppressed. */
export type Published = ReadonlyMap<string, bigint | undefined>

type Fraction = { n: bigint; d: bigint }
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))
const make = (n: bigint, d: bigint): Fraction => {
  const by = gcd(n, d) * (d < 0n ? -1n : 1n)
  return { n: n / by, d: d / by }
}
const zero: Fraction = { n: 0n, d: 1n }
const minus = (a: Fraction, b: Fraction) => make(a.n * b.d - b.n * a.d, a.d * b.d)
const times = (a: Fraction, b: Fraction) => make(a.n * b.n, a.d * b.d)
const over = (a: Fraction, b: Fraction) => make(a.n * b.d, a.d * b.n)

/** The suppressed cells that follow exactly, with the values that follow: Gauss and Jordan over fractions. */
export function solved(sums: readonly Sum[], published: Published): Map<string, bigint> {
  const unknown = [...published].filter(([, value]) => value === undefined).map(([id]) => id)
  const column = new Map(unknown.map((id, index) => [id, index]))
  const width = unknown.length
  const rows = sums.map(({ parent, children }) => {
    const row = new Array<Fraction>(width + 1).fill(zero)
    const put = (id: string, sign: bigint) => {
      const at = column.get(id)
      const value = published.get(id)
      if (at !== undefined) row[at] = { n: sign, d: 1n }
      else row[width] = minus(row[width]!, { n: sign * value!, d: 1n })
    }
    for (const child of children) put(child, 1n)
    put(parent, -1n)
    return row
  })
  let done = 0
  for (let at = 0; at < width; at++) {
    const found = rows.findIndex((row, index) => index >= done && row[at]!.n !== 0n)
    if (found === -1) continue
    ;[rows[done], rows[found]] = [rows[found]!, rows[done]!]
    const pivot = rows[done]!
    const by = pivot[at]!
    for (let k = 0; k <= width; k++) pivot[k] = over(pivot[k]!, by)
    for (const row of rows) {
      const factor = row[at]!
      if (row === pivot || factor.n === 0n) continue
      for (let k = 0; k <= width; k++) row[k] = minus(row[k]!, times(factor, pivot[k]!))
    }
    done += 1
  }
  const answers = new Map<string, bigint>()
  for (const row of rows.slice(0, done)) {
    const held = row.slice(0, width).flatMap(({ n }, index) => (n === 0n ? [] : [index]))
    if (held.length === 1) answers.set(unknown[held[0]!]!, row[width]!.n / row[width]!.d)
  }
  return answers
}

type Ranges = ReadonlyMap<string, readonly [bigint, bigint]>

/** Between which whole numbers each suppressed cell lies, where none is below `least`. */
export const bounded = (sums: readonly Sum[], published: Published, least: bigint): Ranges =>
  hiddenOf(
    narrowed(
      sums,
      startOf(published, () => least),
    ),
    published,
  )

/**
 * The same of number and value at once: where a cell is of a band, each of its payments is of at least `from` and below
 * `below`, so what is known of the number says something of the value, and the other way round.
 */
export function boundedByBands(
  sums: readonly Sum[],
  counts: Published,
  values: Published,
  bandOf: (name: string) => { readonly from: bigint; readonly below: bigint } | undefined,
  least: (name: string) => bigint,
): readonly [Ranges, Ranges] {
  let [count, value] = [startOf(counts, least), startOf(values, least)]
  for (let round = 0, moved = true; moved && round < 100; round++) {
    const [ownCount, ownValue] = [new Map(narrowed(sums, count)), new Map(narrowed(sums, value))]
    for (const name of ownCount.keys()) {
      const band = bandOf(name)
      if (!band) continue
      const [[least, most], [low, high]] = [ownCount.get(name)!, ownValue.get(name)!]
      const top = band.below - 1n
      ownValue.set(name, [max(low, least * band.from), min(high, most * top)])
      ownCount.set(name, [max(least, (low + top - 1n) / top), min(most, high / band.from)])
    }
    moved = differ(ownCount, count) || differ(ownValue, value)
    ;[count, value] = [ownCount, ownValue]
  }
  return [hiddenOf(count, counts), hiddenOf(value, values)]
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const differ = (a: Ranges, b: Ranges): boolean =>
  [...a].some(([name, [lo, hi]]) => lo !== b.get(name)![0] || hi !== b.get(name)![1])

const hiddenOf = (ranges: Ranges, published: Published): Ranges =>
  new Map([...ranges].filter(([name]) => published.get(name) === undefined))

const startOf = (published: Published, least: (name: string) => bigint): Ranges => {
  const top = [...published.values()].reduce<bigint>((most, value) => max(most, value ?? 0n), 10n ** 15n)
  return new Map(
    [...published].map(([name, value]) => [name, value === undefined ? [least(name), top] : [value, value]]),
  )
}

function narrowed(sums: readonly Sum[], before: Ranges): Ranges {
  const range = new Map(before)
  for (let round = 0, moved = true; moved && round < 500; round++) {
    moved = false
    for (const { parent, children } of sums) {
      const all = children.map((id) => range.get(id)!)
      const low = all.reduce((sum, [lo]) => sum + lo, 0n)
      const high = all.reduce((sum, [, hi]) => sum + hi, 0n)
      const [totalLo, totalHi] = range.get(parent)!
      const set = (id: string, lo: bigint, hi: bigint) => {
        const [a, b] = range.get(id)!
        if (lo <= a && hi >= b) return
        range.set(id, [lo > a ? lo : a, hi < b ? hi : b])
        moved = true
      }
      set(parent, low, high)
      for (const [index, id] of children.entries()) {
        const [a, b] = all[index]!
        set(id, totalLo - (high - b), totalHi - (low - a))
      }
    }
  }
  return range
}
