// A CSV file as people make them: UTF-8 with or without a byte order mark, commas or semicolons, quotes, any line end.
import { CsvError, type Info, parse } from 'csv-parse/stream'

/** A line of the file: the number on which it ends, from 1, and its cells. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

/** The file cannot be read; the message says where and why. */
export class CsvFault extends Error {
  override name = 'CsvFault'
}

const rowsMax = 200_000
const rowBytesMax = 16_384
const sliceBytes = 65_536

/** The rows of a file, empty ones left out, read slice by slice so that others are served meanwhile. Throws CsvFault. */
export async function csvRows(bytes: Uint8Array): Promise<readonly CsvRow[]> {
  if (!isUtf8(bytes)) throw new CsvFault('Not UTF-8. In a spreadsheet, save as "CSV UTF-8".')
  const found: ReadableStream<{ record: string[]; info: Info }> = slices(bytes).pipeThrough(parser(bytes))
  const rows: CsvRow[] = []
  try {
    for await (const { record, info } of found) {
      if (rows.length === rowsMax) throw new CsvFault(`More than ${rowsMax} rows: send the file in parts.`)
      rows.push({ line: info.lines, cells: record })
    }
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error) : error
  }
  return rows
}

const parser = (bytes: Uint8Array) =>
  parse({
    bom: true,
    delimiter: delimiterOf(bytes),
    info: true,
    max_record_size: rowBytesMax,
    relax_column_count: true, // who reads the rows says which has too many or too few
    skip_empty_lines: true,
    trim: true,
  })

const misquoted = 'A quote inside a cell is doubled, and the whole cell quoted.'
const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened and not closed.',
  CSV_MAX_RECORD_SIZE: `A row of more than ${rowBytesMax} bytes. Is a quote not closed?`,
  CSV_INVALID_CLOSING_QUOTE: misquoted,
  INVALID_OPENING_QUOTE: misquoted,
}

const faultOf = ({ code, lines }: CsvError): CsvFault =>
  new CsvFault(`Line ${lines}: ${faults[code] ?? 'Not CSV.'}`)

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** What stands more often in the first line: spreadsheets of countries with a decimal comma write semicolons. */
function delimiterOf(bytes: Uint8Array): ',' | ';' {
  const end = bytes.indexOf(10)
  const line = new TextDecoder().decode(bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 4_096)))
  const count = (mark: string): number => line.split(mark).length
  return count(';') > count(',') ? ';' : ','
}

function slices(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 0)) // parsing holds the thread
      if (at >= bytes.length) return controller.close()
      const slice = bytes.subarray(at, at + sliceBytes)
      controller.enqueue(Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength))
      at += sliceBytes
    },
  })
}
