// A merchant: who sells, where its money goes, what it pays the gateway.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { FeePlan } from '../core/fees.ts'
import type { LatePolicy } from '../payments/qrPayment.ts'
import type { Sector } from './sectors.ts'

/** What a merchant may change later. Payments keep what was set when they were asked for. */
type Settings = {
  readonly latePolicy: LatePolicy
  /** What is paid over a payment's amount goes back by itself; absent: it waits for a person. */
  readonly autoReturnOverpayments?: boolean
}
type Registered = Settings & {
  readonly name: string
  readonly taxCode: string
  readonly sector: Sector
  readonly district: string
  readonly settlementAccount: {
    readonly bankBin: string
    readonly accountNumber: string
    readonly accountName: string
  }
  readonly feePlan: FeePlan
  readonly keyId: string
  readonly registeredAt: string
}
type SettingsChanged = Partial<Settings> & { readonly changedAt: string }

export type MerchantCommand =
  | { type: 'RegisterMerchant'; data: Registered }
  | { type: 'ChangeSettings'; data: SettingsChanged }
export type MerchantEvent =
  | { type: 'MerchantRegistered'; data: Registered }
  | { type: 'MerchantSettingsChanged'; data: SettingsChanged }
export type MerchantRejection = 'merchant_exists' | 'merchant_not_found'
export type RegisteredMerchant = Registered & { readonly status: 'registered' }
export type Merchant = { readonly status: 'new' } | RegisteredMerchant

export const initialState = (): Merchant => ({ status: 'new' })

export function decide(
  { type, data }: MerchantCommand,
  state: Merchant,
): Decision<MerchantEvent, MerchantRejection> {
  if (type === 'ChangeSettings')
    return state.status === 'new'
      ? reject('merchant_not_found')
      : accept({ type: 'MerchantSettingsChanged', data })
  return state.status === 'new' ? accept({ type: 'MerchantRegistered', data }) : reject('merchant_exists')
}

export function evolve(state: Merchant, event: MerchantEvent): Merchant {
  if (event.type === 'MerchantRegistered') return { ...event.data, status: 'registered' }
  if (state.status === 'new') return state
  const { changedAt: _, ...settings } = event.data
  return { ...state, ...settings }
}
