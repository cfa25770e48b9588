// Sites that can be drawn on a map: their name, address and location.
import { districtOf } from '../src/domain/adoption/places.ts'
import type { SiteEvent } from '../src/domain/merchants/site.ts'
import { projection, streamId } from './projection.ts'

export type PlaceRow = {
  readonly id: string
  readonly name: string
  readonly sector: string
  /** As the merchant wrote it. */
  readonly district: string
  /** As the registry writes it; null where it is no district of Hanoi. */
  readonly registryDistrict: string | null
  readonly address: string
  /** Degrees as decimal text. */
  readonly lat: string
  readonly lng: string
}

export const places = projection<SiteEvent, PlaceRow>({
  name: 'places_v1',
  columns: {
    id: 'text',
    name: 'text',
    sector: 'text',
    district: 'text',
    registryDistrict: 'text',
    address: 'text',
    lat: 'text',
    lng: 'text',
  },
  key: ['id'],
  indexes: [{ columns: ['name', 'id'] }],
  handles: ['SiteRegistered'],
  concerns: ({ data }) => data.location !== undefined,
  keyOf: (event) => [streamId(event)],
  evolve: (_row, event) => {
    const { name, sector, district, address, location } = event.data
    return {
      id: streamId(event),
      name,
      sector,
      district,
      registryDistrict: districtOf(district) ?? null,
      address,
      lat: String(location!.lat),
      lng: String(location!.lng),
    }
  },
})
