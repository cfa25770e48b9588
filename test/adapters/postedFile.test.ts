// A posted form with a file is read as it comes: what was said of the file first, then its bytes, no more of them than are asked for.
import { expect, test } from 'vitest'
import { postedFile } from '../../src/adapters/node/postedFile.ts'

const type = 'multipart/form-data; boundary=line'
const head = (disposition: string) => `--line\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`
const field = `${head('name="count"')} 2 \r\n`
const file = head('name="file"; filename="b.csv"')
const bytesOf = (text: string) => new TextEncoder().encode(text)
async function* inPieces(text: string, size = 7) {
  const bytes = bytesOf(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test.each([1, 7, 1_000])('fields and file come as they were sent, in pieces of %i', async (size) => {
  const posted = await postedFile(type, inPieces(`${field}${file}số\r\n1\r\n--line--\r\n`, size))
  expect(posted?.name).toBe('b.csv')
  expect(posted?.fields).toEqual(new Map([['count', '2']]))
  expect(await textOf(posted!.bytes)).toBe('số\r\n1')
})

test.each([
  ['text/csv', 'a,b'],
  ['multipart/form-data', `${file}a\r\n--line--\r\n`],
  ['multipart/form-data; boundary=other', `${file}a\r\n--line--\r\n`],
  [type, `${field}--line--\r\n`],
  [type, 'nothing of a form'],
  [type, ''],
])('%s without a file in it is none', async (contentType, body) => {
  expect(await postedFile(contentType, inPieces(body))).toBeUndefined()
})

test('a file that is cut off ends with an error, never as if it were whole', async () => {
  const posted = await postedFile(type, inPieces(`${file}a,b\n1,2\n`))
  await expect(textOf(posted!.bytes)).rejects.toThrow()
})

test('a sender that breaks off ends the file with an error', async () => {
  async function* broken() {
    yield bytesOf(`${file}a,b\n`)
    throw new Error('the line broke')
  }
  const posted = await postedFile(type, broken())
  await expect(textOf(posted!.bytes)).rejects.toThrow()
})

test('no more is taken than whoever reads it has room for', async () => {
  const pieceBytes = 65_536
  let taken = 0
  async function* endless() {
    yield bytesOf(file)
    for (; taken < 500_000_000; taken += pieceBytes) yield new Uint8Array(pieceBytes)
  }
  const posted = await postedFile(type, endless())
  let read = 0
  for await (const piece of posted!.bytes) {
    read += piece.byteLength
    await new Promise((resolve) => setImmediate(resolve))
    expect(taken - read).toBeLessThan(2_000_000)
    if (read > 20_000_000) break
  }
  expect(taken).toBeLessThan(30_000_000)
})
