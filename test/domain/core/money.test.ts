// Money: read from decimal strings, written back, never rounded by accident.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { add, currencies, formatMoney, money, parseMoney, subtract } from '../../../src/domain/core/money.ts'

describe('reading an amount', () => {
  test.each([
    ['125000', 'VND', 125000n],
    ['1', 'VND', 1n],
    ['999999999999999', 'VND', 999_999_999_999_999n],
    ['12.50', 'USD', 1250n],
    ['12.5', 'USD', 1250n],
    ['12', 'USD', 1200n],
    ['0.01', 'USD', 1n],
    ['1.234', 'BHD', 1234n],
  ] as const)('%s %s', (amount, currency, minor) =>
    expect(parseMoney(amount, currency)).toEqual({ minor, currency }),
  )

  test.each([
    ['', 'VND', 'amount_malformed'],
    ['0', 'VND', 'amount_zero'],
    ['0.00', 'USD', 'amount_zero'],
    ['-1', 'VND', 'amount_malformed'],
    ['+1', 'VND', 'amount_malformed'],
    ['1e3', 'VND', 'amount_malformed'],
    ['1,000', 'VND', 'amount_malformed'],
    [' 1', 'VND', 'amount_malformed'],
    ['01', 'VND', 'amount_malformed'],
    ['.5', 'USD', 'amount_malformed'],
    ['5.', 'USD', 'amount_malformed'],
    ['١٢٣', 'VND', 'amount_malformed'],
    ['1.5', 'VND', 'amount_decimals'],
    ['1.0', 'VND', 'amount_decimals'],
    ['1.234', 'USD', 'amount_decimals'],
    ['1000000000000000', 'VND', 'amount_too_long'],
    ['99999999999999.99', 'USD', 'amount_too_long'],
    ['9'.repeat(1000), 'VND', 'amount_too_long'],
    ['1', 'XXX', 'currency_unknown'],
    ['1', 'vnd', 'currency_unknown'],
    ['1', 'constructor', 'currency_unknown'],
  ] as const)('%s %s is refused: %s', (amount, currency, fault) =>
    expect(parseMoney(amount, currency)).toBe(fault),
  )
})

const anyMoney = fc
  .tuple(
    fc.bigInt(1n, 999_999_999_999n),
    fc.constantFrom(...(Object.keys(currencies) as (keyof typeof currencies)[])),
  )
  .map(([minor, currency]) => money(minor, currency))

test('what is written is read back', () => {
  fc.assert(
    fc.property(anyMoney, (sum) => {
      expect(parseMoney(formatMoney(sum), sum.currency)).toEqual(sum)
    }),
  )
})

test('adding and taking away cancel out', () => {
  fc.assert(
    fc.property(anyMoney, (sum) => {
      expect(subtract(add(sum, sum), sum)).toEqual(sum)
    }),
  )
})

test('a negative sum is written with its sign', () => {
  expect(formatMoney(money(-5n, 'USD'))).toBe('-0.05')
  expect(formatMoney(money(-5n, 'VND'))).toBe('-5')
})

test('adding two currencies is a bug', () => {
  expect(() => add(money(1n, 'VND'), money(1n, 'USD'))).toThrow('USD used as VND')
})
