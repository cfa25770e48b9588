// A file that is too large for memory, kept until it has been read twice: encrypted under a key that only this process knows, and nameless.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from '../../http/services.ts'
import { newEventId } from './eventIds.ts'

const pieceBytes = 65_536
const cipherName = 'aes-256-ctr'
const iv = Buffer.alloc(16) // a key seals one file

/** The file loses its name before a byte is in it: whatever happens, nothing of it stays behind. */
export const spoolIn =
  (folder: string) =>
  async (pieces: AsyncIterable<Uint8Array>): Promise<Spool> => {
    const path = join(folder, `upload-${newEventId()}`)
    const file = await open(path, 'wx+', 0o600)
    try {
      await unlink(path)
      const key = randomBytes(32)
      const cipher = createCipheriv(cipherName, key, iv)
      const sha256 = createHash('sha256')
      let size = 0
      for await (const piece of pieces) {
        sha256.update(piece)
        await file.appendFile(cipher.update(piece))
        size += piece.byteLength
      }
      return {
        hash: sha256.digest('hex'),
        async *read() {
          const decipher = createDecipheriv(cipherName, key, iv)
          for (let at = 0; at < size; ) {
            const { buffer, bytesRead } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, at)
            if (bytesRead === 0) throw new Error('the spooled file has become shorter')
            at += bytesRead
            yield decipher.update(buffer.subarray(0, bytesRead))
          }
        },
        [Symbol.asyncDispose]: () => file.close(),
      }
    } catch (error) {
      await file.close()
      throw error
    }
  }
