// GET /v1/statistics/indicators: every target, built in or a regulator's own, with how far the city has come by a day.
import { z } from '@hono/zod-openapi'
import type { ObservationRow } from '../../projections/observations.ts'
import {
  activeDays,
  denominatorSources,
  measure,
  observed,
  type Target,
  unmeasured,
} from '../domain/adoption/indicators.ts'
import { revisionsMax } from '../domain/adoption/revisions.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { Problem } from './problem.ts'
import { instant } from './schemas.ts'
import { indicatorName } from './targets.ts'

const Observed = z.object({ value: z.number(), date, source: z.string(), revision: z.int() })

const count = z.int().nullable()

const figure = {
  numerator: count,
  denominator: count,
  denominatorSource: z.enum(denominatorSources).nullable(),
  percent: z.number().nullable(),
  met: z.boolean().nullable(),
  observed: Observed.nullable(),
}

const getIndicators = endpoint({
  method: 'get',
  path: '/v1/statistics/indicators',
  summary: "Adoption against the city's targets",
  tag: 'Statistics',
  access: 'public',
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description: `Establishments, or sites where the registry has none of a sector, paid within ${activeDays} days among all; null where the gateway cannot measure`,
    schema: z.object({
      asOf: date,
      ...knownView,
      indicators: z.array(
        z.object({
          indicator: z.string(),
          year: z.int(),
          label: z.object({ vi: z.string(), en: z.string() }),
          unit: z.enum(['percent', 'rank']),
          target: z.number(),
          source: z.string(),
          ...figure,
        }),
      ),
    }),
  },
  run: async ({ query }, services) => {
    const known = await asKnown(query.knownAt, services)
    const { readModels } = known
    const date = dayOf(query.asOf, 'asOf', known)
    const activeFrom = addDays(date, -activeDays)
    const registry = await readModels.registryAcceptance(date, activeFrom)
    const sites = await readModels.acceptance(date, activeFrom)
    const observations = await readModels.observationsOfYears(date)
    const indicators = (await known.targets()).map((target) => {
      const { sectors, ...shown } = target
      if (sectors.length > 0) return { ...shown, ...measure(target, registry, sites), observed: null }
      const found = observations.find((row) => isOf(target, row))
      return {
        ...shown,
        ...(found ? observed(target, Number(found.value)) : unmeasured),
        observed: viewOf(found),
      }
    })
    return { status: 200, body: { asOf: date, ...known.view, indicators } }
  },
})

/** An observation counts for the target of its year. */
const isOf = ({ indicator, year }: Target, row: ObservationRow): boolean =>
  row.indicator === indicator && row.observedOn.startsWith(`${year}-`)

const viewOf = (row: ObservationRow | undefined) =>
  row ? { value: Number(row.value), date: row.observedOn, source: row.source, revision: row.revision } : null

const getRevisions = endpoint({
  method: 'get',
  path: '/v1/statistics/indicators/{indicator}/revisions',
  summary: 'What was known of a day, after each change',
  tag: 'Statistics',
  access: 'public',
  params: z.object({ indicator: indicatorName }),
  query: z.strictObject({ asOf: asOf.optional() }),
  reply: {
    status: 200,
    description: `From the day itself on, in the order of the log; the last ${revisionsMax}. An upload of the registry is one change`,
    schema: z.object({
      indicator: z.string(),
      asOf: date,
      omitted: z.int().openapi({ description: 'How many earlier ones are not listed' }),
      data: z.array(z.object({ year: z.int(), knownAt: instant, position: z.string(), ...figure })),
    }),
  },
  run: async ({ params: { indicator }, query }, services) => {
    const known = await asKnown(undefined, services)
    const date = dayOf(query.asOf, 'asOf', known)
    const targets = (await known.targets()).filter((target) => target.indicator === indicator)
    if (targets.length === 0) throw new Problem('not_found')
    return { status: 200, body: { indicator, asOf: date, ...(await services.revisions(targets, date)) } }
  },
})

export const indicatorEndpoints = [getIndicators, getRevisions]
