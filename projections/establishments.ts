// Establishments of the registry as they are said to be now: the denominators, by sector, district and the days they are open.
import type { UploadedEvent } from '../src/domain/adoption/establishment.ts'
import { projection, streamId } from './projection.ts'

export type EstablishmentRow = {
  readonly id: string
  readonly sector: string
  readonly district: string
  readonly licenseNumber: string
  readonly taxCode: string
  /** Business dates; open from the first on, and no longer on the last. */
  readonly openedOn: string
  readonly closedOn: string | null
}

export const establishments = projection<UploadedEvent, EstablishmentRow>({
  name: 'establishments_v1',
  columns: {
    id: 'text',
    sector: 'text',
    district: 'text',
    licenseNumber: 'text',
    taxCode: 'text',
    openedOn: 'text',
    closedOn: 'text',
  },
  key: ['id'],
  indexes: [
    { columns: ['sector', 'openedOn'] },
    { columns: ['district', 'id'] },
    { columns: ['licenseNumber'] },
    { columns: ['taxCode'] },
  ],
  handles: ['EstablishmentRegistered', 'EstablishmentChanged', 'EstablishmentClosed'],
  begins: 'EstablishmentRegistered',
  keyOf: (event) => [streamId(event)],
  evolve: (row, event) => {
    if (event.type === 'EstablishmentClosed') return row && { ...row, closedOn: event.data.closedOn }
    const { sector, district, licenseNumber, taxCode, openedOn, closedOn = null } = event.data
    return { id: streamId(event), sector, district, licenseNumber, taxCode, openedOn, closedOn }
  },
})
