// What people decided of an establishment and a site: the same place, or not.
import type { EstablishmentEvent } from '../src/domain/adoption/establishment.ts'
import { projection, streamId } from './projection.ts'

export type EstablishmentLinkRow = {
  readonly establishmentId: string
  readonly siteId: string
  /** 1: the same place, 0: not. */
  readonly same: number
}

type Decided = Extract<EstablishmentEvent, { type: 'EstablishmentLinked' | 'EstablishmentLinkRefused' }>

export const establishmentLinks = projection<Decided, EstablishmentLinkRow>({
  name: 'establishment_links_v1',
  columns: { establishmentId: 'text', siteId: 'text', same: 'integer' },
  key: ['establishmentId', 'siteId'],
  indexes: [{ columns: ['siteId'] }],
  handles: ['EstablishmentLinked', 'EstablishmentLinkRefused'],
  keyOf: (event) => [streamId(event), event.data.siteId],
  evolve: (_row, event) => ({
    establishmentId: streamId(event),
    siteId: event.data.siteId,
    same: Number(event.type === 'EstablishmentLinked'),
  }),
})
