// What a bill costs more because it is late: nothing within the grace days, then a fixed fee or a rate for every day since it was due.
import { Decimal } from 'decimal.js'
import { businessDate } from '../core/businessDay.ts'
import { type Money, money, zero } from '../core/money.ts'

/** `percentPerDay` as a decimal string ("0.03" = 0.03 % a day, not compounded); `fixed` in minor units of the bill's currency. */
export type LateFeeRule = { readonly graceDays: number } & (
  | { readonly kind: 'rate'; readonly percentPerDay: string }
  | { readonly kind: 'fixed'; readonly fixed: string }
)

const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN })

/** The late fee on an amount due on a business date, as of an instant (RFC 3339); rounded half even to the minor unit. */
export function lateFee(amount: Money, dueOn: string, rule: LateFeeRule | undefined, at: string): Money {
  if (!rule) return zero(amount.currency)
  const days = daysBetween(dueOn, businessDate(at))
  if (days <= rule.graceDays) return zero(amount.currency)
  if (rule.kind === 'fixed') return money(BigInt(rule.fixed), amount.currency)
  const exact = new Exact(amount.minor.toString()).times(rule.percentPerDay).times(days).dividedBy(100)
  return money(BigInt(exact.toDecimalPlaces(0).toFixed()), amount.currency)
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000
