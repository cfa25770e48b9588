// The spool: what was kept of a file is read again as it was given, as often as needed, and nothing of it lies in the folder.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { spoolIn } from '../../src/adapters/node/spool.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-spool-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = []
  for await (const piece of pieces) found.push(piece)
  return Buffer.concat(found)
}

/** Keeps of each piece what is not 0. */
async function* withoutZeros(pieces: AsyncIterable<Uint8Array>) {
  for await (const piece of pieces) yield piece.filter((byte) => byte !== 0)
}

test.each([0, 1, 65_536, 200_001])(
  'what is kept of %i bytes comes back twice, block by block, with the hash of all',
  async (size) => {
    const bytes = randomBytes(size)
    await using spool = await spoolIn(folder)(inPieces(bytes, 1_000), withoutZeros)
    expect(readdirSync(folder)).toEqual([])
    expect(spool.hash).toBe(createHash('sha256').update(bytes).digest('hex'))
    const kept = bytes.filter((byte) => byte !== 0)
    expect((await all(spool.read())).equals(kept)).toBe(true)
    expect((await all(spool.read())).equals(kept)).toBe(true)
    const sizes = []
    for await (const block of spool.read()) sizes.push(block.byteLength)
    expect(sizes.length).toBe(Math.ceil(size / 1_000))
  },
)

test('a file that is cut off is no file', async () => {
  async function* cut() {
    yield Buffer.from('half')
    throw new Error('the connection is gone')
  }
  await expect(spoolIn(folder)(cut(), withoutZeros)).rejects.toThrow('the connection is gone')
  expect(readdirSync(folder)).toEqual([])
})
