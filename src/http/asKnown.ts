// `knownAt`: a statistic as it was known at an instant, from what had been recorded by then, the same bytes for ever.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import { hanoiTargets, type Target } from '../domain/adoption/indicators.ts'
import * as ownTargets from '../domain/adoption/ownTargets.ts'
import { businessDate } from '../domain/core/businessDay.ts'
import { today } from './days.ts'
import { invalid } from './problem.ts'
import { instant } from './schemas.ts'
import type { Services } from './services.ts'
import { allTargets } from './targets.ts'

export const knownAt = instant
  .transform((value) => new Date(value).toISOString())
  .openapi({ type: 'string', format: 'date-time', description: 'Only what was recorded by then counts' })

/** Shown where `knownAt` was asked for: the cut, by instant and by the last position of the log that counts. */
export const knownView = { knownAt: instant.optional(), position: z.string().optional() }

export type AsKnown = {
  readonly readModels: ReadModels
  /** The last day that can be asked about: today, or the day of `knownAt`. */
  readonly latest: string
  readonly view: { readonly knownAt?: string; readonly position?: string }
  readonly targets: () => Promise<readonly Target[]>
}

/** What is known now, or was at an instant of the past. */
export async function asKnown(at: string | undefined, services: Services): Promise<AsKnown> {
  if (at === undefined) {
    const targets = () => allTargets(services.gateway)
    return { readModels: services.readModels, latest: today(services), view: {}, targets }
  }
  if (at > services.now().toISOString())
    throw invalid({ pointer: 'knownAt', detail: 'Not in the future.', code: 'in_the_future' })
  const { readModels, position } = await services.knownAt(at)
  const targets = () => targetsAt(position, services.readStream)
  return { readModels, latest: businessDate(at), view: { knownAt: at, position }, targets }
}

/** A day up to the latest that can be asked about, which is meant where none is named. */
export function dayOf(value: string | undefined, name: string, { latest, view }: AsKnown): string {
  if (value === undefined || value <= latest) return value ?? latest
  throw invalid(
    view.knownAt === undefined
      ? { pointer: name, detail: 'Not in the future.', code: 'in_the_future' }
      : { pointer: name, detail: 'Not after the day of "knownAt".', code: 'after_known_at' },
  )
}

export async function targetsAt(
  position: string,
  readStream: Services['readStream'],
): Promise<readonly Target[]> {
  const recorded = await readStream(`targets-${ownTargets.ownTargetsId}`)
  const known = recorded.filter((event) => event.position <= position)
  const events = known as unknown as readonly ownTargets.OwnTargetsEvent[]
  return [...hanoiTargets, ...events.reduce(ownTargets.evolve, ownTargets.initialState()).targets]
}

/** The sectors of every target that is measured here. */
export const sectorGroupsAt = async (
  position: string,
  readStream: Services['readStream'],
): Promise<readonly (readonly string[])[]> =>
  (await targetsAt(position, readStream)).map(({ sectors }) => sectors).filter(({ length }) => length > 0)
