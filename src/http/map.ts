// GET /v1/map.geojson: where one can pay without cash, as GeoJSON (RFC 7946). Nothing of what a merchant takes.
import { z } from '@hono/zod-openapi'
import type { PlaceFilter } from '../../projections/readModels.ts'
import { acceptanceRule, cellsBy } from '../domain/adoption/disclosure/published.ts'
import { activeDays } from '../domain/adoption/indicators.ts'
import { districtOf } from '../domain/adoption/places.ts'
import { type Place, payingMethods } from '../domain/adoption/shoppingMap.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asKnown, dayOf } from './asKnown.ts'
import type { Caller } from './auth.ts'
import { asOf, date } from './days.ts'
import { Disclosure, disclosureView, isProtected, monthAsOf } from './disclosure.ts'
import { endpoint } from './endpoint.ts'
import { id, sector, text } from './schemas.ts'
import type { Services } from './services.ts'

const siteId = id('sit', 'sit_7K3MA9QZXW4F2')

export const placesMax = 1_000

const Feature = z.object({
  type: z.literal('Feature'),
  id: siteId,
  geometry: z.object({
    type: z.literal('Point'),
    coordinates: z.array(z.number()).openapi({ description: 'Longitude, then latitude' }),
  }),
  properties: z.object({
    name: z.string(),
    sector,
    district: z.string(),
    address: z.string(),
    methods: z.array(z.enum(payingMethods)),
  }),
})

const getMap = endpoint({
  method: 'get',
  path: '/v1/map.geojson',
  summary: 'Where one can pay without cash',
  tag: 'Statistics',
  access: 'public',
  readsKey: true,
  problems: ['not_published'],
  query: z.strictObject({
    sector: sector.optional(),
    district: text(60).optional(),
    method: z.enum(payingMethods).optional(),
    asOf: asOf.optional(),
    limit: z.coerce.number().int().min(1).max(placesMax).default(500),
    cursor: siteId.optional(),
  }),
  reply: {
    status: 200,
    type: 'application/geo+json',
    description: `Sites with a location that were paid in the last ${activeDays} days up to \`asOf\`, by name. \`methods\`: what was paid with`,
    schema: z.object({
      type: z.literal('FeatureCollection'),
      asOf: date,
      disclosure: Disclosure,
      features: z.array(Feature),
      nextCursor: z.string().nullable(),
    }),
  },
  run: async ({ query: { limit, cursor, ...asked }, caller }, services) => {
    const { readModels, day, cells } = await viewFor(asked.asOf, caller, services)
    const filter: PlaceFilter = {
      ...(asked.sector !== undefined && { sector: asked.sector }),
      ...(asked.district !== undefined && { district: districtOf(asked.district) ?? asked.district }),
      ...(asked.method !== undefined && { method: asked.method }),
      ...(cells && { cells }),
      paidAfter: addDays(day, -activeDays),
      asOf: day,
    }
    const { rows, nextCursor } = await readModels.listPlaces(filter, { limit, cursor })
    const disclosure = disclosureView(caller, services, acceptanceRule)
    const body = {
      type: 'FeatureCollection',
      asOf: day,
      disclosure,
      features: rows.map(feature),
      nextCursor,
    }
    const headers = { 'content-type': 'application/geo+json', vary: 'authorization' }
    return { status: 200, body, headers }
  },
})

/**
 * A day, today unless said, or for the protected public a published month without the cells that are suppressed in it: who counts the
 * places of the map by sector and district must not learn more than the tables of acceptance say.
 */
async function viewFor(asOf: string | undefined, caller: Caller | undefined, services: Services) {
  if (!isProtected(caller, services)) {
    const known = await asKnown(undefined, services)
    return { readModels: services.readModels, day: dayOf(asOf, 'asOf', known) }
  }
  const { month } = await monthAsOf({ asOf }, services)
  const { readModels } = await services.knownAt(month.knownAt)
  const { asOf: day, acceptance } = month
  const cells = cellsBy(acceptance, ['sector', 'district'])
    .filter(({ id }) => !acceptance.suppressed.has(id))
    .map(({ values }) => ({ sector: values.sector!, district: values.district! }))
  return { readModels, day, cells }
}

const feature = ({ id, lat, lng, ...properties }: Place) => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [lng, lat] },
  properties,
})

export const mapEndpoints = [getMap]
