// One data element of one profile: how it is read from a message and written into one.
import { type Body, bodyOf, writeNibbles, writeText } from './body.ts'
import type { Element, ElementType } from './elements.ts'
import { type Broken, broken } from './fault.ts'
import type { Digits, Profile } from './profile.ts'
import { hexOf, type Source } from './source.ts'

/** Where reading has come to. Moved on by `read`, so that nothing is allocated for an element but its value. */
export type Cursor = { at: number }

export type ElementCodec = {
  readonly name: string
  readonly read: (source: Source, cursor: Cursor) => string | Broken
  /** How many bytes the value takes, or what is wrong with it. */
  readonly size: (value: string) => number | Broken
  /** Writes a value that `size` found right; answers where it ends. */
  readonly write: (value: string, target: Uint8Array, at: number) => number
}

export function elementCodec({ name, format }: Element, profile: Profile): ElementCodec {
  const [type, amount] = format.split(' ') as [ElementType, string]
  const [, dots, digits] = /^(\.*)(\d+)$/.exec(amount)!
  const body = bodyOf(type, dots === '', profile)
  const most = Number(digits) + (type === 'x+n' ? 1 : 0) // the sign is not counted in x+n 8
  return { name, ...(dots === '' ? fixed(body, most) : variable(body, most, dots!.length, profile.lengths)) }
}

type Codec = Omit<ElementCodec, 'name'>

function fixed(body: Body, count: number): Codec {
  const width = body.width(count)
  return {
    read: (source, cursor) => readBody(body, source, cursor, count, width),
    size: (value) => {
      const length = body.count(value)
      return length === count
        ? (body.check(value) ?? width)
        : broken('field_length_wrong', `${length} where ${count} belong`)
    },
    write: (value, target, at) => {
      body.write(value, target, at)
      return at + width
    },
  }
}

function variable(body: Body, most: number, lengthDigits: number, form: Digits): Codec {
  const lengthWidth = form === 'ascii' ? lengthDigits : (lengthDigits + 1) >> 1
  const header = form === 'ascii' ? writeText : writeLengthBcd
  const padded = form === 'ascii' ? lengthWidth : 2 * lengthWidth
  const tooLong = broken('field_too_long', `longer than the ${most} that fit`)
  return {
    read: (source, cursor) => {
      const count = readLength(source, cursor.at, lengthWidth, form)
      if (typeof count !== 'number') return count
      if (count > most) return tooLong
      cursor.at += lengthWidth
      return readBody(body, source, cursor, count, body.width(count))
    },
    size: (value) => {
      const count = body.count(value)
      if (count > most) return tooLong
      return body.check(value) ?? lengthWidth + body.width(count)
    },
    write: (value, target, at) => {
      const count = body.count(value)
      header(String(count).padStart(padded, '0'), target, at)
      body.write(value, target, at + lengthWidth)
      return at + lengthWidth + body.width(count)
    },
  }
}

const writeLengthBcd = (digits: string, target: Uint8Array, at: number): void =>
  writeNibbles(digits, target, at, 'left')

const lengthPattern = /^\d+$/

function readLength(source: Source, at: number, width: number, form: Digits): number | Broken {
  if (at + width > source.bytes.length)
    return broken('field_overruns', `a length of ${width} bytes does not fit into what is left`)
  const digits =
    form === 'ascii' ? source.text.slice(at, at + width) : hexOf(source).slice(2 * at, 2 * (at + width))
  return lengthPattern.test(digits)
    ? Number(digits)
    : broken('length_not_digits', 'the length is not written in digits')
}

/** A length read out of place may be part of a card number, so no fault repeats it. */
function readBody(body: Body, source: Source, cursor: Cursor, count: number, width: number): string | Broken {
  const left = source.bytes.length - cursor.at
  if (width > left) return broken('field_overruns', `it takes more than the ${left} bytes that are left`)
  const value = body.read(source, cursor.at, count)
  cursor.at += width
  return value
}
