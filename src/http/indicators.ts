// GET /v1/statistics/indicators: every target, built in or a regulator's own, with how far the city has come by a day.
import { z } from '@hono/zod-openapi'
import type { ObservationRow } from '../../projections/observations.ts'
import type { ReadModels } from '../../projections/readModels.ts'
import { acceptanceRule, groupId, type Published } from '../domain/adoption/disclosure/published.ts'
import {
  activeDays,
  denominatorSources,
  type Measured,
  measure,
  observed,
  type Target,
  unmeasured,
} from '../domain/adoption/indicators.ts'
import { revisionsMax } from '../domain/adoption/revisions.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt, knownView, targetsAt } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { Disclosure, disclosureView, isProtected, monthAsOf } from './disclosure.ts'
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
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description: `Establishments, or sites where the registry has none of a sector, paid within ${activeDays} days among all; null where the gateway cannot measure`,
    schema: z.object({
      asOf: date,
      ...knownView,
      disclosure: Disclosure,
      indicators: z.array(
        z.object({
          indicator: z.string(),
          year: z.int(),
          label: z.object({ vi: z.string(), en: z.string() }),
          unit: z.enum(['percent', 'rank']),
          target: z.number(),
          source: z.string(),
          ...figure,
          suppressed: z.boolean().optional(),
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const disclosure = disclosureView(caller, services, acceptanceRule)
    if (!isProtected(caller, services)) {
      const known = await asKnown(query.knownAt, services)
      const date = dayOf(query.asOf, 'asOf', known)
      const indicators = await indicatorsOn(date, known.readModels, await known.targets())
      return { status: 200, body: { asOf: date, ...known.view, disclosure, indicators } }
    }
    const { month, view } = await monthAsOf(query, services)
    const targets = await targetsAt(month.position, services.readStream)
    const indicators = await month.counted('indicators', (readModels) =>
      indicatorsOn(month.asOf, readModels, targets),
    )
    const shown = indicators.map((indicator, index) => hidden(indicator, targets[index]!, month.acceptance))
    return { status: 200, body: { ...view, disclosure, indicators: shown } }
  },
})

async function indicatorsOn(date: string, readModels: ReadModels, targets: readonly Target[]) {
  const activeFrom = addDays(date, -activeDays)
  const registry = await readModels.registryAcceptance(date, activeFrom)
  const sites = await readModels.acceptance(date, activeFrom)
  const observations = await readModels.observationsOfYears(date)
  return targets.map((target) => {
    const { sectors, ...shown } = target
    if (sectors.length > 0) return { ...shown, ...measure(target, registry, sites), observed: null }
    const found = observations.find((row) => isOf(target, row))
    return {
      ...shown,
      ...(found ? observed(target, Number(found.value)) : unmeasured),
      observed: viewOf(found),
    }
  })
}

/** Shown to the public where neither the sum over its sites nor, by the registry, a few establishments stand behind it. */
function hidden<T extends Measured>(indicator: T, { sectors }: Target, { suppressed }: Published) {
  const { denominator } = indicator
  const few = denominator !== null && denominator > 0 && denominator < acceptanceRule.minimumContributors
  if (!few && !suppressed.has(groupId(sectors))) return { ...indicator, suppressed: false }
  return { ...indicator, numerator: null, percent: null, met: null, suppressed: true }
}

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
  readsKey: true,
  problems: ['not_published'],
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
  run: async ({ params: { indicator }, query, caller }, services) => {
    if (isProtected(caller, services)) throw new Problem('not_published')
    const known = await asKnown(undefined, services)
    const date = dayOf(query.asOf, 'asOf', known)
    const targets = (await known.targets()).filter((target) => target.indicator === indicator)
    if (targets.length === 0) throw new Problem('not_found')
    return { status: 200, body: { indicator, asOf: date, ...(await services.revisions(targets, date)) } }
  },
})

export const indicatorEndpoints = [getIndicators, getRevisions]
