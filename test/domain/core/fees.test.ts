// Fees: exact, rounded half even, never more than the amount.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feeOn } from '../../../src/domain/core/fees.ts'
import { money } from '../../../src/domain/core/money.ts'

test.each([
  ['125000', { rate: '0.55', fixed: '0' }, 688n], // 687.5 to the even neighbor
  ['125000', { rate: '0.5', fixed: '0' }, 625n],
  ['300', { rate: '0.5', fixed: '0' }, 2n], // 1.5 → 2
  ['500', { rate: '0.5', fixed: '0' }, 2n], // 2.5 → 2
  ['700', { rate: '0.5', fixed: '0' }, 4n], // 3.5 → 4
  ['100000', { rate: '0.1', fixed: '1000' }, 1100n],
  ['500', { rate: '0', fixed: '1000' }, 500n], // not more than the amount
  ['99', { rate: '0.1', fixed: '0' }, 0n],
  ['999999999999999', { rate: '99.9999', fixed: '0' }, 999_998_999_999_999n],
] as const)('%s at %o', (amount, plan, fee) =>
  expect(feeOn(money(BigInt(amount), 'VND'), plan)).toEqual(money(fee, 'VND')),
)

test('no plan costs nothing', () =>
  expect(feeOn(money(125_000n, 'VND'), { rate: '0', fixed: '0' })).toEqual(money(0n, 'VND')))

test('a fee is a whole number from nothing to the amount', () => {
  const rates = fc.integer({ min: 0, max: 999_999 }).map((n) => (n / 10_000).toFixed(4))
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 15n), rates, fc.nat(100_000), (minor, rate, fixed) => {
      const fee = feeOn(money(minor, 'VND'), { rate, fixed: String(fixed) })
      return fee.minor >= 0n && fee.minor <= minor
    }),
  )
})
