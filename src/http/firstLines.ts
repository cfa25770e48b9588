// In which line each of many names stands first: flat memory, sixteen bytes a name, where a Map of a million texts takes two hundred.

const wordsASlot = 4
const slotsAtFirst = 4_096
const fullAt = 0.75

/**
 * Takes the hash of a name (at least 12 bytes of a cryptographic hash) and the line, from 1, where it stands; answers the line
 * where it stood first. That two of a million names have the same 96 bits has a chance of one in 10^17.
 */
export type FirstLine = (hash: Uint8Array, line: number) => number

export function firstLines(): FirstLine {
  let slots = new Uint32Array(slotsAtFirst * wordsASlot)
  let count = 0

  const grow = (): void => {
    const before = slots
    slots = new Uint32Array(before.length * 2)
    for (let at = 0; at < before.length; at += wordsASlot) {
      const slot = before.subarray(at, at + wordsASlot)
      if (slot[3] !== 0) slots.set(slot, slotOf(slots, slot[0]!, slot[1]!, slot[2]!))
    }
  }

  return (hash, line) => {
    const [a, b, c] = [wordAt(hash, 0), wordAt(hash, 4), wordAt(hash, 8)]
    const at = slotOf(slots, a, b, c)
    const before = slots[at + 3]!
    if (before !== 0) return before
    slots.set([a, b, c, line], at)
    count += 1
    if (count * wordsASlot > slots.length * fullAt) grow()
    return line
  }
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0

/** Where the name is, or else the free slot where it may be put. */
function slotOf(slots: Uint32Array, a: number, b: number, c: number): number {
  const mask = slots.length - 1
  let at = (a * wordsASlot) & mask
  while (slots[at + 3] !== 0 && (slots[at] !== a || slots[at + 1] !== b || slots[at + 2] !== c))
    at = (at + wordsASlot) & mask
  return at
}
