// The registry of the seeded city: every establishment, with the numbers it is known by, where it is, and when it is open.
import { cityDays, dateOf } from './days.ts'
import { type District, districts } from './districts.ts'
import type { CitySize, PlannedEstablishment } from './plan.ts'
import { type Random, seeded } from './random.ts'
import { cityEstablishments, type SectorProfile, sectorProfiles } from './sectors.ts'

/** With what its owner has in common with it, and its place in the order in which its sector takes up cashless payment. */
export type Registered = {
  readonly establishment: PlannedEstablishment
  readonly profile: SectorProfile
  /** Its owner's, over all sectors. */
  readonly owner: number
  /** From 0 to below 1: it takes up cashless payment when so many have. */
  readonly rank: number
}

const leastOfSector = 4
/** The registry is uploaded once a quarter, and on the last day. */
export const uploadDays: readonly number[] = [0, 90, 181, 273, 365, 455, 546, 638, cityDays - 1]

const openedLaterOneIn = 12
const openedBeforeMax = 4_000 // days
const closedOneIn = 25
const seldomClosedFrom = 10 // by weight
const firstTaxNumber = 10_000_000
const spread = 0.05 // degrees across a district

export function registryOf({ seed, establishments }: CitySize): readonly Registered[] {
  const random = seeded(seed)
  const scale = establishments / cityEstablishments
  const registry: Registered[] = []
  let owners = 0
  for (const profile of sectorProfiles) {
    const count = Math.max(leastOfSector, Math.round(profile.count * scale))
    // A small city has chains that are as much smaller.
    const chain = Math.max(1, Math.round(profile.chain * Math.min(1, scale)))
    const ranks = ranksOf(count, random)
    for (let n = 0; n < count; n++) {
      if (n % chain === 0) owners += 1
      const establishment = establishmentOf(profile, n, registry.length, owners, random)
      registry.push({ establishment, profile, owner: owners, rank: ranks[n]! })
    }
  }
  return registry
}

/** Evenly spread, so that a few of a sector are as far as many would be; in an order by chance. */
function ranksOf(count: number, random: Random): number[] {
  const ranks = Array.from({ length: count }, (_, n) => (n + 0.5) / count)
  for (let n = count - 1; n > 0; n--) {
    const other = random.below(n + 1)
    const [a, b] = [ranks[n]!, ranks[other]!]
    ranks[n] = b
    ranks[other] = a
  }
  return ranks
}

function establishmentOf(
  { name, sector, weight }: SectorProfile,
  n: number,
  number: number,
  owner: number,
  random: Random,
): PlannedEstablishment {
  const district = districtBy(random)
  const opensOn = random.oneIn(openedLaterOneIn) ? random.below(cityDays) : -1 - random.below(openedBeforeMax)
  // What sells much is seldom closed, and what opened during the two years is there until they end.
  const closes = weight < seldomClosedFrom && opensOn < 0 && random.oneIn(closedOneIn)
  const closesOn = closes ? 1 + random.below(cityDays - 1) : undefined
  return {
    licenseNumber: `01${letterOf(district)}8${String(number).padStart(6, '0')}`,
    name: `${name} ${district.name} ${n + 1}`,
    taxCode: `01${firstTaxNumber + owner}`,
    sector,
    district: district.name,
    location: { lat: near(district.lat, random), lng: near(district.lng, random) },
    openedOn: dateOf(opensOn),
    listedOn: listedFrom(opensOn),
    ...(closesOn !== undefined && { closedOn: dateOf(closesOn), closureListedOn: listedFrom(closesOn) }),
  }
}

const totalWeight = districts.reduce((sum, { weight }) => sum + weight, 0)

function districtBy(random: Random): District {
  let rest = random.below(totalWeight)
  for (const district of districts) {
    rest -= district.weight
    if (rest < 0) return district
  }
  throw new RangeError('beyond the last district')
}

/** The letter by which business licenses name a district. */
const letterOf = (district: District): string => 'ABCDEFGHJKLMNPQRSTUVWXYZ'[districts.indexOf(district) % 24]!

const near = (middle: number, random: Random): number =>
  Number((middle + ((random.below(2_001) - 1_000) / 1_000) * (spread / 2)).toFixed(5))

/** The first upload on a day or after it. */
const listedFrom = (day: number): number => uploadDays.find((upload) => upload >= day)!
