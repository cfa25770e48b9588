// Sites by sector and district: the points of acceptance that adoption statistics count.
import { licenseKey } from '../src/domain/adoption/establishment.ts'
import { districtOf } from '../src/domain/adoption/places.ts'
import { businessDate } from '../src/domain/core/businessDay.ts'
import type { SiteEvent } from '../src/domain/merchants/site.ts'
import { projection, streamId } from './projection.ts'

export type SiteRow = {
  readonly id: string
  readonly merchantId: string
  readonly name: string
  readonly sector: string
  readonly district: string
  /** As the registry writes them; null where it is not named, or no district of Hanoi. */
  readonly licenseNumber: string | null
  readonly registryDistrict: string | null
  /** Business date. */
  readonly registeredOn: string
}

export const sites = projection<SiteEvent, SiteRow>({
  name: 'sites_v2',
  columns: {
    id: 'text',
    merchantId: 'text',
    name: 'text',
    sector: 'text',
    district: 'text',
    licenseNumber: 'text',
    registryDistrict: 'text',
    registeredOn: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['merchantId', 'id'] }, { columns: ['licenseNumber'], present: 'licenseNumber' }],
  handles: ['SiteRegistered'],
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => ({
    id: streamId(event),
    merchantId: event.data.merchantId,
    name: event.data.name,
    sector: event.data.sector,
    district: event.data.district,
    licenseNumber: licenseOf(event.data.licenseNumber),
    registryDistrict: districtOf(event.data.district) ?? null,
    registeredOn: businessDate(event.data.registeredAt),
  }),
})

const licenseOf = (text: string | undefined): string | null => (text === undefined ? null : licenseKey(text))
