// A month as the public sees it: its tables of payments and of acceptance, with the cells that are not shown.
import { isActive } from '../definitions/acceptanceActive.ts'
import { isInstalled } from '../definitions/acceptanceInstalled.ts'
import type { SiteOn } from '../definitions/siteOn.ts'
import { bandEnd } from '../ticketBands.ts'
import type { Rule } from './rule.ts'
import { suppress } from './suppress.ts'
import { type Cell, type Contribution, cellId, type Table, tabulate } from './table.ts'

export const paymentRule: Rule = { minimumContributors: 3, dominancePercent: 10 }
export const acceptanceRule: Rule = { minimumContributors: paymentRule.minimumContributors }

/** A table and which of its cells are not shown. */
export type Published = { readonly table: Table; readonly suppressed: ReadonlySet<string> }

/** Payments of a month in one currency, by any of the first dimensions, or by band and method. */
export const paymentViews = [
  ['sector', 'district', 'method'],
  ['band', 'method'],
] as const

type Sold = {
  readonly merchantId: string
  readonly sector: string
  readonly district: string
  readonly method: string
  readonly band: bigint
  readonly count: number
  readonly gross: bigint
}

type Registered = Pick<SiteOn, 'merchantId' | 'sector' | 'district'>

/**
 * Where there is a site there is a cell, whether it sold or not: from the cells that are there nobody learns who did.
 * A cell of a band or a method is there because of a payment of at least the smallest unit, or as much as its band says.
 */
export function publishedPayments(sold: readonly Sold[], sites: readonly Registered[]): Published {
  const contributions = sold.map(({ merchantId, sector, district, method, band, count, gross }) => ({
    values: { sector, district, method, band: String(band) },
    contributor: merchantId,
    measures: [BigInt(count), gross],
  }))
  const methods = [...new Set(sold.map(({ method }) => method))]
  const nothing = sites.flatMap(({ merchantId, sector, district }) =>
    methods.map((method) => ({
      values: { sector, district, method },
      contributor: merchantId,
      measures: [0n, 0n],
    })),
  )
  const table = tabulate([...contributions, ...nothing], paymentViews)
  const total = table.cells.get(cellId({}))
  const of = ({ values }: Cell, measure: number) => {
    const isOfPlace = values.sector !== undefined || values.district !== undefined
    return { lo: isOfPlace ? 0n : 1n, hi: total!.measures[measure]! }
  }
  return { table, suppressed: suppress(table, paymentRule, { of, unit: unitOf }) }
}

/** Between which amounts each payment of a cell lies. */
export function unitOf({ values: { band } }: Cell) {
  if (band === undefined) return undefined
  return { lo: BigInt(band), hi: bandEnd(BigInt(band)) - 1n }
}

/** The measures of a cell of acceptance. */
export const acceptanceMeasures = ['registered', 'installed', 'active'] as const

/** Names a cell that is a sum over several sectors, as the targets are. */
export const groupId = (sectors: readonly string[]): string => cellId({ group: sectors.toSorted().join('+') })

/**
 * How many sites there are is public; how many of them are installed and active is hidden where a cell has few merchants.
 * `groups`: the sectors of each target, whose sums are published as well.
 */
export function publishedAcceptance(
  sites: readonly SiteOn[],
  asOf: string,
  groups: readonly (readonly string[])[],
): Published {
  const contributions = sites.map((site) => ({
    values: { sector: site.sector, district: site.district },
    contributor: site.merchantId,
    measures: [1n, BigInt(isInstalled(site, asOf)), BigInt(isActive(site, asOf))],
  }))
  const table = groups.reduce(
    (table, group) => withGroup(table, contributions, group),
    tabulate(contributions, [['sector', 'district']]),
  )
  const of = ({ measures: [registered = 0n] }: Cell, measure: number) =>
    measure === 0 ? { lo: registered, hi: registered } : { lo: 0n, hi: registered }
  return { table, suppressed: suppress(table, acceptanceRule, { of, unit: () => undefined }) }
}

function withGroup(table: Table, contributions: readonly Contribution[], sectors: readonly string[]): Table {
  const parent = groupId(sectors)
  const own = contributions.filter(({ values }) => sectors.includes(values.sector!))
  if (own.length === 0 || table.cells.has(parent)) return table
  const { cells } = tabulate(own, [[]])
  const cell = { ...cells.get(cellId({}))!, id: parent, values: { group: parent } }
  const children = sectors.map((sector) => cellId({ sector })).filter((id) => table.cells.has(id))
  return {
    cells: new Map([...table.cells, [parent, cell]]),
    relations: [...table.relations, { parent, children }],
  }
}

/** The cells by exactly these dimensions, in the order of their values. */
export const cellsBy = ({ table }: Published, by: readonly string[]): readonly Cell[] =>
  [...table.cells.values()]
    .filter(({ values }) => Object.keys(values).length === by.length && by.every((name) => name in values))
    .toSorted((a, b) => {
      const name = by.find((one) => a.values[one] !== b.values[one])
      return name === undefined ? 0 : a.values[name]! < b.values[name]! ? -1 : 1
    })

/** A chain is one merchant, however many there are of what is counted. */
export const isFew = (counted: number, merchants: number): boolean =>
  counted > 0 && merchants < acceptanceRule.minimumContributors
