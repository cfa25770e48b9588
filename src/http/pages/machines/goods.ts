// What the sandbox's machines sell, in đồng; fuel by the liter.

export const fuels = { 'RON 95-III': '24500', 'DO 0,05S': '19800' } as const
export type Fuel = keyof typeof fuels
export const isFuel = (text: string): text is Fuel => Object.hasOwn(fuels, text)

/** The most that a pump may deliver. */
export const fuelLimits = ['200000', '500000', '1000000'] as const

export const slots = { water: '10000', coffee: '25000', cake: '18000' } as const
export type Slot = keyof typeof slots
export const isSlot = (text: string): text is Slot => Object.hasOwn(slots, text)

/** How long a machine is waited for. */
export const machineSeconds = 300

/** What so many milliliters cost, to the nearest đồng. */
export const priceOf = (milliliters: bigint, unitPrice: bigint): bigint =>
  (milliliters * unitPrice + 500n) / 1000n
