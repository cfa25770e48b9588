// Reads a message: type, bitmaps, then each element they announce, until the end or the first fault.
import { bitmapWidth, bitsPerBitmap, hasBit, readBitmap } from './bitmap.ts'
import type { Cursor } from './elementCodec.ts'
import { type Broken, broken, type Fault, fault } from './fault.ts'
import { type Decoded, type Elements, elementMax, type Inspection, messageMax, type Part } from './message.ts'
import { isMti, mtiWidth, unknownMti } from './mti.ts'
import type { Profile } from './profile.ts'
import { hexOf, type Source, sourceOf, toHex } from './source.ts'

type Head = { mti: string; readonly bitmaps: Uint8Array[] }
type Found = (de: number, value: string, offset: number, end: number) => void

export function reader(profile: Profile, elements: Elements) {
  const typeWidth = mtiWidth(profile.mti)
  const mapWidth = bitmapWidth(profile.bitmap)

  function walk(source: Source, head: Head, found: Found): Fault | undefined {
    const { length } = source.bytes
    if (length > messageMax)
      return fault(broken('message_too_long', `${length} bytes, at most ${messageMax} are read`), 0, 0)
    const wrong = readMti(source, head)
    if (wrong) return fault(wrong, 0, 0)
    const cursor: Cursor = { at: typeWidth }
    const bad = readBitmaps(source, cursor, head)
    return bad ? fault(bad, 1, cursor.at) : readElements(source, cursor, head, found)
  }

  function readMti(source: Source, head: Head): Broken | undefined {
    if (source.bytes.length < typeWidth)
      return broken('mti_truncated', `a message type takes ${typeWidth} bytes`)
    const mti = profile.mti === 'ascii' ? source.text.slice(0, 4) : hexOf(source).slice(0, 4)
    if (!isMti(mti)) return unknownMti(mti)
    head.mti = mti
    return undefined
  }

  function readBitmaps(source: Source, cursor: Cursor, { bitmaps }: Head): Broken | undefined {
    do {
      if (cursor.at + mapWidth > source.bytes.length)
        return broken('bitmap_truncated', `a bitmap takes ${mapWidth} bytes`)
      const bitmap = readBitmap(source, cursor.at, profile.bitmap)
      if (!bitmap) return broken('bitmap_not_hex', 'a bitmap is 16 hex digits here')
      bitmaps.push(bitmap)
      cursor.at += mapWidth
    } while (bitmaps.length === 1 && hasBit(bitmaps[0]!, 1))
    return undefined
  }

  function readElements(source: Source, cursor: Cursor, { bitmaps }: Head, found: Found): Fault | undefined {
    const last = bitmaps.length * bitsPerBitmap
    for (let de = 2; de <= last; de++) {
      const second = de > bitsPerBitmap
      if (!hasBit(bitmaps[second ? 1 : 0]!, second ? de - bitsPerBitmap : de)) continue
      const offset = cursor.at
      const element = elements[de]
      if (!element) return fault(unknownElement(de), de, offset)
      const value = element.read(source, cursor)
      if (typeof value !== 'string') return fault(value, de, offset)
      found(de, value, offset, cursor.at)
    }
    const left = source.bytes.length - cursor.at
    if (left === 0) return undefined
    return fault(broken('trailing_bytes', `${left} bytes follow the last element`), 0, cursor.at)
  }

  function decode(bytes: Uint8Array): Decoded {
    const fields: Record<number, string> = {}
    const head: Head = { mti: '', bitmaps: [] }
    let last = 0
    const wrong = walk(sourceOf(bytes), head, (de, value) => {
      fields[de] = value
      last = de
    })
    if (wrong) return wrong
    const message = { mti: head.mti, fields }
    const surplus = head.bitmaps.length * bitsPerBitmap === elementMax && last <= bitsPerBitmap
    return { ok: true, message: surplus ? { ...message, emptySecondBitmap: true } : message }
  }

  function inspect(bytes: Uint8Array): Inspection {
    const parts: Part[] = []
    const head: Head = { mti: '', bitmaps: [] }
    const wrong = walk(sourceOf(bytes), head, (de, value, offset, end) =>
      parts.push({ de, value, offset, end }),
    )
    const seen = { mti: head.mti, bitmaps: head.bitmaps.map(toHex), parts }
    return wrong ? { ...seen, fault: wrong } : seen
  }

  return { decode, inspect }
}

export const unknownElement = (de: number): Broken =>
  broken(
    'element_unknown',
    de === 65 ? 'it announces a third bitmap, which is not read' : 'the profile has no such element',
  )
