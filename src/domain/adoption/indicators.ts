// The city's targets, and how a count of sites becomes a share of them.
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
}))

/** Sites of one sector in one district. */
type SectorCount = { readonly sector: string; readonly registered: number; readonly active: number }

/** A share with what it is a share of; nulls where the gateway cannot measure it, or there is nothing to measure. */
export type Measured = {
  readonly numerator: number | null
  readonly denominator: number | null
  /** To one decimal. */
  readonly percent: number | null
  readonly met: boolean | null
}

/** Active sites among registered ones in the target's sectors. Whether it is met is decided on whole numbers. */
export function measure(target: Target, counts: readonly SectorCount[]): Measured {
  if (target.sectors.length === 0) return { numerator: null, denominator: null, percent: null, met: null }
  const counted = counts.filter(({ sector }) => target.sectors.some((own) => own === sector))
  const numerator = counted.reduce((sum, { active }) => sum + active, 0)
  const denominator = counted.reduce((sum, { registered }) => sum + registered, 0)
  if (denominator === 0) return { numerator, denominator, percent: null, met: null }
  const percent = Math.round((numerator * 1000) / denominator) / 10
  return { numerator, denominator, percent, met: numerator * 100 >= target.target * denominator }
}
