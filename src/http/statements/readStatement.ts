// A bank statement of any format as a stream of lines: what it is shows in its first characters.
import type { StatementHead, StatementLine } from '../../domain/settlement/bankStatement.ts'
import { camtReader } from './camt.ts'
import { type CsvHints, csvReader } from './csv.ts'
import { mt940Reader } from './mt940.ts'
import { type StatementReader, unreadable } from './reader.ts'

export const statementCharsets = ['utf-8', 'utf8', 'windows-1258'] as const

/** Blocks of lines as they come; returns what the statement says of itself. Throws the problem of one that cannot be taken. */
export async function* readStatement(
  bytes: AsyncIterable<Uint8Array>,
  charset: string,
  hints: CsvHints,
): AsyncGenerator<readonly StatementLine[], StatementHead> {
  let reader: StatementReader | undefined
  let start = ''
  for await (const text of textOf(bytes, charset)) {
    if (reader) {
      yield reader.push(text)
      continue
    }
    start = (start + text).trimStart()
    if (start.length < tellingMin) continue
    reader = readerOf(start, hints)
    yield reader.push(start)
  }
  if (start === '') throw unreadable('The file is empty.')
  if (!reader) {
    reader = readerOf(start, hints)
    yield reader.push(start)
  }
  const { lines, head } = reader.end()
  yield lines
  return head
}

/** So many characters tell which format it is. */
const tellingMin = 8

function readerOf(start: string, hints: CsvHints): StatementReader {
  if (start.startsWith('<')) return camtReader()
  return /^(\{\d:|:\d\d[A-Z]?:)/.test(start) ? mt940Reader() : csvReader(hints)
}

async function* textOf(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { fatal: true })
  try {
    for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw unreadable('Not UTF-8. Save as UTF-8, or send "charset=windows-1258" with the content type.')
  }
}
