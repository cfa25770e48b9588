// Writes a message: first the size and the faults of every element, then the bytes at one stroke.
import { bitmapWidth, bitsPerBitmap, setBit, writeBitmaps } from './bitmap.ts'
import { writeNibbles, writeText } from './body.ts'
import { broken, type Fault, fault } from './fault.ts'
import { type Elements, type Encoded, type Message, messageMax } from './message.ts'
import { isMti, mtiWidth, unknownMti } from './mti.ts'
import type { Profile } from './profile.ts'
import { unknownElement } from './reading.ts'

export function writer(profile: Profile, elements: Elements) {
  const typeWidth = mtiWidth(profile.mti)
  const mapWidth = bitmapWidth(profile.bitmap)

  /** Where the last element would end; sets the bits on the way. */
  function measure(numbers: readonly number[], { fields }: Message, bitmaps: Uint8Array): number | Fault {
    let size = typeWidth + (bitmaps.length / 8) * mapWidth
    for (const de of numbers) {
      const element = elements[de]
      if (!element) return fault(unknownElement(de), de, size)
      const width = element.size(fields[de]!)
      if (typeof width !== 'number') return fault(width, de, size)
      setBit(bitmaps, de)
      size += width
    }
    if (size <= messageMax) return size
    return fault(broken('message_too_long', `${size} bytes, at most ${messageMax} are written`), 0, 0)
  }

  return function encode(message: Message): Encoded {
    const { mti, fields, emptySecondBitmap } = message
    if (!isMti(mti)) return fault(unknownMti(mti), 0, 0)
    const numbers = Object.keys(fields).map(Number) // whole numbers come in ascending order
    const two = emptySecondBitmap || (numbers.at(-1) ?? 0) > bitsPerBitmap
    const bitmaps = new Uint8Array(two ? 16 : 8)
    if (two) setBit(bitmaps, 1)
    const size = measure(numbers, message, bitmaps)
    if (typeof size !== 'number') return size
    const bytes = new Uint8Array(size)
    if (profile.mti === 'ascii') writeText(mti, bytes, 0)
    else writeNibbles(mti, bytes, 0, 'left')
    let at = writeBitmaps(bitmaps, bytes, typeWidth, profile.bitmap)
    for (const de of numbers) at = elements[de]!.write(fields[de]!, bytes, at)
    return { ok: true, bytes }
  }
}
