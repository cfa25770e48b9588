// What the gateway charges a merchant for one payment, and the tax on that: exact, rounded half even to the minor unit.
import { Decimal } from 'decimal.js'
import { isZero, least, type Money, type MoneyData, money, toData, zero } from './money.ts'

/**
 * Fee terms: `rate` is a percentage as a decimal string ("0.55" = 0.55 %); `fixed`, `minimum` and `cap` are minor units of
 * the payment's currency. `vatRate`: value-added tax on the fee, a percentage; absent: none.
 */
export type FeePlan = {
  readonly rate: string
  readonly fixed: string
  readonly minimum?: string
  readonly cap?: string
  readonly vatRate?: string
}

/** What a payment costs its merchant, as events freeze it; without tax `vat` is absent. */
export type Charge = { readonly fee: MoneyData; readonly vat?: MoneyData }

const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN })

/** The fee on an amount, in its currency: rate and fixed part, rounded, then not under the minimum nor over the cap. With its tax never more than the amount. */
export function feeOn(amount: Money, plan: FeePlan): Money {
  const { rate, fixed, minimum = '0', cap, vatRate } = plan
  if (rate === '0' && fixed === '0' && minimum === '0') return zero(amount.currency)
  if (isZero(amount)) return amount
  const exact = percentOf(amount, rate).plus(fixed)
  const fee = rounded(Exact.max(exact, minimum), amount)
  const capped = cap === undefined ? fee : least(fee, money(BigInt(cap), amount.currency))
  return least(capped, vatRate === undefined ? amount : mostWithTax(amount, vatRate))
}

/** The fee on an amount and the tax on that fee. */
export function chargeOn(amount: Money, plan: FeePlan): Charge {
  const fee = feeOn(amount, plan)
  const vat = plan.vatRate === undefined ? zero(fee.currency) : rounded(percentOf(fee, plan.vatRate), fee)
  return isZero(vat) ? { fee: toData(fee) } : { fee: toData(fee), vat: toData(vat) }
}

/** What a charge is in all, tax included, in minor units. */
export const costOf = ({ fee, vat }: Charge): bigint => BigInt(fee.amount) + BigInt(vat?.amount ?? 0)

const percentOf = ({ minor }: Money, rate: string): Decimal =>
  new Exact(minor.toString()).times(rate).dividedBy(100)

const rounded = (exact: Decimal, { currency }: Money): Money =>
  money(BigInt(exact.toDecimalPlaces(0, Decimal.ROUND_HALF_EVEN).toFixed()), currency)

/** The largest fee that the amount pays together with its tax: a whole number, so the rounded tax fits, too. */
const mostWithTax = (amount: Money, vatRate: string): Money => {
  const share = new Exact(amount.minor.toString()).times(100).dividedBy(new Exact(vatRate).plus(100))
  return money(BigInt(share.toDecimalPlaces(0, Decimal.ROUND_DOWN).toFixed()), amount.currency)
}
