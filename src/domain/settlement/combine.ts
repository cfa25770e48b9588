// Which parts add up to a sum: a bounded search that answers only where there is one answer.

type Part = { readonly amount: bigint }

/** With more parts to choose from, some of them add up to anything: of two parts, and of more. */
const candidatesMax = { two: 200, more: 24 } as const
const partsMax = 6
const stepsMax = 20_000
/** For all sums of one statement together. */
const stepsOfAllMax = 500_000
/** Parts looked at to find those few. */
const looksOfAllMax = 2_000_000

/**
 * A search over parts by their days. The answer is all of one day, or two to six parts, as few as do; undefined where there
 * is none, where there are two, or where the bounds are reached.
 */
export function combine<P extends Part>(parts: Iterable<P>, dayOf: (part: P) => string) {
  const byDay = Map.groupBy(parts, dayOf)
  let [stepsLeft, looksLeft] = [stepsOfAllMax, looksOfAllMax]
  return (
    target: bigint,
    days: readonly string[],
    isCandidate: (part: P) => boolean,
  ): readonly P[] | undefined => {
    const near = days.map((day) => byDay.get(day) ?? [])
    looksLeft -= near.reduce((sum, { length }) => sum + length, 0)
    if (stepsLeft <= 0 || looksLeft < 0) return undefined
    const candidates = near.flat().filter((part) => part.amount < target && isCandidate(part))
    if (candidates.length < 2) return undefined
    const day = wholeDay(candidates, target, dayOf)
    if (day) return day
    if (candidates.length > candidatesMax.two) return undefined
    const sizeMax = candidates.length > candidatesMax.more ? 2 : partsMax
    const { found, steps } = search(candidates, target, sizeMax, Math.min(stepsMax, stepsLeft))
    stepsLeft -= steps
    return found
  }
}

function wholeDay<P extends Part>(
  candidates: readonly P[],
  target: bigint,
  dayOf: (part: P) => string,
): readonly P[] | undefined {
  const days = Object.values(Object.groupBy(candidates, dayOf)) as (readonly P[])[]
  const full = days.filter(
    (day) => day.length > 1 && day.reduce((sum, { amount }) => sum + amount, 0n) === target,
  )
  return full.length === 1 ? full[0] : undefined
}

/** Two parts, then three, and so on, the largest first. A second answer of the same size is no answer. */
function search<P extends Part>(candidates: readonly P[], target: bigint, sizeMax: number, limit: number) {
  const sorted = candidates.toSorted((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0))
  const chosen: P[] = []
  let answers: P[][] = []
  let steps = 0
  const choose = (start: number, size: number, rest: bigint): void => {
    for (let at = start; at + size <= sorted.length && steps < limit && answers.length < 2; at++) {
      const part = sorted[at]!
      if (part.amount > rest) continue
      if (part.amount * BigInt(size) < rest) return // and those that follow are smaller
      steps += 1
      chosen.push(part)
      if (size > 1) choose(at + 1, size - 1, rest - part.amount)
      else if (part.amount === rest) answers.push([...chosen])
      chosen.pop()
    }
  }
  for (let size = 2; size <= sizeMax && steps < limit; size++) {
    answers = []
    choose(0, size, target)
    if (answers.length > 0) break
  }
  return { found: answers.length === 1 && steps < limit ? answers[0] : undefined, steps }
}
