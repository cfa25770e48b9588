// The cryptography port on node:crypto.
import { createHash, createHmac, hash, randomFillSync, timingSafeEqual } from 'node:crypto'
import type { Hasher } from '../../domain/settlement/settleAccount.ts'
import type { Crypto } from '../../http/services.ts'

export const nodeCrypto: Crypto = {
  hmac: hmacSha256,
  hmacHex: (algorithm, key, text) => createHmac(algorithm, key).update(text).digest('hex'),
  hash: (data) => hash('sha256', data, 'base64url'),
  digest: (data) => hash('sha256', data, 'buffer'),
  random,
  equal: (a, b) => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)]
    return left.length === right.length && timingSafeEqual(left, right)
  },
}

/** SHA-256 over texts as they come. */
export function sha256Hasher(): Hasher {
  const hasher = createHash('sha256')
  return { add: (text) => void hasher.update(text), hex: () => hasher.digest('hex') }
}

const blockBytes = 64
type Pads = { readonly inner: Buffer; readonly outer: Buffer }

/** Keys are few and used all the time: each is padded once. */
const padded = new WeakMap<Uint8Array, Pads>()

/**
 * HMAC-SHA256 (RFC 2104) as its two hashes. `createHmac` gives the same bytes, but makes an object for each call,
 * which on the hot path costs several times the hashing.
 */
function hmacSha256(key: Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  const { inner, outer } = padsOf(key)
  const message = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
  return hash(
    'sha256',
    Buffer.concat([outer, hash('sha256', Buffer.concat([inner, ...message]), 'buffer')]),
    'buffer',
  )
}

function padsOf(key: Uint8Array): Pads {
  const known = padded.get(key)
  if (known) return known
  const block = Buffer.alloc(blockBytes)
  block.set(key.length > blockBytes ? hash('sha256', key, 'buffer') : key)
  const pads = {
    inner: block.map((byte) => byte ^ 0x36) as Buffer,
    outer: block.map((byte) => byte ^ 0x5c) as Buffer,
  }
  padded.set(key, pads)
  return pads
}

const pool = Buffer.alloc(4096)
let used = pool.length

/** Random bytes, drawn from the system in larger pieces: one draw costs the same whatever its size. */
export function random(size: number): Buffer {
  if (size > pool.length) throw new RangeError(`at most ${pool.length} random bytes at once`)
  if (used + size > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + size))
  pool.fill(0, used, used + size) // nothing that was handed out stays behind
  used += size
  return bytes
}
