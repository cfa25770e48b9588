// A merchant: who sells, where its money goes, what it pays the gateway.
import { accept, type Decision, reject } from '../core/decider.ts'
import type { FeePlan } from '../core/fees.ts'
import type { LatePolicy } from '../payments/qrPayment.ts'
import type { Sector } from './sectors.ts'

type Registered = {
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
  readonly latePolicy: LatePolicy
  readonly keyId: string
  readonly registeredAt: string
}

export type MerchantCommand = { type: 'RegisterMerchant'; data: Registered }
export type MerchantEvent = { type: 'MerchantRegistered'; data: Registered }
export type MerchantRejection = 'merchant_exists'
export type RegisteredMerchant = Registered & { readonly status: 'registered' }
export type Merchant = { readonly status: 'new' } | RegisteredMerchant

export const initialState = (): Merchant => ({ status: 'new' })

export const decide = (
  { data }: MerchantCommand,
  state: Merchant,
): Decision<MerchantEvent, MerchantRejection> =>
  state.status === 'new' ? accept({ type: 'MerchantRegistered', data }) : reject('merchant_exists')

export const evolve = (_state: Merchant, { data }: MerchantEvent): Merchant => ({
  ...data,
  status: 'registered',
})
