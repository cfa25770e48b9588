// An establishment as the registry has it, and the command that records it.
import type { Establishment, EstablishmentCommand } from '../../../src/domain/adoption/establishment.ts'

export const supermarket: Establishment = {
  licenseNumber: '01A-123',
  name: 'Siêu thị Hoa Sen',
  taxCode: '0101234567',
  sector: 'supermarket',
  district: 'Hoàn Kiếm',
  openedOn: '2015-03-01',
}

export const full: Establishment = {
  ...supermarket,
  ward: 'Tràng Tiền',
  location: { lat: 21.0245, lng: 105.8532 },
  closedOn: '2018-06-30',
}

export const uploadId = 'upl_7K3MA9QZXW4F2P8R'
export const at = '2017-01-05T02:00:00.000Z'

export const record = (establishment: Establishment): EstablishmentCommand => ({
  type: 'RecordEstablishment',
  data: { establishment, uploadId, at },
})
