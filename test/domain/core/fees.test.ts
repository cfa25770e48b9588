// Fees: exact, rounded half even, never more than the amount.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chargeOn, costOf, type FeePlan, feeOn } from '../../../src/domain/core/fees.ts'
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
  ['10000', { rate: '1', fixed: '0', minimum: '500' }, 500n],
  ['100000', { rate: '1', fixed: '0', minimum: '500' }, 1000n],
  ['10000', { rate: '0', fixed: '0', minimum: '500' }, 500n],
  ['300', { rate: '1', fixed: '0', minimum: '500' }, 300n], // not more than the amount
  ['100000000', { rate: '1', fixed: '500', cap: '50000' }, 50_000n],
  ['1000000', { rate: '1', fixed: '500', cap: '50000' }, 10_500n],
  ['500', { rate: '0', fixed: '1000', vatRate: '10' }, 454n], // with its tax of 45 not more than the amount
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

const vnd = (amount: string) => ({ amount, currency: 'VND' })

test.each([
  ['125000', { rate: '0.5', fixed: '0', vatRate: '10' }, '625', '62'], // 62.5 to the even neighbor
  ['135000', { rate: '0.5', fixed: '0', vatRate: '10' }, '675', '68'], // 67.5 to the even neighbor
  ['125000', { rate: '0.5', fixed: '0', vatRate: '8.25' }, '625', '52'],
  ['500', { rate: '0', fixed: '1000', vatRate: '10' }, '454', '45'],
])('%s at %o: the tax is on the rounded fee', (amount, plan, fee, vat) =>
  expect(chargeOn(money(BigInt(amount), 'VND'), plan)).toEqual({ fee: vnd(fee), vat: vnd(vat) }),
)

test.each([
  { rate: '0.5', fixed: '0' },
  { rate: '0.5', fixed: '0', vatRate: '0' },
  { rate: '0.5', fixed: '0', cap: '4', vatRate: '10' }, // 0.4
])('%o: no tax is not there', (plan) =>
  expect(Object.keys(chargeOn(money(125_000n, 'VND'), plan))).toEqual(['fee']),
)

test('a fee is never under its minimum nor over its cap, and with its tax never more than the amount', () => {
  const rate = fc.integer({ min: 0, max: 999_999 }).map((n) => (n / 10_000).toFixed(4))
  const part = fc.nat(100_000).map(String)
  const plans: fc.Arbitrary<FeePlan> = fc.record(
    { rate, fixed: part, minimum: part, cap: part, vatRate: rate },
    { requiredKeys: ['rate', 'fixed'] },
  )
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 15n), plans, (minor, plan) => {
      const charge = chargeOn(money(minor, 'VND'), plan)
      const fee = BigInt(charge.fee.amount)
      const [minimum, cap] = [BigInt(plan.minimum ?? 0), BigInt(plan.cap ?? minor)]
      const most =
        plan.vatRate === undefined
          ? minor
          : (minor * 10_000n * 100n) / (1_000_000n + tenThousandths(plan.vatRate))
      expect(costOf(charge)).toBeLessThanOrEqual(minor)
      expect(fee).toBeLessThanOrEqual(cap)
      if (minimum <= cap && minimum <= most) expect(fee).toBeGreaterThanOrEqual(minimum)
    }),
  )
})

const tenThousandths = (rate: string): bigint => BigInt(rate.replace('.', ''))
