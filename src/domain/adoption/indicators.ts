// The city's targets, and how a count of sites becomes a share of them.
import { Decimal } from 'decimal.js'
import { type Sector, sectors } from '../merchants/sectors.ts'
import file from './hanoiTargets.json' with { type: 'json' }

export type Target = {
  readonly indicator: string
  readonly year: number
  readonly label: { readonly vi: string; readonly en: string }
  /** The sectors it counts; none where the figure comes from outside. */
  readonly sectors: readonly Sector[]
  readonly unit: 'percent' | 'rank'
  readonly target: number
  readonly source: string
}

/** How long a site counts as active after it was last paid, in days. */
export const activeDays = 90

export const hanoiTargets: readonly Target[] = file.targets.map((target) => ({
  indicator: target.indicator,
  year: target.year,
  label: target.label,
  sectors: sectors.filter((sector) => target.sectors?.includes(sector)),
  unit: target.percent === undefined ? 'rank' : 'percent',
  target: target.percent ?? target.rankAtMost ?? 0,
  source: target.source,
}))

/** What takes payment in one sector, in one district or all of them, and what did lately. */
type SectorCount = { readonly sector: string; readonly registered: number; readonly active: number }

/** Whose count stands below the line: the registry's, the sites of this gateway, or either by sector. */
export const denominatorSources = ['registry', 'sites', 'mixed'] as const

/** A share with what it is a share of; nulls where the gateway cannot measure it, or there is nothing to measure. */
export type Measured = {
  readonly numerator: number | null
  readonly denominator: number | null
  readonly denominatorSource: (typeof denominatorSources)[number] | null
  /** To one decimal. */
  readonly percent: number | null
  readonly met: boolean | null
}

/** What is said of a target about which nothing is known. */
export const unmeasured = {
  numerator: null,
  denominator: null,
  denominatorSource: null,
  percent: null,
  met: null,
} as const

/** A target's figure from outside, of a day in its year. A rank is the better the lower it is. */
export function observed({ unit, target }: Target, value: number): Measured {
  if (unit === 'rank') return { ...unmeasured, met: value <= target }
  return { ...unmeasured, percent: value, met: value >= target }
}

/**
 * The active ones among all in the target's sectors. A sector is counted as the registry has it; one of which the
 * registry has nothing, by the sites that this gateway knows. Whether it is met is decided on whole numbers.
 */
export function measure(
  { sectors, target }: Target,
  registry: readonly SectorCount[],
  sites: readonly SectorCount[],
): Measured {
  if (sectors.length === 0) return unmeasured
  const registered = sectors.filter((sector) => registry.some((count) => count.sector === sector))
  const others = sectors.filter((sector) => !registered.includes(sector))
  const counted = [...countsOf(registered, registry), ...countsOf(others, sites)]
  const numerator = counted.reduce((sum, { active }) => sum + active, 0)
  const denominator = counted.reduce((sum, { registered }) => sum + registered, 0)
  const denominatorSource = registered.length === 0 ? 'sites' : others.length === 0 ? 'registry' : 'mixed'
  if (denominator === 0) return { numerator, denominator, denominatorSource, percent: null, met: null }
  const percent = Math.round((numerator * 1000) / denominator) / 10
  return { numerator, denominator, denominatorSource, percent, met: numerator * 100 >= target * denominator }
}

/** How many more there must be in the numerator until a target in percent is met; null where there is nothing to count. */
export const missingTo = (
  target: number,
  { numerator, denominator }: { readonly numerator: number | null; readonly denominator: number | null },
): number | null => {
  if (numerator === null || denominator === null) return null
  const needed = new Decimal(target).times(denominator).div(100).ceil()
  return Math.max(0, needed.minus(numerator).toNumber())
}

const countsOf = (sectors: readonly Sector[], counts: readonly SectorCount[]): readonly SectorCount[] =>
  counts.filter(({ sector }) => sectors.some((own) => own === sector))
