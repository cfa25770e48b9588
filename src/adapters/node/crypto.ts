// The cryptography port on node:crypto.
import {
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'
import type { Crypto } from '../../http/services.ts'

export const nodeCrypto: Crypto = {
  hmac: (key, ...parts) => {
    const mac = createHmac('sha256', keyObject(key))
    for (const part of parts) mac.update(part)
    return mac.digest()
  },
  hash: (data) => hash('sha256', data, 'base64url'),
  digest: (data) => hash('sha256', data, 'buffer'),
  random,
  equal: (a, b) => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)]
    return left.length === right.length && timingSafeEqual(left, right)
  },
}

/** Keys are few and used all the time, and preparing one costs five times the HMAC itself. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

function keyObject(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(key)
  keyObjects.set(key, known)
  return known
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
