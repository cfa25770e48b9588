// A table that an institution reads: its rows, and for each row exactly what is counted in it.
import type { Text } from '../definitions/definition.ts'
import type { SiteOn } from '../definitions/siteOn.ts'
import type { TerminalOn } from '../definitions/terminalOn.ts'

/** Payments of the period that are alike. */
export type PaymentFact = {
  readonly method: string
  readonly currency: string
  readonly count: number
  /** Minor units. */
  readonly gross: bigint
}

/** What a row counts: payments of the period by number and value, or what there is at its end by number. */
export type TableRow = { readonly code: string; readonly label: Text } & (
  | { readonly payments: (fact: PaymentFact) => boolean }
  | { readonly terminals: (terminal: TerminalOn, day: string) => boolean }
  | { readonly sites: (site: SiteOn, day: string) => boolean }
)

export type Frequency = 'month' | 'quarter' | 'year'

export type InstitutionTable = {
  /** Published; for ever. */
  readonly id: string
  readonly title: Text
  readonly schemaVersion: string
  readonly frequency: Frequency
  readonly rows: readonly TableRow[]
}

/** What the rows are counted over. */
export type Facts = {
  readonly payments: readonly PaymentFact[]
  readonly terminals: readonly TerminalOn[]
  readonly sites: readonly SiteOn[]
  /** The last day of the period, or the last that is known. */
  readonly day: string
}

export type Observation = {
  readonly code: string
  readonly measure: 'number' | 'value'
  /** `items`, or minor units of VND, which are đồng. */
  readonly unit: 'items' | 'VND'
  readonly value: bigint
}

/** The figures of a table, row by row. */
export const observationsOf = (
  { rows }: Pick<InstitutionTable, 'rows'>,
  { payments, terminals, sites, day }: Facts,
): readonly Observation[] =>
  rows.flatMap((row): Observation[] => {
    const items = (value: bigint): Observation => ({
      code: row.code,
      measure: 'number',
      unit: 'items',
      value,
    })
    if ('terminals' in row) {
      const counted = terminals.filter((terminal) => row.terminals(terminal, day))
      return [items(counted.reduce((sum, { count }) => sum + BigInt(count), 0n))]
    }
    if ('sites' in row) return [items(BigInt(sites.filter((site) => row.sites(site, day)).length))]
    const counted = payments.filter(row.payments)
    const value = counted.reduce((sum, { gross }) => sum + gross, 0n)
    return [
      items(counted.reduce((sum, { count }) => sum + BigInt(count), 0n)),
      { code: row.code, measure: 'value', unit: 'VND', value },
    ]
  })
