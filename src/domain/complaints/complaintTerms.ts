// What payers complain about, what is owed if they are right, and by when they must be answered.

import { sendsBills } from '../bills/biller.ts'
import type { Sector } from '../merchants/sectors.ts'

/**
 * What a payer who is right has coming: `all` that was paid unless less is said, the amount that is `said`, or `nothing`
 * of the payment's money (the service is restored, the payment is found).
 */
type Owed = 'all' | 'said' | 'nothing'

/** By the words of the field. `not_credited` is of payments that are not paid here; all others are of paid ones. */
const owed = {
  account_not_updated: 'all',
  paid_twice: 'all',
  paid_to_wrong_account: 'all',
  service_not_received: 'all',
  wrong_amount: 'said',
  late_payment_surcharge: 'said',
  service_cut: 'nothing',
  payment_info_delay: 'nothing',
  not_credited: 'nothing',
} as const satisfies Readonly<Record<string, Owed>>

export type ComplaintKind = keyof typeof owed
export const complaintKinds = Object.keys(owed) as [ComplaintKind, ...ComplaintKind[]]

export const owedFor = (kind: ComplaintKind): Owed => owed[kind]
export const isOfUnpaid = (kind: ComplaintKind): boolean => kind === 'not_credited'

const hourMs = 3_600_000
/** Who sends bills books payments in the course of a day. */
const billerHours = 24
const answerWithinDays = 5

/** From when a payment may be complained about. `since`: when it was paid, else when it was asked for. RFC 3339. */
export const openableFrom = (since: string, sector: Sector): string =>
  new Date(Date.parse(since) + (sendsBills(sector) ? billerHours : 0) * hourMs).toISOString()

/** Until when the merchant must answer a complaint opened at an instant. */
export const deadlineOf = (openedAt: string): string =>
  new Date(Date.parse(openedAt) + answerWithinDays * 24 * hourMs).toISOString()
