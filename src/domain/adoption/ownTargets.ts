// The targets that a regulator sets beside the built-in ones: one set, replaced as a whole.
import { accept, type Decision } from '../core/decider.ts'
import type { Target } from './indicators.ts'

export type OwnTargetsCommand = {
  type: 'SetTargets'
  data: { readonly targets: readonly Target[]; readonly at: string }
}
export type OwnTargetsEvent = {
  type: 'TargetsSet'
  data: { readonly targets: readonly Target[]; readonly setAt: string }
}
export type OwnTargets = { readonly targets: readonly Target[] }

/** There is one set. */
export const ownTargetsId = 'own'

export const initialState = (): OwnTargets => ({ targets: [] })

/** The same set again, in any order, is nothing new. */
export const decide = (
  { data: { targets, at } }: OwnTargetsCommand,
  state: OwnTargets,
): Decision<OwnTargetsEvent, never> =>
  fingerprint(targets) === fingerprint(state.targets)
    ? accept()
    : accept({ type: 'TargetsSet', data: { targets, setAt: at } })

export const evolve = (_state: OwnTargets, { data }: OwnTargetsEvent): OwnTargets => ({
  targets: data.targets,
})

export const targetKey = ({ indicator, year }: Pick<Target, 'indicator' | 'year'>): string =>
  `${indicator} ${year}`

const fingerprint = (targets: readonly Target[]): string =>
  JSON.stringify(
    targets
      .toSorted((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1))
      .map(({ indicator, year, label, sectors, unit, target, source }) => [
        indicator,
        year,
        label.vi,
        label.en,
        sectors.toSorted(),
        unit,
        target,
        source,
      ]),
  )
