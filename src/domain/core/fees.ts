// What the gateway charges a merchant for one payment: a rate and a fixed part, rounded half even to the minor unit.
import { Decimal } from 'decimal.js'
import { isZero, least, type Money, money, zero } from './money.ts'

/** A fee plan: `rate` is a percentage as a decimal string ("0.55" = 0.55 %), `fixed` minor units of the payment's currency. */
export type FeePlan = { readonly rate: string; readonly fixed: string }

const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN })

/** The fee on an amount, in its currency; never more than the amount itself. */
export function feeOn(amount: Money, plan: FeePlan): Money {
  if (plan.rate === '0' && plan.fixed === '0') return zero(amount.currency)
  const exact = new Exact(amount.minor.toString()).times(plan.rate).dividedBy(100).plus(plan.fixed)
  const fee = money(BigInt(exact.toDecimalPlaces(0).toFixed()), amount.currency)
  return isZero(amount) ? amount : least(fee, amount)
}
