// Objects, lengths and checksums.
import { describe, expect, test } from 'vitest'
import { crc16 } from '../../../src/domain/qr/crc.ts'
import { countCharacters, readFields, textAt, writeField, writeFields } from '../../../src/domain/qr/tlv.ts'

describe('writing', () => {
  test('one object', () => expect(writeField('59', 'SHOP')).toBe('5904SHOP'))
  test('99 characters', () => expect(writeField('59', 'x'.repeat(99))).toBe(`5999${'x'.repeat(99)}`))
  test('a length counts characters, not bytes', () => expect(writeField('01', '最佳')).toBe('0102最佳'))
  test('nor UTF-16 code units', () => expect(writeField('01', '😀')).toBe('0101😀'))
  test('a template', () =>
    expect(writeFields([{ id: '62', value: [{ id: '08', value: 'hi' }] }])).toBe('62060802hi'))
  test('an empty value is refused', () => expect(() => writeField('59', '')).toThrow(/59 has 0 characters/))
  test('so is a hundredth character', () =>
    expect(() => writeField('59', 'x'.repeat(100))).toThrow(/59 has 100/))
})

describe('reading', () => {
  test('keeps the order', () =>
    expect(readFields('5902ab0001x')).toEqual({
      fields: [
        { id: '59', value: 'ab' },
        { id: '00', value: 'x' },
      ],
    }))
  test('counts characters', () =>
    expect(readFields('0102😀b0001x').fields).toEqual([
      { id: '01', value: '😀b' },
      { id: '00', value: 'x' },
    ]))
  test.each([
    ['5903ab', '59'],
    ['0001x5900', '59'],
    ['0001x59', ''],
    ['0001x5x01y', ''],
  ])('%s stops at the fault', (text, id) => expect(readFields(text).fault).toMatchObject({ id }))
})

test('a path leads through templates to text', () => {
  const fields = [{ id: '38', value: [{ id: '01', value: [{ id: '00', value: '970422' }] }] }]
  expect(textAt(fields, '38.01.00')).toBe('970422')
  expect(textAt(fields, '38.01')).toBeUndefined()
  expect(textAt(fields, '38.01.00.00')).toBeUndefined()
  expect(textAt(fields, '62.08')).toBeUndefined()
})

test.each([
  ['', 0],
  ['abc', 3],
  ['đồng', 4],
  ['😀a😀', 3],
  ['\ud83d', 1],
])('%j has %i characters', (text, count) => expect(countCharacters(text)).toBe(count))

describe('CRC-16/CCITT-FALSE', () => {
  test('the check value of the catalog', () => expect(crc16('123456789')).toBe('29B1'))
  test('nothing', () => expect(crc16('')).toBe('FFFF'))
  test('UTF-8 bytes, wherever the first one past ASCII stands', () => {
    for (const text of ['đồng', 'VND đồng', 'ASCII then 😀']) expect(crc16(text)).toBe(bitwise(text))
  })
  test('four digits, padded', () => {
    const small = Array.from({ length: 5000 }, (_, n) => crc16(`n${n}`)).filter((crc) => crc.startsWith('0'))
    expect(small.length).toBeGreaterThan(0)
    expect(small.every((crc) => /^[0-9A-F]{4}$/.test(crc))).toBe(true)
  })
})

/** The definition, bit by bit. */
function bitwise(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text))
    for (let bit = 7; bit >= 0; bit--) {
      const carry = (crc >> 15) ^ ((byte >> bit) & 1)
      crc = ((crc << 1) & 0xffff) ^ (carry ? 0x1021 : 0)
    }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
