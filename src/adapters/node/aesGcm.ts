// AES-256-GCM as the vaults use it: iv, tag and ciphertext in one piece.
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { random } from './crypto.ts'

const ivBytes = 12
const tagBytes = 16

export function encrypt(key: KeyObject, plain: Buffer): Buffer {
  const iv = random(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

/** Throws when the text was not encrypted by this key, or was changed since. */
export function decrypt(key: KeyObject, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, ivBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}
