// A file of establishments: its rows one by one, those that can be recorded, and what is wrong or doubtful in the others.
import type { Establishment } from '../domain/adoption/establishment.ts'
import { columnsOf, establishmentOf } from './establishmentRow.ts'
import { type CsvRow, csv } from './files/csv.ts'
import { recordsOf, unreadable } from './files/records.ts'
import { type InputError, invalid } from './problem.ts'

/** A row to record. `line`: where it ends in the file, from 1. */
export type EstablishmentLine = { readonly line: number; readonly establishment: Establishment }

/** Something about one cell of a row; the pointer is '' where it is about the row. */
export type RowNote = { readonly line: number } & InputError

export type EstablishmentFile = {
  readonly lines: readonly EstablishmentLine[]
  readonly rejectedRows: number
  readonly rejected: readonly RowNote[]
  readonly warnings: readonly RowNote[]
}

const rowsMax = 200_000

/** Reads the whole file before anything of it is recorded. Throws the problem of a file that cannot be read. */
export async function readEstablishments(bytes: AsyncIterable<Uint8Array>): Promise<EstablishmentFile> {
  const [header, ...rows] = await rowsOf(bytes)
  if (!header) throw invalid({ pointer: '', detail: 'The file is empty.' })
  const columns = columnsOf(header.cells)
  const lines: EstablishmentLine[] = []
  const rejected: RowNote[] = []
  const warnings: RowNote[] = []
  const byLicense = new Map<string, number>()
  const byTaxCode = new Map<string, number>()
  for (const { line, cells } of rows) {
    const read = establishmentOf(columns, cells)
    const faults = 'name' in read ? repeated(read.licenseNumber, byLicense, line) : read
    rejected.push(...faults.map((fault) => ({ line, ...fault })))
    if (!('name' in read) || faults.length > 0) continue
    const before = firstLine(byTaxCode, read.taxCode, line)
    if (before !== line) warnings.push({ line, pointer: '/taxCode', detail: `Also in line ${before}.` })
    lines.push({ line, establishment: read })
  }
  return { lines, rejectedRows: rows.length - lines.length, rejected, warnings }
}

async function rowsOf(bytes: AsyncIterable<Uint8Array>): Promise<readonly CsvRow[]> {
  const rows: CsvRow[] = []
  for await (const block of recordsOf(bytes, 'utf-8', csv())) {
    rows.push(...block)
    if (rows.length > rowsMax) throw unreadable(`More than ${rowsMax} rows: send the file in parts.`)
  }
  return rows
}

const repeated = (licenseNumber: string, seen: Map<string, number>, line: number): readonly InputError[] => {
  const before = firstLine(seen, licenseNumber, line)
  return before === line
    ? []
    : [{ pointer: '/licenseNumber', detail: `In line ${before}, too; that one counts.` }]
}

/** The line in which a value stands first. */
function firstLine(seen: Map<string, number>, value: string, line: number): number {
  const before = seen.get(value)
  if (before === undefined) seen.set(value, line)
  return before ?? line
}
