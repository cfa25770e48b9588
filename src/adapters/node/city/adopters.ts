// Who of the seeded city takes cashless payment, from when to when, and with what: merchants, sites and terminals.
import { base32Number } from '../../../domain/core/base32.ts'
import type { Chance } from '../../../domain/core/chance.ts'
import { newSiteId, newTerminalId } from '../../../domain/core/ids.ts'
import { cityDays, dayOf, firstYearDays } from './days.ts'
import type { City, CitySize, PlannedMerchant, PlannedSite } from './plan.ts'
import { type Random, seeded } from './random.ts'
import { type Registered, registryOf } from './registry.ts'
import type { SectorProfile } from './sectors.ts'

const daysToOpen = 14 // those that have it from the start come one after the other
const givesUpOneIn = 30
const mistypedOneIn = 50
const firstCode = 32 ** 4 // merchants' codes are five characters

/** The whole city but for its payments. */
export function cityOf(size: CitySize): City {
  const random = seeded(size.seed + 1)
  const registry = registryOf(size)
  const merchants = new Map<number, PlannedMerchant>()
  const sites: PlannedSite[] = []
  for (const registered of registry) {
    const since = adoptedOn(registered, random)
    if (since === undefined) continue
    const known = merchants.get(registered.owner)
    const merchant = merchantOf(registered, Math.min(since, known?.since ?? since))
    merchants.set(registered.owner, merchant)
    sites.push(siteOf(registered, merchant, since, random))
  }
  return {
    size,
    establishments: registry.map(({ establishment }) => establishment),
    merchants: [...merchants.values()],
    sites,
  }
}

/** Chance out of a seed, for ids. */
export const chanceOf =
  (random: Random): Chance =>
  (_purpose, bytes) =>
    Uint8Array.from({ length: bytes }, () => random.below(256))

/** The day on which as many of its sector take cashless payment as its rank says; undefined: not within the two years. */
function adoptedOn({ profile, rank, establishment }: Registered, random: Random): number | undefined {
  const wanted = adoptionDay(profile.adoption, rank, random)
  if (wanted === undefined) return undefined
  const day = Math.max(wanted, dayOf(establishment.openedOn))
  return day < lastDayOf(establishment.closedOn) ? day : undefined
}

function adoptionDay(
  [start, first, second]: SectorProfile['adoption'],
  rank: number,
  random: Random,
): number | undefined {
  if (rank < start) return random.below(daysToOpen)
  if (rank < first) return Math.floor(((rank - start) / (first - start)) * firstYearDays)
  if (rank < second)
    return firstYearDays + Math.floor(((rank - first) / (second - first)) * (cityDays - firstYearDays))
  return undefined
}

const lastDayOf = (closedOn: string | undefined): number =>
  closedOn === undefined ? cityDays : Math.min(cityDays, dayOf(closedOn))

const merchantOf = ({ establishment, owner }: Registered, since: number): PlannedMerchant => {
  const { name, taxCode, sector, district } = establishment
  const id = `mer_${base32Number(firstCode + owner, 5)}`
  return { id, name, taxCode, sector, district, account: String(1_000_000_000 + owner), since }
}

function siteOf(
  { establishment, profile }: Registered,
  merchant: PlannedMerchant,
  since: number,
  random: Random,
): PlannedSite {
  const { name, sector, district, location, licenseNumber, closedOn } = establishment
  const chance = chanceOf(random)
  const givesUp = random.oneIn(givesUpOneIn) && profile.weight < 4
  const last = lastDayOf(closedOn)
  return {
    id: newSiteId(merchant.id, chance),
    merchantId: merchant.id,
    name,
    sector,
    district,
    location,
    licenseNumber: random.oneIn(mistypedOneIn) ? mistyped(licenseNumber) : licenseNumber,
    since,
    until: givesUp ? Math.min(last, since + 30 + random.below(cityDays)) : last,
    terminals: profile.terminals.map((kind) => ({ id: newTerminalId(chance), kind })),
    weight: profile.weight * (0.5 + random.below(1_000) / 1_000),
    ticket: profile.ticket,
    cardPercent: profile.cardPercent,
  }
}

/** The last two digits are exchanged, or a digit is missing. */
const mistyped = (license: string): string =>
  license.at(-1) === license.at(-2)
    ? license.slice(0, -1)
    : license.slice(0, -2) + license.at(-1) + license.at(-2)
