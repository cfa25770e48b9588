// Fee plans of one owner (everybody, a sector, a merchant) for one method: dated, one in force a day and currency; replaced as a whole.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { FeePlan } from '../core/fees.ts'
import type { Currency } from '../core/money.ts'

/** Percentages as decimal strings, amounts in minor units. */
type Terms = Omit<FeePlan, 'vatRate'>

/** For a merchant whose monthly volume is at least so much, in place of the plan's own terms. */
export type FeeTier = Terms & { readonly volumeFrom: string }

export type DatedFeePlan = FeePlan & {
  readonly currency: Currency
  /** Business dates, both included; without an end it holds until further notice. */
  readonly effectiveFrom: string
  readonly effectiveTo?: string
  /** The largest volume first. */
  readonly tiers?: readonly FeeTier[]
}

export type FeePlansCommand = {
  type: 'SetFeePlans'
  data: { readonly plans: readonly DatedFeePlan[]; readonly at: string }
}
export type FeePlansEvent = {
  type: 'FeePlansSet'
  data: { readonly plans: readonly DatedFeePlan[]; readonly setAt: string }
}
export type FeePlansRejection = 'fee_plans_overlap'
export type FeePlans = { readonly plans: readonly DatedFeePlan[] }

export type FeeMethod = 'qr' | 'card'

/** `owner`: `default`, a sector or a merchant's id. */
export const feePlansId = (owner: string, method: FeeMethod): string => `${owner}-${method}`

export const initialState = (): FeePlans => ({ plans: [] })

/** The same plans again, in any order, are nothing new. What was charged is frozen in payments: no change touches it. */
export function decide(
  { data: { plans, at } }: FeePlansCommand,
  state: FeePlans,
): Decision<FeePlansEvent, FeePlansRejection> {
  if (overlapIn(plans)) return reject('fee_plans_overlap')
  const ordered = plans.map(withTiersInOrder).toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  if (JSON.stringify(ordered) === JSON.stringify(state.plans)) return accept()
  return accept({ type: 'FeePlansSet', data: { plans: ordered, setAt: at } })
}

const withTiersInOrder = (plan: DatedFeePlan): DatedFeePlan =>
  plan.tiers === undefined ? plan : { ...plan, tiers: plan.tiers.toSorted(largestFirst) }

const largestFirst = (a: FeeTier, b: FeeTier): number =>
  BigInt(a.volumeFrom) > BigInt(b.volumeFrom) ? -1 : 1

export const evolve = (_state: FeePlans, { data }: FeePlansEvent): FeePlans => ({ plans: data.plans })

const orderOf = ({ currency, effectiveFrom }: DatedFeePlan): string => `${currency} ${effectiveFrom}`

/** The first two plans, by their places in the list, that are both in force on some day for one currency. */
export function overlapIn(plans: readonly DatedFeePlan[]): readonly [number, number] | undefined {
  for (const [later, plan] of plans.entries()) {
    const earlier = plans.findIndex((other) => other.currency === plan.currency && meet(other, plan))
    if (earlier < later) return [earlier, later]
  }
  return undefined
}

const endless = '9999-12-31'
const meet = (a: DatedFeePlan, b: DatedFeePlan): boolean =>
  a.effectiveFrom <= (b.effectiveTo ?? endless) && b.effectiveFrom <= (a.effectiveTo ?? endless)

/** The plan in force on a business date. */
export const planOn = ({ plans }: FeePlans, currency: string, date: string): DatedFeePlan | undefined =>
  plans.find(
    (plan) =>
      plan.currency === currency && plan.effectiveFrom <= date && date <= (plan.effectiveTo ?? endless),
  )

/** A plan's terms for a merchant with a monthly volume (minor units), as payments freeze them. */
export function termsOf({ tiers = [], vatRate, ...own }: DatedFeePlan, volume: bigint): FeePlan {
  const reached = tiers.find(({ volumeFrom }) => BigInt(volumeFrom) <= volume)
  const { rate, fixed, minimum, cap } = reached ?? own
  return {
    rate,
    fixed,
    ...(minimum !== undefined && { minimum }),
    ...(cap !== undefined && { cap }),
    ...(vatRate !== undefined && { vatRate }),
  }
}
