// A site: one place where a merchant sells; what adoption statistics count.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { Sector } from './sectors.ts'

type Registered = {
  readonly merchantId: string
  readonly name: string
  readonly sector: Sector
  readonly district: string
  readonly address: string
  readonly location?: { readonly lat: number; readonly lng: number }
  readonly licenseNumber?: string
  readonly registeredAt: string
}

export type SiteCommand = { type: 'RegisterSite'; data: Registered }
export type SiteEvent = { type: 'SiteRegistered'; data: Registered }
export type SiteRejection = 'site_exists'
export type RegisteredSite = Registered & { readonly status: 'registered' }
export type Site = { readonly status: 'new' } | RegisteredSite

export const initialState = (): Site => ({ status: 'new' })

export const decide = ({ data }: SiteCommand, state: Site): Decision<SiteEvent, SiteRejection> =>
  state.status === 'new' ? accept({ type: 'SiteRegistered', data }) : reject('site_exists')

export const evolve = (_state: Site, { data }: SiteEvent): Site => ({ ...data, status: 'registered' })
