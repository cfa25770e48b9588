// /v1/sites: where a merchant sells.
import { z } from '@hono/zod-openapi'
import type { Metadata } from '../domain/core/eventStore.ts'
import { newSiteId } from '../domain/core/ids.ts'
import type { RegisteredSite } from '../domain/merchants/site.ts'
import { endpoint } from './endpoint.ts'
import type { Intention } from './idempotency.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { id, idPageQuery, instant, page, sector, text } from './schemas.ts'
import type { Services } from './services.ts'

const location = z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) })

const SiteBody = z.strictObject({
  name: text(140),
  sector,
  district: text(60),
  address: text(200),
  location: location.optional(),
  licenseNumber: text(60).optional(),
})

export const SiteView = z
  .object({
    id: id('sit', 'sit_7K3MA9QZXW4F2'),
    merchantId: id('mer', 'mer_7K3MA'),
    name: z.string(),
    sector,
    district: z.string(),
    address: z.string(),
    location: location.optional(),
    licenseNumber: z.string().optional(),
    createdAt: instant,
  })
  .openapi('Site')

const view = (siteId: string, { status: _, registeredAt, ...rest }: RegisteredSite) => ({
  id: siteId,
  ...rest,
  createdAt: registeredAt,
})

/** Registers a site of a merchant. */
export async function registerSite(
  merchantId: string,
  body: z.output<typeof SiteBody>,
  { chance }: Pick<Intention, 'chance'>,
  metadata: Metadata,
  { gateway, now }: Services,
) {
  const siteId = newSiteId(merchantId, chance)
  const { location: at, licenseNumber, ...rest } = body
  const data = {
    merchantId,
    ...rest,
    ...(at && { location: at }),
    ...(licenseNumber !== undefined && { licenseNumber }),
    registeredAt: now().toISOString(),
  }
  const command = { type: 'RegisterSite', data } as const
  const { state, ...done } = accepted(
    await gateway.sites.handle(siteId, command, metadata, { expectNew: true }),
  )
  return { siteId, state: existing(state), done }
}

const createSite = endpoint({
  method: 'post',
  path: '/v1/sites',
  summary: 'Register a site',
  tag: 'Merchants',
  access: ['merchant'],
  body: SiteBody,
  reply: { status: 201, description: 'The site', schema: SiteView },
  run: async ({ body, caller, chance, metadata }, services) => {
    const { siteId, state, done } = await registerSite(
      caller!.merchantId!,
      body,
      { chance },
      metadata,
      services,
    )
    return reply(201, view(siteId, state), done)
  },
})

const getSite = endpoint({
  method: 'get',
  path: '/v1/sites/{id}',
  summary: 'Read a site',
  tag: 'Merchants',
  access: ['merchant', 'operator'],
  params: z.object({ id: id('sit', 'sit_7K3MA9QZXW4F2') }),
  reply: { status: 200, description: 'The site', schema: SiteView },
  run: async ({ params, caller }, { gateway }) => {
    const { state, version } = await gateway.sites.load(params.id)
    const hidden =
      caller?.role === 'merchant' && state.status !== 'new' && state.merchantId !== caller.merchantId
    if (state.status === 'new' || hidden) throw new Problem('not_found')
    return reply(200, view(params.id, state), { version })
  },
})

const listSites = endpoint({
  method: 'get',
  path: '/v1/sites',
  summary: 'List sites',
  tag: 'Merchants',
  access: ['merchant', 'operator'],
  query: z.strictObject(idPageQuery('sit', 'sit_7K3MA9QZXW4F2')),
  reply: { status: 200, description: 'A page of sites', schema: page(SiteView) },
  run: async ({ query: { limit, cursor }, caller }, { gateway, readModels }) => {
    const { rows, nextCursor } = await readModels.siteIds(caller!.merchantId, { limit, cursor })
    const found = await Promise.all(rows.map((siteId) => gateway.sites.load(siteId)))
    return {
      status: 200,
      body: { data: found.map(({ state }, index) => view(rows[index]!, existing(state))), nextCursor },
    }
  },
})

export const siteEndpoints = [createSite, listSites, getSite]
