// Reads what a machine reports against what was asked for: how much came out, in money.
import { exceeds, fromData, isZero, type Money, type MoneyData, zero } from '../core/money.ts'
import type {
  DataOf,
  Delivery,
  FulfillmentOutcome,
  FulfillmentRejection,
  FulfillmentTerms,
} from './fulfillmentEvents.ts'

/** A report that holds together. Nothing out is `failed`, whatever the machine called it, and delivers nothing. */
export type ReadReport = {
  readonly outcome: FulfillmentOutcome
  readonly amount: Money
  readonly delivery?: Delivery
}

/** `worth`: all that may come out. */
export function readReport(
  { outcome, amount: said, delivery }: DataOf<'ReportFulfillment'>,
  worth: Money,
  terms: FulfillmentTerms,
): ReadReport | FulfillmentRejection {
  const amount = amountSaid(outcome, said, worth, terms)
  if (typeof amount === 'string') return amount
  if (amount.currency !== worth.currency) return 'fulfillment_currency_differs'
  const fault = whyNot(outcome, amount, worth, terms) ?? deliveryFault(delivery, amount, terms)
  if (fault) return fault
  if (isZero(amount)) return { outcome: 'failed', amount }
  return { outcome, amount, ...(delivery && { delivery }) }
}

/** A pump says always how much; a machine need not say it of all and of nothing. */
function amountSaid(
  outcome: FulfillmentOutcome,
  said: MoneyData | undefined,
  worth: Money,
  { mode }: FulfillmentTerms,
): Money | FulfillmentRejection {
  if (said) return fromData(said)
  if (outcome === 'failed') return zero(worth.currency)
  return outcome === 'dispensed' && mode !== 'pump' ? worth : 'fulfillment_amount_required'
}

function whyNot(
  outcome: FulfillmentOutcome,
  amount: Money,
  worth: Money,
  { mode }: FulfillmentTerms,
): FulfillmentRejection | undefined {
  if (exceeds(amount, worth)) return 'fulfillment_exceeds_amount'
  if (isZero(amount)) return undefined
  const all = amount.minor === worth.minor
  const fits = outcome === 'dispensed' ? all || mode === 'pump' : outcome === 'partial' && !all
  return fits ? undefined : 'fulfillment_amount_differs'
}

function deliveryFault(
  delivery: Delivery | undefined,
  amount: Money,
  terms: FulfillmentTerms,
): FulfillmentRejection | undefined {
  if (terms.mode !== 'pump') return delivery && 'delivery_differs'
  if (!delivery) return isZero(amount) ? undefined : 'delivery_required'
  const asked = delivery.product === terms.product && sameMoney(delivery.unitPrice, terms.unitPrice)
  if (!asked) return 'delivery_differs'
  return isVolumeTimesPrice(delivery, amount) ? undefined : 'delivery_amount_differs'
}

/** Within half a minor unit, in whole numbers: the pump may round half either way. */
function isVolumeTimesPrice({ milliliters, unitPrice }: Delivery, { minor }: Money): boolean {
  const difference = 1000n * minor - BigInt(milliliters) * BigInt(unitPrice.amount)
  return difference <= 500n && difference >= -500n
}

const sameMoney = (a: MoneyData, b: MoneyData): boolean => a.amount === b.amount && a.currency === b.currency

type Recorded = {
  readonly outcome: FulfillmentOutcome
  readonly amount: MoneyData
  readonly delivery?: Delivery
}

/** The same again, whatever the detail says. */
export const sameReport = (earlier: Recorded, { outcome, amount, delivery }: ReadReport): boolean =>
  earlier.outcome === outcome &&
  earlier.amount.amount === amount.minor.toString() &&
  earlier.delivery?.milliliters === delivery?.milliliters
