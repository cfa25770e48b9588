// What is read out of a file that is too large for memory, kept until it is read again: encrypted under a key that only this process knows, and nameless.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Services, Spool } from '../../http/services.ts'
import { newEventId } from './eventIds.ts'

const cipherName = 'aes-256-ctr'
const iv = Buffer.alloc(16) // a key seals one file

/** The file loses its name before a byte is in it: whatever happens, nothing of it stays behind. */
export const spoolIn =
  (folder: string): Services['spool'] =>
  async (pieces, through): Promise<Spool> => {
    const path = join(folder, `upload-${newEventId()}`)
    const file = await open(path, 'wx+', 0o600)
    try {
      await unlink(path)
      const key = randomBytes(32)
      const cipher = createCipheriv(cipherName, key, iv)
      const sha256 = createHash('sha256')
      const sizes: number[] = []
      for await (const block of through(hashed(pieces, sha256))) {
        await file.appendFile(cipher.update(block))
        sizes.push(block.byteLength)
      }
      return {
        hash: sha256.digest('hex'),
        async *read() {
          const decipher = createDecipheriv(cipherName, key, iv)
          let at = 0
          for (const size of sizes) {
            yield decipher.update(await bytesAt(file, at, size))
            at += size
          }
        },
        [Symbol.asyncDispose]: () => file.close(),
      }
    } catch (error) {
      await file.close()
      throw error
    }
  }

async function* hashed(
  pieces: AsyncIterable<Uint8Array>,
  sha256: { update: (piece: Uint8Array) => unknown },
) {
  for await (const piece of pieces) {
    sha256.update(piece)
    yield piece
  }
}

async function bytesAt(file: FileHandle, at: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  for (let length = 0; length < size; ) {
    const { bytesRead } = await file.read(bytes, length, size - length, at + length)
    if (bytesRead === 0) throw new Error('the spooled file has become shorter')
    length += bytesRead
  }
  return bytes
}
