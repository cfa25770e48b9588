// Counts a target's share from events one by one, so that each change of it can be told; the read models count the same at once.
import { addDays, businessDate } from '../core/businessDay.ts'
import type { Recorded } from '../core/eventStore.ts'
import type { MerchantEvent } from '../merchants/merchant.ts'
import type { SiteEvent } from '../merchants/site.ts'
import type { PaymentEvent } from '../payments/payment.ts'
import { type EstablishmentEvent, licenseKey, taxKey } from './establishment.ts'
import { activeDays, type Measured, measure, type Target } from './indicators.ts'

type Site = {
  readonly sector: string
  readonly open: boolean
  readonly license: string | undefined
  readonly merchantId: string
  paid: number
}
type Known = {
  readonly sector: string
  readonly license: string
  readonly taxCode: string
  readonly openedOn: string
  readonly closedOn?: string
}
type Tally = { registered: number; active: number }
type Handled = MerchantEvent | SiteEvent | PaymentEvent | EstablishmentEvent

export type ShareCounter = {
  /** Every event of the log, in order. */
  readonly take: (event: Recorded) => void
  readonly measured: (target: Target) => Measured
}

/** As of a business date, over all sectors. */
export function shareCounter(asOf: string): ShareCounter {
  const activeFrom = addDays(asOf, -activeDays)
  const taxCodes = new Map<string, string>()
  const sites = new Map<string, Site>()
  const sitesByLicense = new Map<string, Set<string>>()
  const establishments = new Map<string, Known>()
  const byLicense = new Map<string, Set<string>>()
  const decided = new Map<string, Map<string, boolean>>()
  const decidedOf = new Map<string, Set<string>>()
  const counted = new Map<
    string,
    { readonly sector: string; readonly open: boolean; readonly active: boolean }
  >()
  const registry = new Map<string, Tally & { all: number }>()
  const siteTallies = new Map<string, Tally>()

  const isLinked = (id: string, siteId: string): boolean => {
    const word = decided.get(id)?.get(siteId)
    const one = establishments.get(id)
    const site = sites.get(siteId)
    if (word !== undefined || !one || !site) return word === true
    return site.license === one.license && taxCodes.get(site.merchantId) === one.taxCode
  }

  const isActive = (id: string): boolean => {
    const candidates = [
      ...(sitesByLicense.get(establishments.get(id)!.license) ?? []),
      ...(decided.get(id)?.keys() ?? []),
    ]
    return candidates.some((siteId) => (sites.get(siteId)?.paid ?? 0) > 0 && isLinked(id, siteId))
  }

  /** Takes an establishment out of the sums and puts it in as it is now. */
  const recount = (id: string): void => {
    const one = establishments.get(id)
    if (!one) return
    const before = counted.get(id)
    if (before) addTo(registry, before.sector, before, -1)
    const open = one.openedOn <= asOf && (one.closedOn === undefined || one.closedOn > asOf)
    const now = { sector: one.sector, open, active: open && isActive(id) }
    addTo(registry, one.sector, now, 1)
    counted.set(id, now)
  }

  const recountOf = (siteId: string): void => {
    const license = sites.get(siteId)?.license
    const ids = [
      ...(license === undefined ? [] : (byLicense.get(license) ?? [])),
      ...(decidedOf.get(siteId) ?? []),
    ]
    for (const id of new Set(ids)) recount(id)
  }

  const paid = ({ siteId, paidAt }: { siteId: string; paidAt: string }, by: 1 | -1): void => {
    const site = sites.get(siteId)
    const day = businessDate(paidAt)
    if (!site || day > asOf || day <= activeFrom) return
    const before = site.paid > 0
    site.paid += by
    if (site.paid > 0 === before) return
    if (site.open) siteTallies.get(site.sector)!.active += by
    recountOf(siteId)
  }

  const establish = (id: string, one: Known): void => {
    const before = establishments.get(id)
    if (before) byLicense.get(before.license)?.delete(id)
    establishments.set(id, one)
    setIn(byLicense, one.license).add(id)
    recount(id)
  }

  const decide = (id: string, siteId: string, same: boolean): void => {
    decided.set(id, (decided.get(id) ?? new Map<string, boolean>()).set(siteId, same))
    setIn(decidedOf, siteId).add(id)
    recount(id)
  }

  const register = (
    siteId: string,
    {
      sector,
      merchantId,
      licenseNumber,
      registeredAt,
    }: Extract<SiteEvent, { type: 'SiteRegistered' }>['data'],
  ): void => {
    const license = licenseNumber === undefined ? undefined : licenseKey(licenseNumber)
    const open = businessDate(registeredAt) <= asOf
    sites.set(siteId, { sector, open, license, merchantId, paid: 0 })
    if (license !== undefined) setIn(sitesByLicense, license).add(siteId)
    const tally = siteTallies.get(sector) ?? { registered: 0, active: 0 }
    siteTallies.set(sector, { ...tally, registered: tally.registered + Number(open) })
  }

  const take = (event: Recorded): void => {
    const { type, data } = event as unknown as Handled
    const id = event.stream.slice(event.stream.indexOf('-') + 1)
    if (type === 'MerchantRegistered') taxCodes.set(id, taxKey(data.taxCode))
    else if (type === 'SiteRegistered') register(id, data)
    else if (type === 'PaymentPaid') paid(data, 1)
    else if (type === 'PaymentReversed' && 'undone' in data && data.undone) paid(data.undone, -1)
    else if (type === 'EstablishmentRegistered' || type === 'EstablishmentChanged')
      establish(id, { ...data, license: data.licenseNumber })
    else if (type === 'EstablishmentClosed')
      establish(id, { ...establishments.get(id)!, closedOn: data.closedOn })
    else if (type === 'EstablishmentLinked' || type === 'EstablishmentLinkRefused')
      decide(id, data.siteId, type === 'EstablishmentLinked')
  }

  const measured = (target: Target): Measured => measure(target, listOf(registry), listOf(siteTallies))
  return { take, measured }
}

function addTo(
  tallies: Map<string, Tally & { all: number }>,
  sector: string,
  { open, active }: { readonly open: boolean; readonly active: boolean },
  by: 1 | -1,
): void {
  const tally = tallies.get(sector) ?? { all: 0, registered: 0, active: 0 }
  const all = tally.all + by
  const registered = tally.registered + by * Number(open)
  if (all === 0)
    tallies.delete(sector) // the registry has nothing of it any more
  else tallies.set(sector, { all, registered, active: tally.active + by * Number(active) })
}

const listOf = (tallies: ReadonlyMap<string, Tally>) =>
  [...tallies].map(([sector, { registered, active }]) => ({ sector, registered, active }))

function setIn(map: Map<string, Set<string>>, key: string): Set<string> {
  const set = map.get(key) ?? new Set<string>()
  map.set(key, set)
  return set
}
