// Crockford base32: digits and upper-case letters without I, L, O and U, so that people can read them out.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The first `length` characters of some bytes, five bits each. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5 && text.length < length) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
  }
  if (text.length < length)
    throw new RangeError(`${length} characters need ${Math.ceil((length * 5) / 8)} bytes`)
  return text
}

/** Bytes that begin with some characters: what `base32` makes that text of. */
export function base32Bytes(text: string): Uint8Array {
  const bits = [...text].map((character) => alphabet.indexOf(character).toString(2).padStart(5, '0')).join('')
  const bytes = bits.match(/.{1,8}/g) ?? []
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
}

/** The lowest `length * 5` bits of a whole number, high characters first: numbers in order give texts in order. */
export function base32Number(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < length; i++) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

export const isBase32 = (text: string): boolean => /^[0-9A-HJKMNP-TV-Z]*$/.test(text)
