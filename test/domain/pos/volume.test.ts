// Liters as pumps write them: read exactly or not at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatVolume, parseVolume } from '../../../src/domain/pos/volume.ts'

test.each([
  ['40', 40_000],
  ['40.1', 40_100],
  ['40.125', 40_125],
  ['0', 0],
  ['0.001', 1],
  ['999999.999', 999_999_999],
])('%s', (text, milliliters) => {
  expect(parseVolume(text)).toBe(milliliters)
})

test.each([
  '',
  '-1',
  '+1',
  '1.',
  '.5',
  '1,5',
  '01',
  '1.2345',
  '1e3',
  '1000000',
  ' 1',
  '1\n',
  '١',
  'NaN',
  '0x1',
])('not "%s"', (text) => {
  expect(parseVolume(text)).toBeUndefined()
})

test('what is shown reads as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (milliliters) => {
      expect(parseVolume(formatVolume(milliliters))).toBe(milliliters)
    }),
  )
})
