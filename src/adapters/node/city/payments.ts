// The payments of the seeded city, day by day: where, how, how much, and what becomes of each.

import { sendsBills } from '../../../domain/bills/biller.ts'
import { newReference } from '../../../domain/payments/reference.ts'
import { chanceOf } from './adopters.ts'
import { cityDays, instantOn } from './days.ts'
import type { City, PlannedPayment, PlannedSite } from './plan.ts'
import { type Random, seeded } from './random.ts'

const firstSaleMs = 7 * 3_600_000
const lastSaleMs = 22.5 * 3_600_000
export const qrExpiryMs = 15 * 60_000
const refundAfterMs = 60 * 60_000 // with the half hour that it may take longer, still the same day
const declinedPercent = 4
const expiredPercent = 3
const canceledPercent = 1
const refundedOneIn = 60

/** Each day's, in the order in which they are asked for. All of a payment, its refund included, is over before midnight. */
export function* paymentsByDay(city: City): Generator<readonly PlannedPayment[]> {
  const random = seeded(city.size.seed + 2)
  const trade = city.sites.map(({ since, until }) => ({ since, until }))
  const upTo = cumulated(tradeByDay(trade))
  let made = 0
  for (let day = 0; day < cityDays; day++) {
    const wanted = Math.round(city.size.payments * upTo[day]!)
    const pick = picking(city.sites.filter(({ since, until }) => since <= day && day < until))
    yield Array.from({ length: wanted - made }, () => paymentOn(day, pick(random), random)).sort(
      (a, b) => a.requestedAt - b.requestedAt,
    )
    made = wanted
  }
}

type Trading = Pick<PlannedSite, 'since' | 'until'>

/** As many payments as there are sites to make them at, and more each day; half as many again on Saturdays and Sundays. */
function tradeByDay(sites: readonly Trading[]): number[] {
  return Array.from({ length: cityDays }, (_, day) => {
    const open = sites.filter(({ since, until }) => since <= day && day < until).length
    return open * (1 + day / cityDays) * (day % 7 === 0 || day % 7 === 6 ? 1.5 : 1) // the first day is a Sunday
  })
}

/** The share of the whole that there is by the end of each day; 1 by the last. */
function cumulated(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  let sum = 0
  return parts.map((part) => {
    sum += part
    return sum / whole
  })
}

/** Picks sites by their weights. */
function picking(sites: readonly PlannedSite[]): (random: Random) => PlannedSite {
  const ends: number[] = []
  for (const { weight } of sites) ends.push((ends.at(-1) ?? 0) + Math.round(weight * 1_000))
  return (random) => {
    const at = random.below(ends.at(-1)!)
    let [low, high] = [0, ends.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! > at) high = middle
      else low = middle + 1
    }
    return sites[low]!
  }
}

function paymentOn(day: number, site: PlannedSite, random: Random): PlannedPayment {
  const requestedAt = instantOn(day, firstSaleMs + random.below(lastSaleMs - firstSaleMs))
  const terminalId = site.terminals.length > 0 ? random.pick(site.terminals).id : undefined
  const method = terminalId !== undefined && random.below(100) < site.cardPercent ? 'card' : 'qr'
  const amount = amountOf(site.ticket, random)
  const end = endOf(method, random)
  const endedAt = requestedAt + lastsMs(end, method, random)
  const isBill = sendsBills(site.sector) && method === 'qr'
  const refunds = end === 'paid' && !isBill && random.oneIn(refundedOneIn)
  return {
    reference: newReference(site.merchantId, new Date(requestedAt), chanceOf(random)),
    site,
    ...(terminalId !== undefined && { terminalId }),
    method,
    isBill,
    amount,
    requestedAt,
    end,
    endedAt,
    ...(refunds && { refund: refundOf(amount, endedAt, random) }),
  }
}

/** Most are small, some large: between a fifth of the typical sale and some ten times as much, in thousands. */
function amountOf(ticket: number, random: Random): number {
  const factor = 0.2 + random.below(1_000) / 700 + (random.oneIn(12) ? random.below(9) : 0)
  return Math.max(5, Math.round((ticket * factor) / 1_000)) * 1_000
}

function endOf(method: 'qr' | 'card', random: Random): PlannedPayment['end'] {
  const drawn = random.below(100)
  if (method === 'card') return drawn < declinedPercent ? 'declined' : 'paid'
  if (drawn < expiredPercent) return 'expired'
  return drawn < expiredPercent + canceledPercent ? 'canceled' : 'paid'
}

function lastsMs(end: PlannedPayment['end'], method: 'qr' | 'card', random: Random): number {
  if (end === 'expired') return qrExpiryMs + random.below(1_000)
  return method === 'card' ? 800 + random.below(2_500) : 8_000 + random.below(120_000)
}

function refundOf(amount: number, paidAt: number, random: Random) {
  const part = random.oneIn(3) ? Math.max(1_000, Math.floor(amount / 2_000) * 1_000) : amount
  return { amount: part, at: paidAt + 60_000 + random.below(refundAfterMs) }
}
