// How large a registry goes with how many payments: so that those who take cashless payment are paid within any ninety days.
import type { CitySize } from './plan.ts'
import { cityEstablishments } from './sectors.ts'

export const cityPayments = 2_000_000
const paymentsAnEstablishment = 25
const establishmentsMin = 200

export const citySize = (payments: number, seed: number): CitySize => ({
  seed,
  payments,
  establishments: Math.max(
    establishmentsMin,
    Math.min(cityEstablishments, Math.round(payments / paymentsAnEstablishment)),
  ),
})
