// A merchant's monthly volume as fees look at it: recorded once a month, so that a fee can be worked out again from the log alone.
import { accept, type Decision } from '../core/decider.ts'
import type { MoneyData } from '../core/money.ts'
import type { FeeMethod } from './feePlans.ts'

/** `amount`: what was taken by a method in a month, in one currency. */
export type Volume = { readonly method: FeeMethod; readonly amount: MoneyData }
/** `month`: `2026-11`, of business dates. */
type MonthlyVolume = { readonly month: string; readonly volumes: readonly Volume[] }

export type FeeVolumeCommand = { type: 'RecordFeeVolume'; data: MonthlyVolume & { readonly at: string } }
export type FeeVolumeEvent = { type: 'FeeVolumeRecorded'; data: MonthlyVolume & { readonly at: string } }
/** The last one recorded: it counts until the next. */
export type FeeVolume = MonthlyVolume

export const initialState = (): FeeVolume => ({ month: '', volumes: [] })

/** The first record of a month stands: another count of it, by whomever, adds nothing. */
export const decide = ({ data }: FeeVolumeCommand, state: FeeVolume): Decision<FeeVolumeEvent, never> =>
  data.month <= state.month ? accept() : accept({ type: 'FeeVolumeRecorded', data })

export const evolve = (_state: FeeVolume, { data: { month, volumes } }: FeeVolumeEvent): FeeVolume => ({
  month,
  volumes,
})

/** In minor units. */
export const volumeOf = ({ volumes }: FeeVolume, method: FeeMethod, currency: string): bigint =>
  BigInt(volumes.find((one) => one.method === method && one.amount.currency === currency)?.amount.amount ?? 0)

/** The month before that of a business date. */
export function monthBefore(date: string): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}
