// An establishment as the API shows it.
import { z } from '@hono/zod-openapi'
import type { RegisteredEstablishment } from '../domain/adoption/establishment.ts'
import { establishmentIdExample, id, sector } from './schemas.ts'

export const EstablishmentView = z
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

export const establishmentView = (
  id: string,
  { status: _, links: __, ...rest }: RegisteredEstablishment,
) => ({
  id,
  ...rest,
})

export const params = z.object({ id: id('est', establishmentIdExample) })
