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
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { endpoint } from './endpoint.ts'

const Observed = z.object({ value: z.number(), date, source: z.string(), revision: z.int() })

const count = z.int().nullable()

export const getIndicators = endpoint({
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
          numerator: count,
          denominator: count,
          denominatorSource: z.enum(denominatorSources).nullable(),
          percent: z.number().nullable(),
          met: z.boolean().nullable(),
          observed: Observed.nullable(),
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
