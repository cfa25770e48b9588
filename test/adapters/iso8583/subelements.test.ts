// The parsers of what stands inside an element: right ones are taken apart, wrong ones are named, malice is bounded.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readIccData } from '../../../src/adapters/iso8583/iccData.ts'
import {
  readAdditionalAmounts,
  readEntryMode,
  readOriginalData,
  readProcessingCode,
  readReplacementAmounts,
  writeOriginalData,
  writeReplacementAmounts,
} from '../../../src/adapters/iso8583/subelements.ts'
import file from '../../vectors/iso8583-vectors.json' with { type: 'json' }

const malformed = { code: 'subelement_malformed', detail: expect.stringMatching(/\S/) }

test('DE3, the processing code', () => {
  expect(readProcessingCode('092000')).toEqual({
    type: '09',
    meaning: 'sale with cashback',
    fromAccount: '20',
    toAccount: '00',
  })
  expect(readProcessingCode('380000')).toMatchObject({ meaning: 'unknown' })
  expect(readProcessingCode('0000')).toEqual(malformed)
})

test('DE22, the entry mode', () => {
  expect(readEntryMode('051')).toEqual({ mode: '05', meaning: 'chip', pin: 'possible' })
  expect(readEntryMode('072')).toEqual({ mode: '07', meaning: 'contactless chip', pin: 'not possible' })
  expect(readEntryMode('440')).toEqual({ mode: '44', meaning: 'unknown', pin: 'unknown' })
  expect(readEntryMode('0051')).toEqual(malformed)
})

test('DE54, additional amounts', () => {
  expect(readAdditionalAmounts('0040704D0000002000000002704C000000000000')).toEqual([
    { account: '00', type: '40', currency: '704', sign: 'D', amount: '200000' },
    { account: '00', type: '02', currency: '704', sign: 'C', amount: '0' },
  ])
  expect(readAdditionalAmounts('')).toEqual([])
  expect(readAdditionalAmounts('0040704D000000200000x')).toEqual(malformed)
  expect(readAdditionalAmounts('0040704X000000200000')).toEqual(malformed)
})

test('DE90, original data elements', () => {
  const original = { mti: '0200', stan: '003316', transmittedAt: '0908064519', acquirer: '00000000200' }
  const value = '020000331609080645190000000020000000000000'
  expect(readOriginalData(value)).toEqual({ ...original, forwarder: '00000000000' })
  expect(writeOriginalData({ ...original, acquirer: '200', forwarder: '' })).toBe(value)
  expect(readOriginalData(value.slice(1))).toEqual(malformed)
})

test('DE95, replacement amounts', () => {
  const amounts = { settlement: '0', transactionFee: 'D00000000', settlementFee: 'D00000000' }
  expect(readReplacementAmounts(writeReplacementAmounts(350_000n))).toEqual({
    transaction: '350000',
    ...amounts,
  })
  expect(readReplacementAmounts('000000000000000000000000D00000000D00000000')).toEqual({
    transaction: '0',
    ...amounts,
  })
  expect(readReplacementAmounts('0'.repeat(42))).toEqual(malformed)
})

describe('DE55, ICC data', () => {
  test('of a published message', () => {
    const { value } = file.sanitised[0]!.fields['55' as keyof (typeof file.sanitised)[0]['fields']]!
    const objects = readIccData(value)
    expect(objects).toHaveLength(22)
    expect(objects).toContainEqual({ tag: '9F02', value: '000000010000' })
    expect(objects).toContainEqual({ tag: '5F34', value: '00' })
  })

  test('nested, filled up with zeros, and with lengths of two and three bytes', () => {
    const long = '00'.repeat(200)
    expect(readIccData(`00 7081D0 9F1081C8${long} 00 9C0100`.replaceAll(' ', ''))).toEqual([
      {
        tag: '70',
        value: [
          { tag: '9F10', value: long },
          { tag: '9C', value: '00' },
        ],
      },
    ])
    expect(readIccData(`9F108200C8${long}`)).toEqual([{ tag: '9F10', value: long }])
  })

  test.each([
    ['a tag and no more', '9F', 'tlv_truncated'],
    ['a tag without a length', '9F02', 'tlv_truncated'],
    ['a length without its value', '9C01', 'tlv_truncated'],
    ['a length that is cut short', '9C82', 'tlv_truncated'],
    ['an inner object longer than the outer one', '70039C0200FF', 'tlv_truncated'],
    ['an open length', '9C80FF0000', 'tlv_length_unsupported'],
    ['a length of four bytes', '9C84FFFFFFFF', 'tlv_length_unsupported'],
    ['a tag without an end', '9FFFFFFFFFFFFF', 'tlv_length_unsupported'],
    ['objects deeper than anyone needs', '70087006700470027000', 'tlv_too_deep'],
    ['more objects than anyone needs', '9C00'.repeat(300), 'tlv_too_many'],
  ])('%s', (_, hex, code) => {
    expect(readIccData(hex)).toMatchObject({ code })
  })

  test('any bytes at all are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const read = readIccData(Buffer.from(bytes).toString('hex'))
        expect(Array.isArray(read) || 'code' in read).toBe(true)
      }),
      { numRuns: 3_000, seed: 20260301 },
    )
  })
})
