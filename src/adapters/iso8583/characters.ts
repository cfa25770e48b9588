// Which bytes an element of text may hold, by its type.
import type { ElementType } from './elements.ts'

type TextType = Exclude<ElementType, 'b' | 'x+n'>

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39
const isLetter = (byte: number) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

const members: Readonly<Record<TextType, (byte: number) => boolean>> = {
  n: isDigit,
  an: (byte) => isDigit(byte) || isLetter(byte),
  anp: (byte) => isDigit(byte) || isLetter(byte) || byte === 0x20,
  ans: (byte) => byte >= 0x20 && byte <= 0x7e,
  private: () => true,
  z: (byte) => isDigit(byte) || byte === 0x44 || byte === 0x3d, // the separator, D or =
}

const bits: Readonly<Record<TextType, number>> = { n: 1, an: 2, anp: 4, ans: 8, private: 16, z: 32 }

/** One byte of bits for each byte: looked up once per character, which is what decoding spends its time on. */
const table = Uint8Array.from({ length: 256 }, (_, byte) =>
  Object.entries(members).reduce((sum, [type, has]) => sum | (has(byte) ? bits[type as TextType] : 0), 0),
)

/** True when every byte of the stretch may stand in an element of this type. */
export function bytesAllowed(type: TextType, bytes: Uint8Array, start: number, end: number): boolean {
  const bit = bits[type]
  for (let at = start; at < end; at++) if ((table[bytes[at]!]! & bit) === 0) return false
  return true
}

/** The same for a text; characters beyond one byte never may. */
export function textAllowed(type: TextType, text: string, start = 0): boolean {
  const bit = bits[type]
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > 0xff || (table[unit]! & bit) === 0) return false
  }
  return true
}
