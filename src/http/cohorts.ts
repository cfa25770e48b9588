// /v1/statistics/cohorts: sites by the month in which they were paid first, and how many of them stay.
import { z } from '@hono/zod-openapi'
import type { ReadModels } from '../../projections/readModels.ts'
import { adopterCohorts, cohortsOf, retentionDays } from '../domain/adoption/definitions/cohorts.ts'
import { acceptanceRule, isFew } from '../domain/adoption/disclosure/published.ts'
import { percentOf } from '../domain/adoption/share.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf, knownAt, knownView } from './asKnown.ts'
import { asOf, date } from './days.ts'
import { Disclosure, disclosureView, isProtected, monthAsOf } from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { count, percent } from './figureParts.ts'

const cohortsMax = 730

export const getCohorts = endpoint({
  method: 'get',
  path: '/v1/statistics/cohorts',
  summary: 'New adopters by month, and how many stay',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({ asOf: asOf.optional(), knownAt: knownAt.optional() }),
  reply: {
    status: 200,
    description: `${adopterCohorts.text.en} The months of the last ${cohortsMax} days`,
    schema: z.object({
      asOf: date,
      ...knownView,
      disclosure: Disclosure,
      data: z.array(
        z.object({
          month: z.string(),
          sites: count,
          suppressed: z.boolean(),
          kept: z.array(z.object({ afterDays: z.int(), sites: count, percent, suppressed: z.boolean() })),
        }),
      ),
    }),
  },
  run: async ({ query, caller }, services) => {
    const disclosure = disclosureView(caller, services, acceptanceRule)
    if (isProtected(caller, services)) {
      const { month, view } = await monthAsOf(query, services)
      const data = await month.counted('cohorts', (readModels) => cohortsOn(month.asOf, readModels, isFew))
      return { status: 200, body: { ...view, disclosure, data } }
    }
    const known = await asKnown(query.knownAt, services)
    const day = dayOf(query.asOf, 'asOf', known)
    const data = await cohortsOn(day, known.readModels, () => false)
    return { status: 200, body: { asOf: day, ...known.view, disclosure, data } }
  },
})

/** Where a count is of a few, and where what is left of it is, neither is shown. */
async function cohortsOn(day: string, readModels: ReadModels, few: typeof isFew) {
  const since = `${addDays(day, -cohortsMax).slice(0, 7)}-01`
  const cohorts = cohortsOf(await readModels.adopters(since, day), day)
  return cohorts.map(({ month, sites, kept, merchants }) => {
    const hidden = few(sites, merchants.sites)
    return {
      month,
      sites: hidden ? null : sites,
      suppressed: hidden,
      kept: kept.map((stayed, index) => {
        const ofFew = (stayed: number) =>
          few(stayed, merchants.kept[index]!) || few(sites - stayed, merchants.left[index]!)
        const suppressed = stayed !== null && (hidden || ofFew(stayed))
        return {
          afterDays: retentionDays[index],
          sites: suppressed ? null : stayed,
          percent: stayed === null || suppressed ? null : percentOf(stayed, sites),
          suppressed,
        }
      }),
    }
  })
}
