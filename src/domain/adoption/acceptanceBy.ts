// Acceptance by sector, by district, by both or of all: how many sites there are, are installed, and are active.
import { isActive } from './definitions/acceptanceActive.ts'
import { isInstalled } from './definitions/acceptanceInstalled.ts'
import type { SiteOn } from './definitions/siteOn.ts'

export const acceptanceDimensions = ['sector', 'district'] as const
export type AcceptanceDimension = (typeof acceptanceDimensions)[number]

export type AcceptanceCell = {
  /** The value of each dimension asked for. */
  readonly group: Readonly<Record<string, string>>
  readonly registered: number
  readonly installed: number
  readonly active: number
}

/** In the order of the dimensions' values. */
export function acceptanceBy(
  sites: readonly SiteOn[],
  asOf: string,
  by: readonly AcceptanceDimension[] = acceptanceDimensions,
): readonly AcceptanceCell[] {
  const valuesOf = (site: SiteOn) => by.map((name) => site[name])
  const cells = Map.groupBy(sites, (site) => JSON.stringify(valuesOf(site)))
  return [...cells.values()]
    .toSorted(([a], [b]) => compare(valuesOf(a!), valuesOf(b!)))
    .map((sites) => ({
      group: Object.fromEntries(by.map((name) => [name, sites[0]![name]])),
      registered: sites.length,
      installed: sites.filter((site) => isInstalled(site, asOf)).length,
      active: sites.filter((site) => isActive(site, asOf)).length,
    }))
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at === -1 ? 0 : a[at]! < b[at]! ? -1 : 1
}
