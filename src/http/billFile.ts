// A biller's file as records with named fields, whether it is CSV, a JSON list or a JSON object a line.
import { type CsvRow, csv } from './files/csv.ts'
import type { JsonRecord } from './files/json.ts'
import { jsonList } from './files/jsonList.ts'
import { ndjson } from './files/ndjson.ts'
import { recordsOf, unreadable } from './files/records.ts'
import { Problem } from './problem.ts'

/** Of CSV the fields are texts, and those that are empty are absent. */
export type BillRecord = JsonRecord

export type BillFileForm = {
  readonly type: 'application/json' | 'text/csv' | 'application/x-ndjson'
  readonly charset: string
}

/** `contentType` is one of the types of a form, with or without a charset. Throws the problem of one that is not read here. */
export function formOf(contentType: string): BillFileForm {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = /charset="?([\w-]+)/.exec(parameters.join(';'))?.[1] ?? 'utf-8'
  if (!['utf-8', 'utf8', 'windows-1258'].includes(charset))
    throw new Problem('unsupported_media_type', { detail: 'Files are UTF-8 or windows-1258.' })
  return { type: type.trim() as BillFileForm['type'], charset }
}

/** Blocks of records. Throws the problem of a file that cannot be read. */
export function billRecords(
  bytes: AsyncIterable<Uint8Array>,
  { type, charset }: BillFileForm,
): AsyncGenerator<readonly BillRecord[]> {
  if (type === 'text/csv') return fromCsv(recordsOf(bytes, charset, csv()))
  return recordsOf(bytes, charset, type === 'application/json' ? jsonList('bills') : ndjson())
}

/** As spelled in a file: `bill_number`, `Bill Number` and `billNumber` are one name. */
export const plainName = (name: string): string => name.replace(/[\s_-]/g, '').toLowerCase()

async function* fromCsv(blocks: AsyncIterable<readonly CsvRow[]>): AsyncGenerator<readonly BillRecord[]> {
  let names: readonly string[] | undefined
  for await (const block of blocks) {
    const [first] = block
    if (!first) continue
    const rows = names ? block : block.slice(1)
    names ??= columnNames(first.cells)
    yield rows.map((row) => recordOf(row, names!))
  }
}

function columnNames(cells: readonly string[]): readonly string[] {
  const names = cells.map(plainName)
  if (names.includes('billnumber')) return names
  throw unreadable(
    'The first row must name the columns: billNumber, customerCode, amount, issuedOn, dueOn, …',
  )
}

/** A row that begins with TOTAL says the control totals. */
function recordOf({ line, cells }: CsvRow, names: readonly string[]): BillRecord {
  if (isTotal(cells[0])) return { line, fields: { count: cells[1] ?? '', sum: cells[2] ?? '' } }
  if (cells.length !== names.length) {
    const detail = `${cells.length} cells, where the first row has ${names.length}.`
    return { line, fault: { pointer: '', detail } }
  }
  const fields: Record<string, string> = {}
  for (const [at, name] of names.entries()) if (cells[at] !== '') fields[name] = cells[at]!
  return { line, fields }
}

const isTotal = (cell: string | undefined): boolean => cell?.toUpperCase() === 'TOTAL'
