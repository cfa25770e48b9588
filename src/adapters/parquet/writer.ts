// Tables as Apache Parquet files.
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Column, Shaped } from '../../domain/adoption/tables/shape.ts'

const types = { text: 'STRING', integer: 'INT64', flag: 'BOOLEAN' } as const satisfies Record<
  Column['type'],
  string
>

/** `notes` go into the file's own key-value metadata. The same table gives the same bytes. */
export function parquet(
  { columns, rows }: Shaped,
  notes: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const columnData = columns.map(({ name, type }, index) => ({
    name,
    type: types[type],
    data: rows.map((row) => row[index]),
  }))
  const kvMetadata = Object.entries(notes).map(([key, value]) => ({ key, value }))
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'thungan' }))
}
