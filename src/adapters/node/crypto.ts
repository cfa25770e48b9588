// The cryptography port on node:crypto.
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Crypto } from '../../http/services.ts'

export const nodeCrypto: Crypto = {
  hmac: (key, ...parts) => {
    const mac = createHmac('sha256', key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  },
  hash: (data) => hash('sha256', data, 'base64url'),
  random: (size) => randomBytes(size),
  equal: (a, b) => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)]
    return left.length === right.length && timingSafeEqual(left, right)
  },
}
