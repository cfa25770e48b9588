// What is wrong, in which element and where: one case for each code, and never a word of what the message holds.
import { describe, expect, test } from 'vitest'
import { messageCodec } from '../../../src/adapters/iso8583/codec.ts'
import { ascii87, bcd87 } from '../../../src/adapters/iso8583/profile.ts'
import { seeded } from '../../simulation/random.ts'
import { damaged } from './randomMessages.ts'

const ascii = messageCodec(ascii87)
const bcd = messageCodec(bcd87)
const text = (value: string): Uint8Array => Buffer.from(value, 'latin1')
const hex = (value: string): Uint8Array => Buffer.from(value.replaceAll(' ', ''), 'hex')

describe('reading text', () => {
  test.each([
    ['nothing', '', 'mti_truncated', 0, 0],
    ['half a type', '020', 'mti_truncated', 0, 0],
    ['a type that is no digits', '02A0', 'mti_not_digits', 0, 0],
    ['a type of no class', '0900', 'mti_unknown', 0, 0],
    ['a type of another version', '1200', 'mti_unknown', 0, 0],
    ['no bitmap', '0800', 'bitmap_truncated', 1, 4],
    ['half a second bitmap', `0800${'8'.padEnd(16, '0')}0400`, 'bitmap_truncated', 1, 20],
    ['a bitmap that is not hex', '0800822000000000000G', 'bitmap_not_hex', 1, 4],
    ['a third bitmap', `0800${'8'.padEnd(16, '0')}${'8'.padEnd(16, '0')}`, 'element_unknown', 65, 36],
    ['a field that is cut off', '0800200000000000000012345', 'field_overruns', 3, 20],
    ['a length that is cut off', '080040000000000000001', 'field_overruns', 2, 20],
    ['a length that is no number', '08004000000000000000 1', 'length_not_digits', 2, 20],
    ['a length beyond the most', '0800400000000000000020', 'field_too_long', 2, 20],
    ['letters among digits', '0800200000000000000012345x', 'not_digits', 3, 20],
    ['a byte that prints nothing', '080000000000008000001234567\x07', 'character_not_allowed', 41, 20],
    ['an amount without a sign', '08000000001000000000012345678', 'sign_missing', 28, 20],
    ['a MAC that is not hex', '0800000000000000000100112233445566zz', 'not_hex', 64, 20],
    ['one byte too many', '08000000000000000000!', 'trailing_bytes', 0, 20],
  ])('%s', (_, message, code, de, offset) => {
    expect(ascii.decode(text(message))).toEqual({ ok: false, code, de, offset, detail: expect.any(String) })
  })

  test('more than any length can announce', () => {
    expect(ascii.decode(new Uint8Array(65_536))).toMatchObject({ code: 'message_too_long' })
  })

  test('hex in small letters is read, and written in capitals', () => {
    const read = ascii.decode(text(`0800a000000000000000${'1'.padStart(16, '0')}000000${'AB'.repeat(8)}`))
    if (!read.ok) throw new Error(read.code)
    const written = ascii.encode(read.message)
    expect(written.ok && Buffer.from(written.bytes).toString('latin1')).toMatch(/^0800A00/)
  })
})

describe('reading BCD', () => {
  test.each([
    ['half a type', '08', 'mti_truncated', 0, 0],
    ['a type with a letter', '0A00', 'mti_not_digits', 0, 0],
    ['half a bitmap', '0800 20200000', 'bitmap_truncated', 1, 2],
    ['a letter among digits', '0800 2000000000000000 0000A0', 'not_digits', 3, 10],
    ['a length with a letter', '0800 4000000000000000 0A 00', 'length_not_digits', 2, 10],
    ['an odd number filled up with another digit', '0800 0000040000000000 1052', 'padding_not_zero', 22, 10],
    [
      'an odd track filled up with another digit',
      '0800 0000000020000000 03 12D1',
      'padding_not_zero',
      35,
      10,
    ],
    [
      'a track with a letter that separates nothing',
      '0800 0000000020000000 04 12E0',
      'character_not_allowed',
      35,
      10,
    ],
    ['a length of four digits', '0800 0000000000000004 1001', 'field_too_long', 62, 10],
  ])('%s', (_, message, code, de, offset) => {
    expect(bcd.decode(hex(message))).toEqual({ ok: false, code, de, offset, detail: expect.any(String) })
  })
})

describe('writing', () => {
  const mti = '0200'
  test.each([
    ['a type that is none', { mti: '0900', fields: {} }, 'mti_unknown', 0],
    ['a type that is no digits', { mti: 'x', fields: {} }, 'mti_not_digits', 0],
    ['an element that is none', { mti, fields: { 65: '1' } }, 'element_unknown', 65],
    ['an element beyond the last', { mti, fields: { 129: '1' } }, 'element_unknown', 129],
    ['a fixed length that is not met', { mti, fields: { 3: '00000' } }, 'field_length_wrong', 3],
    ['a value too long', { mti, fields: { 2: '4'.repeat(20) } }, 'field_too_long', 2],
    ['letters among digits', { mti, fields: { 3: '00000O' } }, 'not_digits', 3],
    ['a character of two bytes', { mti, fields: { 41: 'Phở 0001' } }, 'character_not_allowed', 41],
    ['an amount without a sign', { mti, fields: { 28: '000000000' } }, 'sign_missing', 28],
    ['bytes that are not hex', { mti, fields: { 52: '00112233445566ZZ' } }, 'not_hex', 52],
    ['half a byte', { mti, fields: { 55: '9C0' } }, 'not_hex', 55],
  ])('%s', (_, message, code, de) => {
    for (const { encode } of [ascii, bcd])
      expect(encode(message)).toEqual({
        ok: false,
        code,
        de,
        offset: expect.any(Number),
        detail: expect.any(String),
      })
  })

  test('the separator of a track is D where digits are BCD', () => {
    const message = { mti, fields: { 35: '4111111111111111=2912' } }
    expect(ascii.encode(message).ok).toBe(true)
    expect(bcd.encode(message)).toMatchObject({ ok: false, code: 'character_not_allowed', de: 35 })
  })
})

test('no fault repeats anything of the card', () => {
  const secrets = ['4111111111111111', '4111111111111111D29122010000', '0123456789ABCDEF', 'NGUYEN VAN A']
  const message = {
    mti: '0200',
    fields: { 2: secrets[0]!, 35: secrets[1]!, 43: secrets[3]!.padEnd(40), 52: secrets[2]! },
  }
  const random = seeded(7)
  for (const { encode, decode } of [ascii, bcd]) {
    const written = encode(message)
    if (!written.ok) throw new Error(written.code)
    for (let count = 0; count < 2_000; count++) {
      const read = decode(damaged(written.bytes, written.bytes, random))
      if (read.ok) continue
      expect(JSON.stringify(read)).not.toMatch(/1111|2912|ABCDEF|NGUYEN/)
    }
  }
})
