// Links between the registry and the sites of the gateway: those that are doubtful, and what a person decides.
import { z } from '@hono/zod-openapi'
import { endpoint } from './endpoint.ts'
import { EstablishmentView, establishmentView, params } from './establishmentView.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { establishmentIdExample, id, page, pageQuery, text } from './schemas.ts'
import type { Services } from './services.ts'

const siteId = id('sit', 'sit_7K3MA9QZXW4F2')

const DoubtfulLink = z
  .object({
    establishment: EstablishmentView,
    site: z.object({
      id: siteId,
      name: z.string(),
      district: z.string(),
      address: z.string(),
      licenseNumber: z.string().optional(),
      merchantId: id('mer', 'mer_7K3MA'),
      merchantName: z.string(),
      taxCode: z.string(),
    }),
    fits: z.enum(['licenseNumber', 'taxCode']),
  })
  .openapi('DoubtfulLink')

const cursor = z
  .string()
  .regex(/^est_[0-9A-Z]{26}\.sit_[0-9A-Z]{13}$/, 'Take it from "nextCursor" of the page before.')
  .optional()

const listDoubtful = endpoint({
  method: 'get',
  path: '/v1/establishments/doubtful-links',
  summary: 'Establishments that may be a site of the gateway',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  query: z.strictObject({ ...pageQuery, cursor }),
  reply: {
    status: 200,
    description: 'A page of pairs of which only the license number or only the tax code fits',
    schema: page(DoubtfulLink),
  },
  run: async ({ query: { limit, cursor } }, services) => {
    const { rows, nextCursor } = await services.readModels.doubtfulLinks({ limit, cursor })
    const data = await Promise.all(
      rows.map(async ({ establishmentId, siteId, fits }) => {
        const { state } = await services.gateway.establishments.load(establishmentId)
        const establishment = establishmentView(establishmentId, existing(state))
        return { establishment, site: await siteOf(siteId, services), fits }
      }),
    )
    return { status: 200, body: { data, nextCursor } }
  },
})

async function siteOf(siteId: string, { gateway }: Services) {
  const { name, district, address, licenseNumber, merchantId } = existing(
    (await gateway.sites.load(siteId)).state,
  )
  const { name: merchantName, taxCode } = existing((await gateway.merchants.load(merchantId)).state)
  const license = licenseNumber !== undefined && { licenseNumber }
  return { id: siteId, name, district, address, ...license, merchantId, merchantName, taxCode }
}

const decideLink = endpoint({
  method: 'post',
  path: '/v1/establishments/{id}/links',
  summary: 'A person says whether a site is this establishment',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  params,
  body: z.strictObject({
    siteId,
    same: z.boolean(),
    reason: text(140).optional().openapi({ description: 'Kept for ever in the log. Not for personal data.' }),
  }),
  reply: {
    status: 200,
    description: 'The decision; it goes before what license number and tax code say',
    schema: z.object({ id: id('est', establishmentIdExample), siteId, same: z.boolean() }),
  },
  problems: ['version_differs'],
  run: async ({ params, body, metadata, ifVersion }, { gateway, now }) => {
    const known = await gateway.establishments.load(params.id)
    if (known.state.status === 'new') throw new Problem('not_found')
    const site = await gateway.sites.load(body.siteId)
    if (site.state.status === 'new') throw invalid({ pointer: '/siteId', detail: 'There is no such site.' })
    const { reason, ...said } = body
    const data = { ...said, ...(reason !== undefined && { reason }), at: now().toISOString() }
    const { state: _, ...done } = accepted(
      await gateway.establishments.handle(params.id, { type: 'DecideLink', data }, metadata, ifVersion),
    )
    return reply(200, { id: params.id, ...said }, done)
  },
})

export const establishmentLinkEndpoints = [listDoubtful, decideLink]
