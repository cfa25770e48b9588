// Sites by sector and district: the points of acceptance that adoption statistics count.
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { SiteEvent } from '../src/domain/merchants/site.ts'
import { projection, streamId } from './projection.ts'

export type SiteRow = {
  readonly id: string
  readonly merchantId: string
  readonly name: string
  readonly sector: string
  readonly district: string
  /** Business date. */
  readonly registeredOn: string
}

export const sites = projection<SiteEvent, SiteRow>({
  name: 'sites_v1',
  columns: {
    id: 'text',
    merchantId: 'text',
    name: 'text',
    sector: 'text',
    district: 'text',
    registeredOn: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'id'] }],
  handles: ['SiteRegistered'],
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => ({
    id: streamId(event),
    merchantId: event.data.merchantId,
    name: event.data.name,
    sector: event.data.sector,
    district: event.data.district,
    registeredOn: businessDate(event.data.registeredAt),
  }),
})
