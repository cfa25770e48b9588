// The registry of establishments in SQL: ids in pages, and the uploads that filled it.
import type { Kysely } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paged, pagedIds } from './pages.ts'
import { inPortions } from './portions.ts'
import type { Tables } from './tables.ts'

export const establishmentQueries = (
  db: Kysely<Tables>,
): Pick<ReadModels, 'establishmentIds' | 'licensesOf' | 'listEstablishmentUploads'> => ({
  establishmentIds: ({ sector, district }, page) => {
    const all = db.selectFrom('establishments_v1').select('id').orderBy('id')
    const ofSector = sector === undefined ? all : all.where('sector', '=', sector)
    return pagedIds(district === undefined ? ofSector : ofSector.where('district', '=', district), page)
  },
  licensesOf: async (taxCodes, limit) => {
    const found = new Map<string, string[]>()
    const licenses = db.selectFrom('establishments_v1').select(['taxCode', 'licenseNumber'])
    const rows = await inPortions(taxCodes, (some) =>
      licenses.where('taxCode', 'in', some).orderBy('licenseNumber').execute(),
    )
    for (const { taxCode, licenseNumber } of rows) {
      const known = found.get(taxCode)
      if (known === undefined) found.set(taxCode, [licenseNumber])
      else if (known.length < limit) known.push(licenseNumber)
    }
    return found
  },
  listEstablishmentUploads: (page) => {
    const all = db.selectFrom('establishment_uploads_v1').selectAll()
    const newestFirst = all.orderBy('startedAt', 'desc').orderBy('id', 'desc')
    return paged(newestFirst, 'establishment_uploads_v1', 'startedAt', '<', page)
  },
})
