// A row of the registry's file: which columns there are, and a row's cells as an establishment or as what is wrong with them.
import { z } from '@hono/zod-openapi'
import { type Establishment, licenseKey, taxKey } from '../domain/adoption/establishment.ts'
import { districtOf, inVietnam } from '../domain/adoption/places.ts'
import { type Sector, sectors } from '../domain/merchants/sectors.ts'
import { type InputError, invalid } from './problem.ts'
import { taxCode, text } from './schemas.ts'

const required = ['licenseNumber', 'name', 'taxCode', 'sector', 'district', 'openedOn'] as const
const optional = ['ward', 'lat', 'lng', 'closedOn'] as const
const columns = [...required, ...optional]
export type Column = (typeof columns)[number]

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')
const byName = new Map(columns.map((name) => [plain(name), name]))

/** The column of each cell, from the file's first row: in any order, `license_number` as well as `licenseNumber`. Throws the problem. */
export function columnsOf(header: readonly string[]): readonly Column[] {
  const found = header.map((name) => byName.get(plain(name)))
  const unknown = header.filter((_, at) => found[at] === undefined)
  const twice = found.filter((name, at) => name !== undefined && found.indexOf(name) !== at)
  const missing = required.filter((name) => !found.includes(name))
  const faults = [
    ...unknown.slice(0, 20).map((name) => fault(name.slice(0, 60), 'This column is not known here.')),
    ...twice.map((name) => fault(name!, 'This column stands twice.')),
    ...missing.map((name) => fault(name, 'This column is missing.')),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return found as Column[]
}

const fault = (column: string, detail: string): InputError => ({ pointer: `/${column}`, detail })

/** ISO 8601, or as it is written in Vietnam: 31/12/2017. */
const date = z
  .string()
  .transform((value) => value.replace(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, iso))
  .pipe(z.iso.date('A date such as 2017-12-31 or 31/12/2017.'))

const iso = (_match: string, day: string, month: string, year: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`

/** Degrees, with a point or, as in Vietnam, a comma. */
const degrees = z
  .string()
  .regex(/^-?\d{1,3}([.,]\d{1,12})?$/, 'Degrees such as 21.0285.')
  .transform((value) => Number(value.replace(',', '.')))

const Row = z.object({
  licenseNumber: text(60).transform(licenseKey),
  name: text(140),
  taxCode: taxCode.transform(taxKey),
  sector: z
    .string()
    .transform((value) => sectors.find((name) => name === value.toLowerCase()))
    .refine((value): value is Sector => value !== undefined, `One of ${sectors.join(', ')}.`),
  district: z
    .string()
    .transform(districtOf)
    .refine((value): value is string => value !== undefined, 'Not one of the thirty districts of Hanoi.'),
  ward: text(60).optional(),
  lat: degrees.optional(),
  lng: degrees.optional(),
  openedOn: date,
  closedOn: date.optional(),
})

/** The establishment of a row, or everything that is wrong with the row. Empty cells are as absent ones. */
export function establishmentOf(
  names: readonly Column[],
  cells: readonly string[],
): Establishment | readonly InputError[] {
  if (cells.length !== names.length)
    return [{ pointer: '', detail: `${cells.length} cells, where the first row has ${names.length}.` }]
  const filled = new Map(names.flatMap((name, at) => (cells[at] === '' ? [] : [[name, cells[at]]])))
  const read = Row.safeParse(Object.fromEntries(filled))
  if (!read.success)
    return read.error.issues.map(({ path: [column], message }) =>
      fault(String(column), filled.has(column as Column) ? message : 'This cell is empty.'),
    )
  const faults = faultsBetween(read.data)
  return faults.length > 0 ? faults : toEstablishment(read.data)
}

/** What is wrong with cells that are each right. */
function faultsBetween({ lat, lng, openedOn, closedOn }: z.output<typeof Row>): readonly InputError[] {
  const late = closedOn !== undefined && closedOn < openedOn
  return [...(late ? [fault('closedOn', 'Closed before it opened.')] : []), ...placeFaults(lat, lng)]
}

function placeFaults(lat: number | undefined, lng: number | undefined): readonly InputError[] {
  if (lat === undefined && lng === undefined) return []
  if (lat === undefined || lng === undefined)
    return [fault(lat === undefined ? 'lat' : 'lng', 'Both of lat and lng, or none.')]
  if (inVietnam({ lat, lng })) return []
  const swapped = inVietnam({ lat: lng, lng: lat })
  return [fault('lat', swapped ? 'Latitude and longitude are swapped.' : 'Not in Vietnam.')]
}

function toEstablishment({ lat, lng, ward, closedOn, ...rest }: z.output<typeof Row>): Establishment {
  return {
    ...rest,
    ...(ward !== undefined && { ward }),
    ...(lat !== undefined && lng !== undefined && { location: { lat, lng } }),
    ...(closedOn !== undefined && { closedOn }),
  }
}
