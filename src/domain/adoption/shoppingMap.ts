// The shopping map: a place on it is a site with a location at which payment without cash is really taken.

/** How a payer pays there. */
export const payingMethods = ['qr', 'card'] as const
export type PayingMethod = (typeof payingMethods)[number]

export type Place = {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly district: string
  readonly address: string
  readonly lat: number
  readonly lng: number
  /** What was really paid with lately. */
  readonly methods: readonly PayingMethod[]
}
