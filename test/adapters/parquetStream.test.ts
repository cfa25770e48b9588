// A Parquet file that is written while it is sent, read back.
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { parquetStream } from '../../src/adapters/parquet/stream.ts'

const columns = [
  { name: 'n', type: 'integer' },
  { name: 'text', type: 'text' },
  { name: 'flag', type: 'flag' },
] as const

type Rows = readonly (readonly (string | bigint | boolean | null)[])[]

async function fileOf(pieces: AsyncIterable<Rows>): Promise<{ file: ArrayBuffer; sent: number }> {
  const parts: Uint8Array[] = []
  for await (const part of parquetStream(columns, pieces, { schema: 'x.v1' })) parts.push(part)
  const bytes = Buffer.concat(parts)
  return { file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), sent: parts.length }
}

async function* rows(count: number, size: number): AsyncGenerator<Rows> {
  for (let start = 0; start < count; start += size)
    yield Array.from({ length: Math.min(size, count - start) }, (_, index) => {
      const n = start + index
      return [BigInt(n), n % 2 === 0 ? `dòng ${n}` : null, n % 3 === 0]
    })
}

test.each([0, 1, 250, 1_000, 2_333])('%i rows are read as they were written', async (count) => {
  const { file, sent } = await fileOf(rows(count, 250))
  const groups = Math.ceil(count / 1_000)
  const { num_rows, row_groups, key_value_metadata } = parquetMetadata(file)
  expect([num_rows, row_groups.length, sent]).toEqual([BigInt(count), groups, groups + 1])
  expect(key_value_metadata).toEqual([{ key: 'schema', value: 'x.v1' }])
  const read = await parquetReadObjects({ file })
  expect(read).toHaveLength(count)
  for (const n of [0, 1, count - 1].filter((n) => n >= 0 && n < count))
    expect(read[n]).toEqual({ n: BigInt(n), text: n % 2 === 0 ? `dòng ${n}` : null, flag: n % 3 === 0 })
})

test('where the rows break off, there is no footer', async () => {
  async function* broken(): AsyncGenerator<Rows> {
    yield* rows(2_000, 250)
    throw new Error('not those that were hashed')
  }
  await expect(fileOf(broken())).rejects.toThrow('not those that were hashed')
})
