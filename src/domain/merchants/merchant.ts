// A merchant: who sells, where its money goes, what it pays the gateway.
import { addDays, businessDate } from '../core/businessDay.ts'
import { accept, type Decision, reject } from '../core/decider.ts'
import type { FeePlan } from '../core/fees.ts'
import type { LatePolicy } from '../payments/qrPayment.ts'
import type { PayoutCycle } from '../settlement/bankCalendar.ts'
import type { CutOff } from '../settlement/cutOff.ts'
import type { PayoutAccount } from '../settlement/payout.ts'
import type { Sector } from './sectors.ts'

/** What a merchant may change later. Payments keep what was set when they were asked for. */
type Settings = {
  readonly latePolicy: LatePolicy
  /** What is paid over a payment's amount goes back by itself; absent: it waits for a person. */
  readonly autoReturnOverpayments?: boolean
  /** When its business days end; absent: at midnight. A change counts from the next day on. */
  readonly cutOff?: CutOff
  readonly payoutCycle?: PayoutCycle
  /** Where payouts go, where that is not the settlement account; null: nowhere, until an account is named. */
  readonly payoutAccount?: PayoutAccount | null
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

/** The first business date that ends by a cut-off set at an instant. */
export const cutOffCountsFrom = (changedAt: string): string => addDays(businessDate(changedAt), 1)

/** How and where a merchant is paid as things stand; without an account where it named none. */
export function payoutTermsOf(state: Merchant): { payoutCycle: PayoutCycle; account?: PayoutAccount } {
  if (state.status === 'new') return { payoutCycle: 'T+1' }
  const { payoutCycle = 'T+1', payoutAccount = state.settlementAccount } = state
  return { payoutCycle, ...(payoutAccount && { account: payoutAccount }) }
}
