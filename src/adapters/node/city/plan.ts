// The seeded city as plain data, before anything of it is recorded: what a test may count without the gateway.
import type { Sector, TerminalKind } from '../../../domain/merchants/sectors.ts'

/** How large a city; the same size and seed make the same city. */
export type CitySize = {
  readonly seed: number
  /** How many are asked for, whatever becomes of them. */
  readonly payments: number
  readonly establishments: number
}

/** One of the registry. Dates are business dates. */
export type PlannedEstablishment = {
  readonly licenseNumber: string
  readonly name: string
  readonly taxCode: string
  readonly sector: Sector
  readonly district: string
  readonly location: { readonly lat: number; readonly lng: number }
  readonly openedOn: string
  readonly closedOn?: string
  /** The day (from 0) of the upload that tells of it, and of the one that tells of its end. */
  readonly listedOn: number
  readonly closureListedOn?: number
}

export type PlannedMerchant = {
  readonly id: string
  readonly name: string
  readonly taxCode: string
  readonly sector: Sector
  readonly district: string
  readonly account: string
  /** The day (from 0) on which it is taken on. */
  readonly since: number
}

/** An establishment that takes cashless payment. */
export type PlannedSite = {
  readonly id: string
  readonly merchantId: string
  readonly name: string
  readonly sector: Sector
  readonly district: string
  readonly location: { readonly lat: number; readonly lng: number }
  /** As the merchant typed it. */
  readonly licenseNumber: string
  readonly since: number
  /** The first day on which it sells no more. */
  readonly until: number
  readonly terminals: readonly { readonly id: string; readonly kind: TerminalKind }[]
  readonly weight: number
  readonly ticket: number
  readonly cardPercent: number
}

export type City = {
  readonly size: CitySize
  readonly establishments: readonly PlannedEstablishment[]
  readonly merchants: readonly PlannedMerchant[]
  readonly sites: readonly PlannedSite[]
}

/** Instants are milliseconds since 1970. */
export type PlannedPayment = {
  readonly reference: string
  readonly site: PlannedSite
  readonly terminalId?: string
  readonly method: 'qr' | 'card'
  /** It pays a bill of the site's merchant. */
  readonly isBill: boolean
  /** VND. */
  readonly amount: number
  readonly requestedAt: number
  readonly end: 'paid' | 'declined' | 'expired' | 'canceled'
  readonly endedAt: number
  readonly refund?: { readonly amount: number; readonly at: number }
}
