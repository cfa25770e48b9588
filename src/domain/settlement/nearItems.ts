// The open items around lines that matching looks at: all of them, or, where there are very many, those that a line names or costs.
import { daysOfItems, type ExpectedItem, type ItemKind, type OpenLine } from './expectedItem.ts'

export type NearBounds = {
  /** Of each kind so many are kept whatever they are: any of them may be a part of a sum. */
  readonly anyMax: number
  /** What a line names or costs is kept beyond that. */
  readonly neededMax: number
}
export const nearBounds: NearBounds = { anyMax: 50_000, neededMax: 250_000 }

export type NearItems = {
  readonly items: readonly ExpectedItem[]
  /** `needed`: sums cannot be looked for. `some`: what no item was found for may be any of those that are not here. */
  readonly kept: 'all' | 'needed' | 'some'
}

/** Takes items in the order in which they are to be matched. */
export function nearItems(lines: readonly OpenLine[], { anyMax, neededMax }: NearBounds = nearBounds) {
  const names = new Set(lines.flatMap(namesOf))
  const cost = howMany(lines.flatMap(costsOf))
  const taken = new Map<string, number>()
  const counts: Record<ItemKind, number> = { credit: 0, transfer: 0, payout: 0 }
  const items: ExpectedItem[] = []
  let needed = 0
  let kept: NearItems['kept'] = 'all'

  /** Items that contradict the same lines are as good as each other: no more of them than there are lines. */
  const isNeeded = (item: ExpectedItem): boolean => {
    const { reference, bankReference, endToEndId, direction, amount, expectedOn } = item
    if ([reference, bankReference, endToEndId].some((name) => name !== undefined && names.has(name)))
      return true
    const wanted = cost.get(costOf(direction, amount, expectedOn))
    if (wanted === undefined) return false
    const alike = `${costOf(direction, amount, expectedOn)} ${reference !== undefined} ${bankReference !== undefined}`
    const before = taken.get(alike) ?? 0
    taken.set(alike, before + 1)
    return before < wanted
  }

  const add = (item: ExpectedItem): void => {
    const isOneOfThem = isNeeded(item)
    const isBeyond = counts[item.kind] >= anyMax
    if (isBeyond && !isOneOfThem) kept = kept === 'some' ? kept : 'needed'
    else if (isBeyond && needed === neededMax) kept = 'some'
    else {
      if (isBeyond) needed += 1
      else counts[item.kind] += 1
      items.push(item)
    }
  }

  return { add, end: (): NearItems => ({ items, kept }) }
}

/** Whether a line that no item was found for is none of those that were not kept. */
export function isNoOther(line: OpenLine, { kept }: NearItems, banksNamesAgree: boolean): boolean {
  if (kept !== 'needed') return kept === 'all'
  return line.references.length > 0 || (banksNamesAgree && line.bankReferences.length > 0)
}

const namesOf = ({ references, bankReferences, endToEndId }: OpenLine): readonly string[] =>
  endToEndId === undefined
    ? [...references, ...bankReferences]
    : [...references, ...bankReferences, endToEndId]

const costOf = (direction: string, amount: bigint, day: string): string => `${direction} ${amount} ${day}`

const costsOf = (line: OpenLine): readonly string[] =>
  daysOfItems(line).map((day) => costOf(line.direction, line.amount, day))

function howMany(all: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}
