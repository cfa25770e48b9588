// A file of bills as a stream: its records one block after the other, whether it is CSV, a JSON list or a JSON object a line.
import { CsvError, type Info, parse } from 'csv-parse/sync'
import { type InputError, invalid } from './problem.ts'
import { parseJson } from './strictJson.ts'

/** `line`: where a row ends in a CSV or NDJSON file, else the number of the element; from 1. */
export type FileRecord = { readonly line: number } & (
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly fault: InputError }
)

export const fileTypes = ['application/json', 'text/csv', 'application/x-ndjson'] as const
export type FileForm = { readonly type: (typeof fileTypes)[number]; readonly charset: string }

const blockCharacters = 65_536
const recordMax = 16_384
const utf8 = new TextEncoder()

/** Blocks of records, never more of the file in memory than a block and a record. Throws the problem of a file that cannot be read. */
export async function* recordsOf(
  bytes: AsyncIterable<Uint8Array>,
  { type, charset }: FileForm,
): AsyncGenerator<readonly FileRecord[]> {
  const read = { 'application/json': jsonList(), 'text/csv': csv(), 'application/x-ndjson': jsonLines() }[
    type
  ]
  let rest = ''
  for await (const text of textOf(bytes, charset)) {
    rest += text
    if (rest.length < blockCharacters) continue
    const end = read.endOf(rest)
    if (end > 0) yield read.records(rest.slice(0, end))
    rest = rest.slice(end)
    if (rest.length > blockCharacters + recordMax) throw unreadable(read.tooLong)
  }
  yield [...read.records(rest), ...read.last()]
}

type Reading = {
  /** Up to where the text is whole records. */
  readonly endOf: (text: string) => number
  readonly records: (text: string) => readonly FileRecord[]
  /** What is still to be said at the end of the file. */
  readonly last: () => readonly FileRecord[]
  readonly tooLong: string
}

const unreadable = (detail: string): Error => invalid({ pointer: '', detail })

async function* textOf(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { fatal: true })
  try {
    for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw unreadable(
      'Not UTF-8. Save as "CSV UTF-8", or send "Content-Type: text/csv; charset=windows-1258".',
    )
  }
}

function csv(): Reading {
  let names: readonly string[] | undefined
  let delimiter = ','
  let lines = 0
  const records = (text: string): readonly FileRecord[] => {
    if (!names) delimiter = delimiterOf(text)
    const rows = parsed(text, delimiter, lines)
    lines += occurrences(text, '\n')
    if (!names && rows.length > 0) names = columnNames(rows.shift()!.record)
    return rows.map(({ record, info }) => ({ line: info.lines, ...fieldsOf(names!, record) }))
  }
  return {
    endOf: endOfRows,
    records,
    last: () => [],
    tooLong: 'A row without an end. Is a quote not closed?',
  }
}

function columnNames(cells: readonly string[]): readonly string[] {
  const names = cells.map(plainName)
  if (names.includes('billnumber')) return names
  throw unreadable(
    'The first row must name the columns: billNumber, customerCode, amount, issuedOn, dueOn, …',
  )
}

const plainName = (name: string): string => name.replace(/[\s_-]/g, '').toLowerCase()
const occurrences = (text: string, mark: string): number => text.split(mark).length - 1

