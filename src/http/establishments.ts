// /v1/establishments: the city's registry, what adoption is a share of, and the uploads that filled it.
import { z } from '@hono/zod-openapi'
import { endpoint } from './endpoint.ts'
import { establishmentLinkEndpoints } from './establishmentLinks.ts'
import { EstablishmentView, establishmentView, params } from './establishmentView.ts'
import { existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { establishmentIdExample, id, idPageQuery, instant, page, pageQuery, sector } from './schemas.ts'
import { uploadEstablishments } from './uploadEstablishments.ts'

const listEstablishments = endpoint({
  method: 'get',
  path: '/v1/establishments',
  summary: 'List establishments',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  query: z.strictObject({
    ...idPageQuery('est', establishmentIdExample),
    sector: sector.optional(),
    district: z.string().optional(),
  }),
  reply: { status: 200, description: 'A page of establishments', schema: page(EstablishmentView) },
  run: async ({ query: { limit, cursor, sector, district } }, { gateway, readModels }) => {
    const filter = { ...(sector && { sector }), ...(district !== undefined && { district }) }
    const { rows, nextCursor } = await readModels.establishmentIds(filter, { limit, cursor })
    const found = await Promise.all(rows.map((id) => gateway.establishments.load(id)))
    const data = found.map(({ state }, index) => establishmentView(rows[index]!, existing(state)))
    return { status: 200, body: { data, nextCursor } }
  },
})

const getEstablishment = endpoint({
  method: 'get',
  path: '/v1/establishments/{id}',
  summary: 'Read an establishment',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  params,
  reply: { status: 200, description: 'The establishment', schema: EstablishmentView },
  run: async ({ params }, { gateway }) => {
    const { state, version } = await gateway.establishments.load(params.id)
    if (state.status === 'new') throw new Problem('not_found')
    return reply(200, establishmentView(params.id, state), { version })
  },
})

const listUploads = endpoint({
  method: 'get',
  path: '/v1/establishments/uploads',
  summary: 'List the uploads that changed establishments',
  tag: 'Adoption',
  access: ['regulator', 'operator'],
  query: z.strictObject(pageQuery),
  reply: {
    status: 200,
    description: 'A page of uploads, the newest first',
    schema: page(
      z
        .object({
          id: id('upl', 'upl_7K3MA9QZXW4F2P8R'),
          startedAt: instant,
          keyId: z.string(),
          registered: z.int(),
          changed: z.int(),
          closed: z.int(),
        })
        .openapi('EstablishmentUpload'),
    ),
  },
  run: async ({ query: { limit, cursor } }, { readModels }) => {
    const { rows, nextCursor } = await readModels.listEstablishmentUploads({ limit, cursor })
    return {
      status: 200,
      body: { data: rows.map(({ actor: keyId, ...row }) => ({ ...row, keyId })), nextCursor },
    }
  },
})

export const establishmentEndpoints = [
  uploadEstablishments,
  listEstablishments,
  listUploads,
  ...establishmentLinkEndpoints,
  getEstablishment,
]
