// NDJSON: a JSON object a line. Empty lines are passed over.
import { type JsonRecord, jsonRecord } from './json.ts'
import type { Format } from './records.ts'

export function ndjson(): Format<JsonRecord> {
  let line = 0
  return {
    endOf: (text) => text.lastIndexOf('\n') + 1,
    records: (text) => {
      const pieces = text.split('\n')
      if (pieces.at(-1) === '') pieces.pop() // what a line end is followed by is no line
      return pieces.flatMap((piece) => {
        line += 1
        return piece.trim() === '' ? [] : [jsonRecord(piece, line)]
      })
    },
    end: () => {},
    tooLong: () => `Line ${line + 1} is too long.`,
  }
}
