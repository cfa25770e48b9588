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

/**
 * The late fee on an amount due on a business date, as of an instant (RFC 3339); rounded half even to the minor unit.
 * `countedTo`: the business date up to which it was counted already, when a part was paid.
 */
export function lateFee(
  amount: Money,
  dueOn: string,
  rule: LateFeeRule | undefined,
  at: string,
  countedTo = dueOn,
): Money {
  const none = zero(amount.currency)
  const today = businessDate(at)
  if (!rule || daysBetween(dueOn, today) <= rule.graceDays) return none
  const counted = daysBetween(dueOn, countedTo) > rule.graceDays
  if (rule.kind === 'fixed') return counted ? none : money(BigInt(rule.fixed), amount.currency)
  const days = Math.max(0, daysBetween(counted ? countedTo : dueOn, today))
  const exact = new Exact(amount.minor.toString()).times(rule.percentPerDay).times(days).dividedBy(100)
  return money(BigInt(exact.toDecimalPlaces(0).toFixed()), amount.currency)
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000
