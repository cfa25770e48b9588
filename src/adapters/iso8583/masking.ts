// Card data in a message, hidden: what a screen may show of an element is at most the first six and last four digits of the number.
import { holdsPan, maskCardData } from '../../domain/pos/cardDataGuard.ts'
import { maskPan } from '../../domain/pos/pan.ts'

const hidden = 'hidden'
const panElement = 2
const trackTwo = 35
/**
 * Hidden whole: extended number, tracks 3 and 1, PIN, ICC data; and the private elements in which networks carry the card
 * verification value (48, 112 to 127), because no element of 1987 is its own.
 */
const isHidden = (de: number): boolean => [34, 36, 45, 48, 52, 55].includes(de) || (de >= 112 && de <= 127)

const isPrivate = (de: number): boolean => (de >= 57 && de <= 63) || (de >= 105 && de <= 111)

/** Elements of digits with a meaning of their own: a card number found in one of a right message is an accident. */
const plainDigits: ReadonlySet<number> = new Set([53, 86, 87, 88, 89, 90])

/**
 * The value of an element as it may be shown. In a `broken` message elements may lie out of place, so numbers of cards are
 * looked for in every one.
 */
export function maskElement(de: number, value: string, broken: boolean): string {
  if (isHidden(de)) return hidden
  if (de === panElement) return maskPan(value)
  if (de === trackTwo) return maskTrack(value)
  if (!broken && plainDigits.has(de)) return value
  return isPrivate(de) && holdsPackedPan(value) ? hidden : maskCardData(value)
}

/** Private elements may hold a number as BCD, two digits a byte; what is nothing but digits as text is not meant. */
const holdsPackedPan = (value: string): boolean =>
  !/^[\d ]*$/.test(value) && holdsPan(Buffer.from(value, 'latin1').toString('hex'))

/** The number cut down, everything behind the separator hidden; a track without a separator is hidden whole. */
function maskTrack(track: string): string {
  const end = track.search(/[D=]/)
  if (end < 0) return hidden
  return maskPan(track.slice(0, end)) + track[end] + '*'.repeat(track.length - end - 1)
}
