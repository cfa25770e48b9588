// Bitmaps: which elements a message holds. Bit 1 announces a second bitmap right behind the first.
import { writeText } from './body.ts'
import type { Profile } from './profile.ts'
import type { Source } from './source.ts'

const bitmapBytes = 8
export const bitsPerBitmap = 64

/** How many bytes one bitmap takes on the wire. */
export const bitmapWidth = (form: Profile['bitmap']): number =>
  form === 'hex' ? 2 * bitmapBytes : bitmapBytes

/** The eight bytes of a bitmap; undefined when they are not written in hex. */
export function readBitmap(
  { bytes, text }: Source,
  at: number,
  form: Profile['bitmap'],
): Uint8Array | undefined {
  if (form === 'binary') return bytes.subarray(at, at + bitmapBytes)
  const hex = text.slice(at, at + 2 * bitmapBytes)
  return /^[\dA-Fa-f]{16}$/.test(hex) ? Buffer.from(hex, 'hex') : undefined
}

/** Bit 1 is the highest of the first byte. */
export const hasBit = (bitmap: Uint8Array, bit: number): boolean =>
  (bitmap[(bit - 1) >> 3]! & (0x80 >> ((bit - 1) & 7))) !== 0

export function setBit(bitmaps: Uint8Array, bit: number): void {
  bitmaps[(bit - 1) >> 3]! |= 0x80 >> ((bit - 1) & 7)
}

/** Writes bitmaps and answers where they end. */
export function writeBitmaps(
  bitmaps: Uint8Array,
  target: Uint8Array,
  at: number,
  form: Profile['bitmap'],
): number {
  if (form === 'binary') target.set(bitmaps, at)
  else writeText(Buffer.from(bitmaps).toString('hex').toUpperCase(), target, at)
  return at + (form === 'binary' ? bitmaps.length : 2 * bitmaps.length)
}
