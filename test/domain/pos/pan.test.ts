// Card numbers: public test numbers of every scheme, the check digit, the one truncation, and the guard that finds them anywhere.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPans, holdsPan, maskCardData } from '../../../src/domain/pos/cardDataGuard.ts'
import { isPan, maskPan, passesLuhn, schemeOf, truncatePan } from '../../../src/domain/pos/pan.ts'

const testPans = [
  ['4111111111111111', 'visa'],
  ['4222222222222', 'visa'],
  ['5555555555554444', 'mastercard'],
  ['2223003122003222', 'mastercard'],
  ['378282246310005', 'amex'],
  ['3530111333300000', 'jcb'],
  ['6200000000000005', 'unionpay'],
  ['6011111111111117', 'discover'],
  ['30569309025904', 'diners'],
  ['9704198526191432198', 'napas'],
] as const

describe.each(testPans)('%s', (pan, scheme) => {
  test(`is ${scheme}`, () => {
    expect(isPan(pan)).toBe(true)
    expect(schemeOf(pan)).toBe(scheme)
    expect(truncatePan(pan)).toEqual({ scheme, first6: pan.slice(0, 6), last4: pan.slice(-4) })
  })

  test('any one digit mistyped is noticed', () => {
    for (let at = 0; at < pan.length; at++) {
      const other = String((Number(pan[at]) + 1) % 10)
      expect(passesLuhn(pan.slice(0, at) + other + pan.slice(at + 1))).toBe(false)
    }
  })
})

test.each([
  ['50', undefined],
  ['2220999999999990', undefined],
  ['2720999999999996', 'mastercard'],
  ['2721000000000004', undefined],
  ['41111111111', undefined], // too short for a Visa
  ['6430000000000000', undefined],
  ['6440000000000000', 'discover'],
])('%s has the scheme %s', (pan, scheme) => expect(schemeOf(pan)).toBe(scheme))

test('what is not a card number', () => {
  for (const text of ['', '411111111111111', '4111 1111 1111 1111', '٤١١١١١١١١١١١١١١١', '0'.repeat(20)])
    expect(isPan(text), text).toBe(false)
})

test('truncation keeps ten digits, and of what is too short nothing', () => {
  expect(maskPan('4111111111111111')).toBe('411111******1111')
  expect(maskPan('378282246310005')).toBe('378282*****0005')
  expect(maskPan('41111111111')).toBe('***********')
  expect(() => truncatePan('41111111111')).toThrow(RangeError)
})

describe('the guard', () => {
  test.each([
    ['a number alone', '4111111111111111', '411111******1111'],
    ['in a sentence', 'thẻ 4111111111111111, hết hạn', 'thẻ 411111******1111, hết hạn'],
    ['as printed on the card', '4111 1111 1111 1111', '411111******1111'],
    ['with hyphens', 'x5555-5555-5555-4444x', 'x555555******4444x'],
    ['in a track', '5555555555554444D2912201000000000', '555555******4444D2912201000000000'],
    ['in JSON', '{"pan":"378282246310005"}', '{"pan":"378282*****0005"}'],
    ['behind other digits', '999994111111111111111', '99999411111******1111'],
    ['two', '4111111111111111 5555555555554444', '411111******1111 555555******4444'],
    ['a NAPAS card', '9704198526191432198', '970419*********2198'],
  ])('finds %s', (_, text, masked) => {
    expect(holdsPan(text)).toBe(true)
    expect(maskCardData(text)).toBe(masked)
    expect(holdsPan(masked)).toBe(false)
  })

  test.each([
    ['a truncated number', '411111******1111'],
    ['a wrong check digit', '4111111111111112'],
    ['a time in milliseconds', '1772354100000'],
    ['an id of ours', 'pay_7K3MA9QZXW4F2ABCD0'],
    ['a number of no scheme', '0000000000000000'],
    ['nothing', ''],
  ])('leaves %s', (_, text) => {
    expect(findPans(text)).toEqual([])
    expect(maskCardData(text)).toBe(text)
  })

  test('finds every test number between any letters, and answers long texts at once', () => {
    const around = fc.string({ unit: fc.constantFrom(...'abcX{}":,\n'), maxLength: 20 })
    const pans = fc.constantFrom(...testPans.map(([pan]) => pan))
    fc.assert(
      fc.property(around, pans, around, (before, pan, after) => {
        expect(findPans(before + pan + after)).toEqual([
          { start: before.length, end: before.length + pan.length, pan },
        ])
      }),
      { numRuns: 500, seed: 20260301 },
    )
    const started = performance.now()
    findPans('1'.repeat(200_000))
    expect(performance.now() - started).toBeLessThan(1_500)
  })
})
