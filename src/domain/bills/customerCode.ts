// The codes by which a biller knows its customers: any, EVN's, or those of patterns that the biller names.

/** `any`: 1 to 30 letters and digits. `evn`: see `isEvnCode`. A pattern: `#` stands for a digit, `@` for a letter, `*` for either, all else for itself. */
export type CustomerCodeRule =
  | { readonly check: 'any' | 'evn' }
  | { readonly check: 'patterns'; readonly patterns: readonly string[] }

/** `P`, the letter of the corporation, and eleven digits; older codes are up to two digits shorter. */
const isEvnCode = (code: string): boolean => /^P[A-Z]\d{9,11}$/.test(code)

/** Codes are typed by people: lower case and spaces between the groups mean the same code. */
export const customerCodeKey = (text: string): string => text.replace(/[\s.-]/g, '').toUpperCase()

/** Whether a code, as `customerCodeKey` gives it, can be a customer's of the biller. */
export function fitsRule(code: string, rule: CustomerCodeRule): boolean {
  switch (rule.check) {
    case 'any':
      return /^[A-Z0-9]{1,30}$/.test(code)
    case 'evn':
      return isEvnCode(code)
    case 'patterns':
      return rule.patterns.some((pattern) => fitsPattern(code, pattern))
  }
}

/** Character by character: a pattern from outside costs no more than its length. */
const fitsPattern = (code: string, pattern: string): boolean =>
  code.length === pattern.length && [...code].every((character, at) => stands(character, pattern[at]!))

function stands(character: string, place: string): boolean {
  if (place === '#') return /\d/.test(character)
  if (place === '@') return /[A-Z]/.test(character)
  if (place === '*') return /[A-Z0-9]/.test(character)
  return character === place
}
