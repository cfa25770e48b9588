// Card numbers: whether one can be right, whose scheme it is, and how little of it is ever kept.

export type Scheme = 'visa' | 'mastercard' | 'amex' | 'jcb' | 'unionpay' | 'discover' | 'diners' | 'napas'

/** All that is kept of a card number. One truncation everywhere: two different ones of one number give more away. */
export type TruncatedPan = { readonly scheme?: Scheme; readonly first6: string; readonly last4: string }

/** First and last prefix, compared on as many digits as they have; lengths from and to. The first that fits decides. */
type BinRange = readonly [from: string, to: string, scheme: Scheme, shortest: number, longest: number]

const binRanges: readonly BinRange[] = [
  ['9704', '9704', 'napas', 16, 19],
  ['4', '4', 'visa', 13, 19],
  ['51', '55', 'mastercard', 16, 16],
  ['2221', '2720', 'mastercard', 16, 16],
  ['34', '34', 'amex', 15, 15],
  ['37', '37', 'amex', 15, 15],
  ['3528', '3589', 'jcb', 16, 19],
  ['62', '62', 'unionpay', 16, 19],
  ['81', '81', 'unionpay', 16, 19],
  ['6011', '6011', 'discover', 16, 19],
  ['644', '659', 'discover', 16, 19],
  ['300', '305', 'diners', 14, 19],
  ['36', '36', 'diners', 14, 19],
  ['38', '39', 'diners', 14, 19],
]

const shortestPan = 12
const longestPan = 19

/** The scheme whose range the number lies in; undefined where none of ours has it, or not in this length. */
export function schemeOf(pan: string): Scheme | undefined {
  const found = binRanges.find(([from, to, , shortest, longest]) => {
    const prefix = pan.slice(0, from.length)
    return prefix >= from && prefix <= to && pan.length >= shortest && pan.length <= longest
  })
  return found?.[2]
}

/** The Luhn check over a number's digits, its last being the check digit. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 0x30
    const doubled = index % 2 === 0 ? digit : 2 * digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** 12 to 19 digits with a right check digit. */
export const isPan = (text: string): boolean =>
  text.length >= shortestPan && text.length <= longestPan && /^\d+$/.test(text) && passesLuhn(text)

/** First six and last four of a number of at least 12 digits; a shorter one would be given away. */
export function truncatePan(pan: string): TruncatedPan {
  if (pan.length < shortestPan) throw new RangeError('too short to be a card number')
  const scheme = schemeOf(pan)
  const kept = { first6: pan.slice(0, 6), last4: pan.slice(-4) }
  return scheme === undefined ? kept : { scheme, ...kept }
}

/** The number for a screen or a receipt: `411111******1111`. One that is too short to be a card's is hidden whole. */
export function maskPan(pan: string): string {
  if (pan.length < shortestPan) return '*'.repeat(pan.length)
  return pan.slice(0, 6) + '*'.repeat(pan.length - 10) + pan.slice(-4)
}