/** What stands more often in the first line: spreadsheets of countries with a decimal comma write semicolons. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') >>> 0)
  return occurrences(first, ';') > occurrences(first, ',') ? ';' : ','
}

function parsed(text: string, delimiter: string, before: number): { record: string[]; info: Info }[] {
  try {
    const rows = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true, // a row with too many or too few is a fault of the row
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: Info }[]
    return rows.map(({ record, info }) => ({ record, info: { ...info, lines: before + info.lines } }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw unreadable(
      `Line ${before + Number(error.lines)}: quotes do not match. Double a quote inside a cell.`,
    )
  }
}

const isTotal = (cell: string | undefined): boolean => cell?.toUpperCase() === 'TOTAL'

/** The fields of a row; empty cells are as absent ones. A row that begins with TOTAL says the control totals. */
function fieldsOf(names: readonly string[], cells: readonly string[]) {
  if (isTotal(cells[0])) return { fields: { count: cells[1] ?? '', sum: cells[2] ?? '' } }
  if (cells.length !== names.length) {
    const detail = `${cells.length} cells, where the first row has ${names.length}.`
    return { fault: { pointer: '', detail } }
  }
  const fields: Record<string, string> = {}
  for (const [at, name] of names.entries()) if (cells[at] !== '') fields[name] = cells[at]!
  return { fields }
}

/** After the last line end that is not inside quotes. */
function endOfRows(text: string): number {
  let end = text.lastIndexOf('\n') + 1
  let quotes = occurrences(text.slice(0, end), '"')
  while (end > 0 && quotes % 2 === 1) {
    const earlier = end < 2 ? 0 : text.lastIndexOf('\n', end - 2) + 1
    quotes -= occurrences(text.slice(earlier, end), '"')
    end = earlier
  }
  return end
}

function jsonLines(): Reading {
  let line = 0
  const records = (text: string): readonly FileRecord[] => {
    const found: FileRecord[] = []
    const pieces = text.split('\n')
    for (const [at, piece] of pieces.entries()) {
      if (at < pieces.length - 1 || piece !== '') line += 1
      if (piece.trim() !== '') found.push(jsonRecord(piece, line))
    }
    return found
  }
  return {
    endOf: (text) => text.lastIndexOf('\n') + 1,
    records,
    last: () => [],
    tooLong: 'A line without an end.',
  }
}

function jsonRecord(text: string, line: number): FileRecord {
  const read = parseJson(utf8.encode(text))
  if (!read.ok) return { line, fault: { pointer: read.pointer, detail: read.detail } }
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, fault: { pointer: '', detail: 'Not a JSON object.' } }
  return { line, fields: lowered(value as Record<string, unknown>) }
}

/** Columns and fields have the same names, in whatever case. */
const lowered = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [plainName(name), value]))

const notList = 'Not a JSON list of bills: [{"billNumber": …}, …].'

/** Elements are found by their brackets; each is then read for itself. Between them there are commas, as JSON wants it. */
function jsonList(): Reading {
  let number = 0
  let state: 'before' | 'element' | 'next' | 'after' = 'before'
  const records = (text: string): readonly FileRecord[] => {
    const found: FileRecord[] = []
    for (let at = 0; at < text.length; at++) {
      const character = text[at]!
      if (/\s/.test(character)) continue
      if (state === 'before' && character === '[') state = 'element'
      else if (state === 'next' && character === ',') state = 'element'
      else if (character === ']' && (state === 'next' || (state === 'element' && number === 0)))
        state = 'after'
      else if (state === 'element' && character === '{') {
        const end = endOfObject(text, at)
        if (end === 0) throw unreadable(`${notList} Element ${number + 1} does not end.`)
        found.push(jsonRecord(text.slice(at, end), ++number))
        at = end - 1
        state = 'next'
      } else throw unreadable(number === 0 ? notList : `${notList} After element ${number}.`)
    }
    return found
  }
  return {
    endOf: endOfElements,
    records,
    last: () => {
      if (state !== 'after') throw unreadable(`${notList} It does not end: was it cut off?`)
      return []
    },
    tooLong: 'A bill without an end.',
  }
}

/** After the last object that is whole. */
function endOfElements(text: string): number {
  let end = 0
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', end)) {
    const next = endOfObject(text, at)
    if (next === 0) break
    end = next
  }
  return end
}

/** After the bracket that closes the object which begins there; 0 where there is none. */
function endOfObject(text: string, begin: number): number {
  let depth = 0
  let quoted = false
  for (let at = begin; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
  }
  return 0
}
