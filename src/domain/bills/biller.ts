// A biller: a merchant that sends bills, and the rules by which they are paid.
import { accept, type Decision } from '../core/decider.ts'
import type { Sector } from '../merchants/sectors.ts'
import type { CustomerCodeRule } from './customerCode.ts'
import type { LateFeeRule } from './lateFee.ts'

/** How far a payment may be from what is due: below it, above it, any, or within a range (minor units). */
export type AmountRule =
  | { readonly exactness: 'EXACT' | 'EXACT_UP' | 'EXACT_DOWN' | 'ANY' }
  | { readonly exactness: 'RANGE'; readonly min: string; readonly max: string; readonly multiple: string }

export type BillProfile = {
  readonly customerCode: CustomerCodeRule
  readonly amountRule: AmountRule
  /** What is paid in part goes to the oldest bill first; `order` says when a bill's late fee has its turn. */
  readonly partialPayment:
    | { readonly allowed: false }
    | { readonly allowed: true; readonly order: 'late-fee-last' | 'late-fee-first' }
  readonly lateFee?: LateFeeRule
  /** So many days after the due date the service may be cut; absent: not for one bill. */
  readonly cutOffAfterDays?: number
  readonly feeBorneBy: 'biller' | 'payer'
  /** What becomes of money over a payment's amount: it pays the customer's next bill, waits for a person (absent, too), or goes back. */
  readonly overpayment?: 'next-bill' | 'unapplied' | 'returned'
}

type ProfileSet = { readonly profile: BillProfile; readonly setAt: string }

export type BillerCommand = { readonly type: 'SetBillProfile'; readonly data: ProfileSet }
export type BillerEvent = { type: 'BillProfileSet'; data: ProfileSet }
export type BillerState =
  | { readonly status: 'new' }
  | { readonly status: 'set'; readonly profile: BillProfile; readonly setAt: string }

/** By which bills are paid until a biller says otherwise: exactly, whole, and at the biller's cost. */
export const defaultProfile: BillProfile = {
  customerCode: { check: 'any' },
  amountRule: { exactness: 'EXACT' },
  partialPayment: { allowed: false },
  feeBorneBy: 'biller',
}

export const billingSectors: readonly Sector[] = ['electricity', 'water', 'telecom', 'public-service']

/** Whether merchants of a sector send bills. */
export const sendsBills = (sector: Sector): boolean => billingSectors.includes(sector)

export const initialState = (): BillerState => ({ status: 'new' })

/** The same profile again is nothing new. Profiles are compared as text: who makes them writes the fields in one order. */
export function decide({ data }: BillerCommand, state: BillerState): Decision<BillerEvent, never> {
  if (state.status === 'set' && JSON.stringify(state.profile) === JSON.stringify(data.profile))
    return accept()
  return accept({ type: 'BillProfileSet', data })
}

export const evolve = (_state: BillerState, { data }: BillerEvent): BillerState => ({
  status: 'set',
  ...data,
})
