// The check character of ISO 7064 mod 37,36 over digits and letters: catches one wrong character and two swapped ones.

const values = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The check character for a text of digits and upper-case letters. */
export function checkCharacter(text: string): string {
  let product = 36
  for (const character of text) {
    const sum = (product + values.indexOf(character)) % 36
    product = ((sum === 0 ? 36 : sum) * 2) % 37
  }
  return values[(37 - product) % 36]!
}

/** True when the last character is the check character of those before it. */
export const isChecked = (text: string): boolean => checkCharacter(text.slice(0, -1)) === text.at(-1)
