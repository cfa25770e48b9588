// Counts the seeded city by its plan alone: the registry, who took up cashless payment, and what was paid. Nothing of the gateway counts here.
import type { City, PlannedPayment } from '../../src/adapters/node/city/plan.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The date in Hanoi. */
export const dateIn = (instant: number): string => new Date(instant + 7 * hourMs).toISOString().slice(0, 10)

const daysFrom = (earlier: string, later: string): number => (Date.parse(later) - Date.parse(earlier)) / dayMs

type Known = {
  readonly city: City
  readonly payments: readonly PlannedPayment[]
  /** The last day whose registry is known, from 2017-01-01 as 0. */
  readonly registryOf: number
}

/** Establishments of some sectors that are open on a day, and how many of them were paid in the ninety days up to it. */
export function adoptionOn(
  asOf: string,
  sectors: readonly string[],
  { city, payments, registryOf }: Known,
): { numerator: number; denominator: number } {
  const open = city.establishments.filter(
    ({ sector, openedOn, closedOn, listedOn, closureListedOn }) =>
      sectors.includes(sector) &&
      listedOn <= registryOf &&
      openedOn <= asOf &&
      !(closedOn !== undefined && closureListedOn! <= registryOf && closedOn <= asOf),
  )
  const paidAt = new Set(
    payments
      .filter(({ end, endedAt }) => {
        const before = daysFrom(dateIn(endedAt), asOf)
        return end === 'paid' && before >= 0 && before < 90
      })
      .map(({ site }) => site.id),
  )
  const taxCodes = new Map(city.merchants.map(({ id, taxCode }) => [id, taxCode]))
  const active = open.filter(({ licenseNumber, taxCode }) =>
    city.sites.some(
      (site) =>
        site.licenseNumber === licenseNumber &&
        taxCodes.get(site.merchantId) === taxCode &&
        paidAt.has(site.id),
    ),
  )
  return { numerator: active.length, denominator: open.length }
}
