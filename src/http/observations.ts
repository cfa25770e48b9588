// /v1/observations: figures that this gateway cannot measure, with their sources and revisions.
import { z } from '@hono/zod-openapi'
import type { ObservationRow } from '../../projections/observations.ts'
import { unitOfReference } from '../domain/adoption/definitions/references.ts'
import type { Target } from '../domain/adoption/indicators.ts'
import { type Observation, observationId } from '../domain/adoption/observation.ts'
import { businessDate } from '../domain/core/businessDay.ts'
import { date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing } from './outcome.ts'
import { type InputError, invalid } from './problem.ts'
import { instant, page, pageQuery, text } from './schemas.ts'
import { allTargets, indicatorName } from './targets.ts'

const ObservationBody = z.strictObject({
  indicator: indicatorName,
  date,
  value: z
    .number()
    .refine((value) => /^\d{1,9}(\.\d{1,4})?$/.test(String(value)), 'A number with up to four decimals.'),
  source: text(300),
})
const Observed = ObservationBody.extend({ revision: z.int() })

const fits = (unit: Target['unit'] | 'count', value: number): boolean =>
  unit === 'percent' ? value <= 100 : Number.isInteger(value) && value >= 1

/** What is wrong with an observation besides its form. */
function faultsOf(
  { indicator, date, value }: z.output<typeof ObservationBody>,
  targets: readonly Target[],
  today: string,
): InputError[] {
  const own = targets.find((target) => target.indicator === indicator && target.sectors.length === 0)
  const unit = unitOfReference(indicator) ?? own?.unit
  if (!unit) return [{ pointer: '/indicator', detail: 'No target is about this, or it is measured here.' }]
  const unfit = unit === 'percent' ? 'At most 100 percent.' : 'A whole number: 1, 2, 3 ...'
  return [
    ...(date > today ? [{ pointer: '/date', detail: 'Not in the future.' }] : []),
    ...(fits(unit, value) ? [] : [{ pointer: '/value', detail: unfit }]),
  ]
}

const putObservations = endpoint({
  method: 'put',
  path: '/v1/observations',
  summary: 'Record figures that this gateway cannot measure',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  body: z.strictObject({ observations: z.array(ObservationBody).min(1).max(200) }),
  reply: {
    status: 200,
    description: 'Each as it stands now; another value or source of a day is a new revision',
    schema: z.object({ data: z.array(Observed) }),
  },
  run: async ({ body: { observations }, metadata }, { gateway, now }) => {
    const at = now().toISOString()
    const targets = await allTargets(gateway)
    const read = observations.map(({ date: observedOn, ...rest }): Observation => ({ ...rest, observedOn }))
    const ids = read.map(observationId)
    const faults = observations.flatMap((observation, index) => [
      ...faultsOf(observation, targets, businessDate(at)).map((fault) => placed(index, fault)),
      ...(ids.indexOf(ids[index]!) < index
        ? [placed(index, { pointer: '/date', detail: 'It stands twice.' })]
        : []),
    ])
    if (faults.length > 0) throw invalid(...faults)
    const data = []
    for (const observation of read) {
      const command = { type: 'RecordObservation', data: { ...observation, at } } as const
      const { state } = accepted(
        await gateway.observations.handle(observationId(observation), command, metadata),
      )
      const { indicator, observedOn, value, source, revision } = existing(state)
      data.push({ indicator, date: observedOn, value, source, revision })
    }
    return { status: 200, body: { data } }
  },
})

const placed = (index: number, { pointer, detail }: InputError): InputError => ({
  pointer: `/observations/${index}${pointer}`,
  detail,
})

const listObservations = endpoint({
  method: 'get',
  path: '/v1/observations',
  summary: 'List observations with their revisions',
  tag: 'Statistics',
  access: 'public',
  query: z.strictObject({
    ...pageQuery,
    cursor: z
      .string()
      .regex(/^[a-z0-9-]{1,60}_\d{4}-\d\d-\d\d_\d{6,}$/, 'Take it from "nextCursor" of the page before.')
      .optional(),
    indicator: indicatorName.optional(),
  }),
  reply: {
    status: 200,
    description: 'A page by indicator and day; of a day the highest revision stands',
    schema: page(Observed.extend({ recordedAt: instant }).openapi('Observation')),
  },
  run: async ({ query: { limit, cursor, indicator } }, { readModels }) => {
    const { rows, nextCursor } = await readModels.listObservations(indicator, { limit, cursor })
    return { status: 200, body: { data: rows.map(view), nextCursor } }
  },
})

const view = ({ indicator, observedOn, value, source, revision, recordedAt }: ObservationRow) => ({
  indicator,
  date: observedOn,
  value: Number(value),
  source,
  revision,
  recordedAt,
})

export const observationEndpoints = [putObservations, listObservations]
