// Text from elsewhere made safe to print: a terminal obeys some characters instead of showing them.

/** Control and bidirectional characters in a stranger's payload must not reach a terminal. */
export const safe = (text: string): string =>
  text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
    character.split('').map(escapeUnit).join(''),
  )

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The value as JSON where that was asked for, else the text. */
export const print = (json: true | undefined, value: object, text: string): void =>
  console.log(safe(json ? JSON.stringify(value, null, 2) : text))
