// The value of an element on the wire, without its length: as text, as BCD digits, with a sign, or as bytes.
import { bytesAllowed, textAllowed } from './characters.ts'
import type { ElementType } from './elements.ts'
import { type Broken, broken } from './fault.ts'
import type { Profile } from './profile.ts'
import { hexOf, type Source } from './source.ts'

export type Body = {
  /** What the element's length counts: digits or characters or bytes. */
  readonly count: (value: string) => number
  /** How many bytes so many of them take. */
  readonly width: (count: number) => number
  /** The value at a place in the message, which is known to be long enough. */
  readonly read: (source: Source, start: number, count: number) => string | Broken
  /** What is wrong with the value's characters. */
  readonly check: (value: string) => Broken | undefined
  readonly write: (value: string, target: Uint8Array, at: number) => void
}
type Side = Profile['padding']['fixed']

/** How this profile writes elements of a type and of a fixed or variable length. */
export function bodyOf(type: ElementType, fixed: boolean, profile: Profile): Body {
  const side = fixed ? profile.padding.fixed : profile.padding.variable
  if (type === 'b') return fixed && profile.fixedBinary === 'hex' ? hexText : bytes
  if (profile.digits === 'ascii') return type === 'x+n' ? signed(asciiText('n')) : asciiText(type)
  if (type === 'n' || type === 'z') return bcdDigits(type, side)
  return type === 'x+n' ? signed(bcdDigits('n', side)) : asciiText(type)
}

const notDigits = broken('not_digits', 'something that is not a digit stands among the digits')
const notHex = broken('not_hex', 'bytes are written as pairs of 0-9 and A-F')
const notZero = broken('padding_not_zero', 'the digit that fills up the last byte is not zero')
const notAllowed = (type: ElementType): Broken =>
  type === 'n'
    ? notDigits
    : broken('character_not_allowed', `a character that type ${type} does not have stands in it`)

function asciiText(type: Exclude<ElementType, 'b' | 'x+n'>): Body {
  const fault = notAllowed(type)
  return {
    count: (value) => value.length,
    width: (count) => count,
    read: ({ bytes, text }, start, count) =>
      bytesAllowed(type, bytes, start, start + count) ? text.slice(start, start + count) : fault,
    check: (value) => (textAllowed(type, value) ? undefined : fault),
    write: writeText,
  }
}

/** Two digits a byte; D, the separator of a track, is a digit here. */
function bcdDigits(type: 'n' | 'z', side: Side): Body {
  const pattern = type === 'n' ? /^\d*$/ : /^[\dD]*$/
  const fault = notAllowed(type)
  return {
    count: (value) => value.length,
    width: (count) => (count + 1) >> 1,
    read: (source, start, count) => {
      const padded = count + (count & 1)
      const digits = hexOf(source).slice(2 * start, 2 * start + padded)
      if (padded > count && digits[side === 'left' ? 0 : count] !== '0') return notZero
      const value = padded === count ? digits : side === 'left' ? digits.slice(1) : digits.slice(0, count)
      return pattern.test(value) ? value : fault
    },
    check: (value) => (pattern.test(value) ? undefined : fault),
    write: (value, target, at) => writeNibbles(value, target, at, side),
  }
}

/** C or D as a character, then the digits in their own form. */
function signed(digits: Body): Body {
  const missing = broken('sign_missing', 'the amount does not begin with C or D')
  const isSign = (character: string | undefined) => character === 'C' || character === 'D'
  return {
    count: (value) => value.length,
    width: (count) => 1 + digits.width(count - 1),
    read: (source, start, count) => {
      const sign = source.text[start]!
      if (!isSign(sign)) return missing
      const value = digits.read(source, start + 1, count - 1)
      return typeof value === 'string' ? sign + value : value
    },
    check: (value) => (isSign(value[0]) ? digits.check(value.slice(1)) : missing),
    write: (value, target, at) => {
      writeText(value[0]!, target, at)
      digits.write(value.slice(1), target, at + 1)
    },
  }
}

const checkHex = (value: string): Broken | undefined =>
  value.length % 2 === 0 && /^[\dA-F]*$/.test(value) ? undefined : notHex

const bytes: Body = {
  count: (value) => value.length / 2,
  width: (count) => count,
  read: (source, start, count) => hexOf(source).slice(2 * start, 2 * (start + count)),
  check: checkHex,
  write: (value, target, at) => writeNibbles(value, target, at, 'right'),
}

const hexText: Body = {
  count: (value) => value.length / 2,
  width: (count) => 2 * count,
  read: ({ text }, start, count) => {
    const value = text.slice(start, start + 2 * count)
    return checkHex(value) ?? value
  },
  check: checkHex,
  write: writeText,
}

export function writeText(value: string, target: Uint8Array, at: number): void {
  for (let index = 0; index < value.length; index++) target[at + index] = value.charCodeAt(index)
}

/** Pairs of 0-9 and A-F as bytes; an odd one is filled up with a zero on that side. */
export function writeNibbles(value: string, target: Uint8Array, at: number, side: Side): void {
  const lead = side === 'left' ? value.length & 1 : 0
  for (let index = -lead, place = at; index < value.length; index += 2, place++) {
    const high = index < 0 ? 0 : nibble(value, index)
    const low = index + 1 < value.length ? nibble(value, index + 1) : 0
    target[place] = (high << 4) | low
  }
}

function nibble(value: string, index: number): number {
  const code = value.charCodeAt(index)
  return code <= 0x39 ? code - 0x30 : code - 0x37
}
