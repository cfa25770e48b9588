// Signs the daily seals: Ed25519 on node:crypto, with a key derived from the master key.
import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign as signBytes,
  verify,
} from 'node:crypto'
import type { CheckSignature, Signer } from '../../domain/proof/seal.ts'

// RFC 8410: what PKCS #8 writes before the 32 bytes of an Ed25519 key.
const privateKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The same master key always gives the same signer, so nothing more has to be kept secret or backed up. */
export function signer(masterKey: Uint8Array): Signer {
  const seed = Buffer.from(hkdfSync('sha256', masterKey, '', 'thungan seal ed25519', 32))
  const key = createPrivateKey({
    key: Buffer.concat([privateKeyPrefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    publicKey: createPublicKey(key).export({ format: 'jwk' }).x!,
    sign: (text) => signBytes(null, Buffer.from(text), key).toString('base64url'),
  }
}

export const checkSignature: CheckSignature = (publicKey, text, signature) => {
  const key = readPublicKey(publicKey)
  return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
}

/** Undefined when the text is no key. */
function readPublicKey(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch {
    return undefined
  }
}
