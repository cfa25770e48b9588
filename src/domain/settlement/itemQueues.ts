// Open items as queues of those that are alike: of thousands of one amount the next is found without a look at those before it.
import type { ExpectedItem, OpenLine } from './expectedItem.ts'

/** What is not in `isOpen` any more is passed over once, for good. */
export function itemQueues(
  items: Iterable<ExpectedItem>,
  keysOf: (item: ExpectedItem) => readonly string[],
  isOpen: (item: ExpectedItem) => boolean,
) {
  const queues = new Map<string, { readonly items: ExpectedItem[]; at: number }>()
  for (const item of items)
    for (const key of keysOf(item)) {
      const queue = queues.get(key)
      if (queue) queue.items.push(item)
      else queues.set(key, { items: [item], at: 0 })
    }
  return (keys: readonly string[]): ExpectedItem | undefined => {
    for (const key of keys) {
      const queue = queues.get(key)
      if (!queue) continue
      while (queue.at < queue.items.length && !isOpen(queue.items[queue.at]!)) queue.at += 1
      const item = queue.items[queue.at]
      if (item) return item
    }
    return undefined
  }
}

/** The bank's names that a line's item may have, and under which an item is found: any, where the two sides' names tell nothing. */
export const bankNamesFor = (line: OpenLine, banksNamesAgree: boolean): readonly string[] =>
  banksNamesAgree && line.bankReferences.length > 0
    ? [...line.bankReferences.map(nameKey), 'nameless']
    : ['named', 'nameless']
export const bankNamesOf = ({ bankReference }: ExpectedItem, banksNamesAgree: boolean): readonly string[] => {
  if (bankReference === undefined) return ['nameless']
  return banksNamesAgree ? [nameKey(bankReference), 'named'] : ['named']
}
const nameKey = (name: string): string => `=${name}`

/** Which payment a line of an amount may be for; a line that names none takes first what names one: fewer lines may. */
export function paymentsFor({ references, isAwaited }: OpenLine): readonly string[] {
  if (isAwaited) return references
  return references.length > 0 ? [...references, 'nameless'] : ['named', 'nameless']
}
export const paymentsOf = ({ reference }: ExpectedItem): readonly string[] =>
  reference === undefined ? ['nameless'] : [reference, 'named']

/** Keys of every choice. */
export const combined = (...parts: readonly (readonly string[])[]): readonly string[] =>
  parts.reduce((keys, part) => keys.flatMap((key) => part.map((one) => `${key} ${one}`)))
