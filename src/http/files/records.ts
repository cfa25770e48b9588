// A file as it comes, read record by record: decoded, cut into blocks of whole records, and never more of it in memory than that.
import { invalid } from '../problem.ts'

/** How the records of one kind of file are found. It keeps its place in the file, so each file has its own. */
export type Format<R> = {
  /** Up to where the text is whole records. */
  readonly endOf: (text: string) => number
  readonly records: (text: string) => readonly R[]
  /** Throws where the file does not end as it should. */
  readonly end: () => void
  /** What to say of a record that has no end. */
  readonly tooLong: () => string
}

/** More characters than these are no record. */
export const recordMax = 16_384
const blockCharacters = 65_536
const sliceBytes = 65_536

/** Blocks of records; some are empty. Throws the problem of a file that cannot be read. */
export async function* recordsOf<R>(
  bytes: AsyncIterable<Uint8Array>,
  charset: string,
  { endOf, records, end, tooLong }: Format<R>,
): AsyncGenerator<readonly R[]> {
  let rest = ''
  for await (const text of textOf(bytes, charset)) {
    rest += text
    if (rest.length < blockCharacters) continue
    const wholeTo = endOf(rest)
    if (wholeTo > 0) yield records(rest.slice(0, wholeTo))
    rest = rest.slice(wholeTo)
    if (rest.length > blockCharacters + recordMax) throw unreadable(tooLong())
  }
  yield records(rest)
  end()
}

/** The file cannot be read; `detail` says where, why and what to do. */
export const unreadable = (detail: string): Error => invalid({ pointer: '', detail })

const notText =
  'Not UTF-8. Save as "CSV UTF-8", or say what it is: "Content-Type: text/csv; charset=windows-1258".'

async function* textOf(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { fatal: true })
  try {
    for await (const slice of slices(bytes)) yield decoder.decode(slice, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw error instanceof TypeError ? unreadable(notText) : error
  }
}

/** A large piece is read slice by slice, with a pause in between: reading holds the thread. */
async function* slices(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece.subarray(0, sliceBytes)
    for (let at = sliceBytes; at < piece.length; at += sliceBytes) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      yield piece.subarray(at, at + sliceBytes)
    }
  }
}
