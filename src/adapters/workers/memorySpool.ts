// What is read out of an uploaded file, kept in memory: an object has no disk of its own, so what is too large is refused.
import { createHash } from 'node:crypto'
import { Problem } from '../../http/problem.ts'
import type { Services } from '../../http/services.ts'

const keptMax = 16 * 1024 * 1024 // of the 128 MB that an object has

export const memorySpool: Services['spool'] = async (pieces, through) => {
  const sha256 = createHash('sha256')
  const blocks: Uint8Array[] = []
  let size = 0
  async function* hashed() {
    for await (const piece of pieces) {
      sha256.update(piece)
      yield piece
    }
  }
  for await (const block of through(hashed())) {
    size += block.byteLength
    if (size > keptMax) throw new Problem('body_too_large')
    blocks.push(block.slice())
  }
  return {
    hash: sha256.digest('hex'),
    async *read() {
      yield* blocks
    },
    [Symbol.asyncDispose]: async () => {
      blocks.length = 0
    },
  }
}
