// Acceptance by sector and district: how many sites there are, are installed, and are active.
import { isActive } from './definitions/acceptanceActive.ts'
import { isInstalled } from './definitions/acceptanceInstalled.ts'
import type { SiteOn } from './definitions/siteOn.ts'

export type AcceptanceCell = {
  readonly sector: string
  readonly district: string
  readonly registered: number
  readonly installed: number
  readonly active: number
}

/** In the order of sector and district. */
export function acceptanceBy(sites: readonly SiteOn[], asOf: string): readonly AcceptanceCell[] {
  const cells = Map.groupBy(sites, ({ sector, district }) => JSON.stringify([sector, district]))
  return [...cells.values()]
    .map((sites) => ({
      sector: sites[0]!.sector,
      district: sites[0]!.district,
      registered: sites.length,
      installed: sites.filter((site) => isInstalled(site, asOf)).length,
      active: sites.filter((site) => isActive(site, asOf)).length,
    }))
    .toSorted((a, b) => compare(a.sector, b.sector) || compare(a.district, b.district))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
