// CSV as text that comes in pieces: whole rows as soon as they are whole, in whatever of the usual marks between cells.
import { CsvError, parse } from 'csv-parse/sync'
import { endOfRows, occurrences } from '../files/rowEnds.ts'
import { unreadable } from './reader.ts'

const blockCharacters = 65_536
const rowMax = 16_384

export type TextRow = { readonly line: number; readonly cells: readonly string[] }

export function csvTextReader() {
  let rest = ''
  let lines = 0
  let delimiter: string | undefined

  const rowsOf = (text: string): TextRow[] => {
    delimiter ??= delimiterOf(text)
    const before = lines
    lines += occurrences(text, '\n')
    try {
      const rows = parse(text, {
        delimiter,
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        trim: true,
      }) as unknown as { record: string[]; info: { lines: number } }[]
      return rows.map(({ record, info }) => ({ line: before + info.lines, cells: record }))
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      throw unreadable(
        `Line ${before + Number(error.lines)}: quotes do not match. Double a quote inside a cell.`,
      )
    }
  }

  return {
    push: (text: string): TextRow[] => {
      rest += text
      if (rest.length < blockCharacters) return []
      const end = endOfRows(rest)
      if (end === 0 && rest.length > blockCharacters + rowMax)
        throw unreadable('A row without an end. Is a quote not closed?')
      const whole = rest.slice(0, end)
      rest = rest.slice(end)
      return whole === '' ? [] : rowsOf(whole)
    },
    end: (): TextRow[] => rowsOf(rest),
  }
}

/** What stands most often in the first rows: preambles have few of any. */
function delimiterOf(text: string): string {
  const start = text.slice(0, 4_096)
  const [first = ','] = [',', ';', '\t'].toSorted((a, b) => occurrences(start, b) - occurrences(start, a))
  return first
}
