// /v1/establishments: the city's registry, what adoption is a share of, and the uploads that filled it.
import { z } from '@hono/zod-openapi'
import type { Establishment, RegisteredEstablishment } from '../domain/adoption/establishment.ts'
import { endpoint } from './endpoint.ts'
import { existing } from './outcome.ts'
import { establishmentIdExample, id, idPageQuery, instant, page, pageQuery, sector } from './schemas.ts'
import { uploadEstablishments } from './uploadEstablishments.ts'

const EstablishmentView = z
  .object({
    id: id('est', establishmentIdExample),
    licenseNumber: z.string(),
    name: z.string(),
    taxCode: z.string(),
    sector,
    district: z.string(),
    ward: z.string().optional(),
    location: z.object({ lat: z.number(), lng: z.number() }).optional(),
    openedOn: z.iso.date(),
    closedOn: z.iso.date().optional(),
  })
  .openapi('Establishment')

const view = (
  id: string,
  { status: _, ...rest }: RegisteredEstablishment,
): { id: string } & Establishment => ({
  id,
  ...rest,
})

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
    const data = found.map(({ state }, index) => view(rows[index]!, existing(state)))
    return { status: 200, body: { data, nextCursor } }
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

export const establishmentEndpoints = [uploadEstablishments, listEstablishments, listUploads]
