// A Parquet file that is made while it is sent: a row group at a time, and the footer at the end.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Column, Shaped } from '../../domain/adoption/tables/shape.ts'

type Rows = Shaped['rows']
type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']

/** Larger groups would be read faster, and keep all others waiting while each is written. */
const rowGroupSize = 1_000

const types = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  flag: { type: 'BOOLEAN' },
} as const

/** `notes` go into the file's own key-value metadata. Where the rows break off, so does the file: without a footer it is none. */
export async function* parquetStream(
  columns: readonly Column[],
  pieces: AsyncIterable<Rows>,
  notes: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter()
  const kvMetadata = Object.entries(notes).map(([key, value]) => ({ key, value }))
  const file = new ParquetWriter({ writer, schema: schemaOf(columns), kvMetadata, createdBy: 'thungan' })
  for await (const rows of grouped(pieces)) {
    file.write({
      columnData: columns.map(({ name }, index) => ({ name, data: rows.map((row) => row[index]) })),
      rowGroupSize,
    })
    yield taken(writer)
  }
  file.finish()
  yield taken(writer)
}

const schemaOf = (columns: readonly Column[]): Schema => [
  { name: 'root', num_children: columns.length },
  ...columns.map(({ name, type }) => ({ name, ...types[type], repetition_type: 'OPTIONAL' as const })),
]

/** As many rows as a group has, whatever came at once. */
async function* grouped(pieces: AsyncIterable<Rows>): AsyncGenerator<Rows> {
  const rows: Rows[number][] = []
  for await (const piece of pieces) {
    rows.push(...piece)
    if (rows.length < rowGroupSize) continue
    yield rows.splice(0, rowGroupSize)
  }
  if (rows.length > 0) yield rows
}

/** What has been written since the last time; the writer goes on counting the bytes of the file. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}
