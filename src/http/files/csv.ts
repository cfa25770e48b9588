// CSV as people make it: commas or semicolons, quotes, LF or CRLF line ends, empty lines and spaces around cells.
import { CsvError, type Info, parse } from 'csv-parse/sync'
import { type Format, recordMax, unreadable } from './records.ts'
import { endOfRows, occurrences } from './rowEnds.ts'

/** A row of the file: the line on which it ends, from 1, and its cells. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

export function csv(): Format<CsvRow> {
  let delimiter: string | undefined
  let lines = 0
  return {
    endOf: endOfRows,
    records: (text) => {
      delimiter ??= delimiterOf(text)
      const rows = parsed(text, delimiter, lines)
      lines += occurrences(text, '\n')
      return rows
    },
    end: () => {},
    tooLong: () => `Line ${lines + 1}: ${faults.CSV_MAX_RECORD_SIZE}`,
  }
}

const misquoted = 'A quote inside a cell is doubled, and the whole cell quoted.'
const faults = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened and not closed.',
  CSV_MAX_RECORD_SIZE: `A row of more than ${recordMax} characters. Is a quote not closed?`,
  CSV_INVALID_CLOSING_QUOTE: misquoted,
  INVALID_OPENING_QUOTE: misquoted,
} as const

function parsed(text: string, delimiter: string, before: number): CsvRow[] {
  try {
    const rows = parse(text, {
      delimiter,
      info: true,
      max_record_size: recordMax,
      relax_column_count: true, // who reads the rows says which has too many or too few
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: Info }[]
    return rows.map(({ record, info }) => ({ line: before + info.lines, cells: record }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const fault = Object.hasOwn(faults, error.code) ? faults[error.code as keyof typeof faults] : 'Not CSV.'
    throw unreadable(`Line ${before + Number(error.lines)}: ${fault}`)
  }
}

/** What stands more often in the first line: spreadsheets of countries with a decimal comma write semicolons. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') >>> 0)
  return occurrences(first, ';') > occurrences(first, ',') ? ';' : ','
}
