// The guard against card numbers where none belongs: finds them in any text, and masks them.
import { maskPan, passesLuhn, schemeOf } from './pan.ts'

/** Where a number begins and ends in the text, and its digits without what stands between them. */
export type FoundPan = { readonly start: number; readonly end: number; readonly pan: string }

/** Digits with at most one space, dot or hyphen between any two. */
const digitRuns = /\d(?:[ .-]?\d){12,}/g
const shortest = 13
const longest = 19

/**
 * Every stretch of 13 to 19 digits that a scheme of ours has in this length and whose check digit is right, also inside
 * longer runs such as a track. One run of digits in some hundred looks like a card by accident: a guard may cry wolf.
 */
export function findPans(text: string): FoundPan[] {
  return [...text.matchAll(digitRuns)].flatMap(({ 0: run, index }) => inRun(run, index))
}

function inRun(run: string, offset: number): FoundPan[] {
  const places = [...run].flatMap((character, at) => (isDigit(character) ? [at] : []))
  const digits = places.map((at) => run[at]).join('')
  const found: FoundPan[] = []
  for (let first = 0; first + shortest <= digits.length; ) {
    const pan = panAt(digits, first)
    if (pan) {
      const last = first + pan.length - 1
      found.push({ start: offset + places[first]!, end: offset + places[last]! + 1, pan })
    }
    first += pan?.length ?? 1
  }
  return found
}

/** The longest number that begins here. */
function panAt(digits: string, first: number): string | undefined {
  for (let length = Math.min(longest, digits.length - first); length >= shortest; length--) {
    const candidate = digits.slice(first, first + length)
    if (schemeOf(candidate) && passesLuhn(candidate)) return candidate
  }
  return undefined
}

const isDigit = (character: string): boolean => character >= '0' && character <= '9'

export const holdsPan = (text: string): boolean => findPans(text).length > 0

/** The text with every card number cut down to its first six and last four digits. */
export function maskCardData(text: string): string {
  let masked = ''
  let at = 0
  for (const { start, end, pan } of findPans(text)) {
    masked += text.slice(at, start) + maskPan(pan)
    at = end
  }
  return masked + text.slice(at)
}
