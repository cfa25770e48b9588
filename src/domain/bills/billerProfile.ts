// The rules of a biller, whether it has said any or goes by the usual ones.
import type { Gateway } from '../gateway.ts'
import { type BillProfile, defaultProfile, sendsBills } from './biller.ts'

export type ProfileOf = { readonly profile: BillProfile; readonly setAt?: string; readonly version: number }

/** Undefined of a merchant that sends no bills, or does not exist. */
export async function profileOf(
  { billers, merchants }: Pick<Gateway, 'billers' | 'merchants'>,
  billerId: string,
): Promise<ProfileOf | undefined> {
  const { state, version } = await billers.load(billerId)
  if (state.status === 'set') return { profile: state.profile, setAt: state.setAt, version }
  const { state: merchant } = await merchants.load(billerId)
  return merchant.status === 'registered' && sendsBills(merchant.sector)
    ? { profile: defaultProfile, version }
    : undefined
}
