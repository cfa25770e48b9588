// The keys that messages are signed with: derived from the master key by endpoint and generation, so that none is stored.
import { createPrivateKey, createPublicKey, sign as signWith } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SignatureScheme } from '../../domain/webhooks/webhookEndpoint.ts'
import { base64 } from '../../http/connectorSecret.ts'
import type { Crypto } from '../../http/services.ts'
import { sign } from '../../http/standardWebhooks.ts'

type SigningKey = {
  /** What the receiver needs: the secret `whsec_…`, or the public key `whpk_…`. */
  readonly text: string
  /** One signature of the header: `v1,…` or `v1a,…`. */
  readonly sign: (id: string, timestamp: string, body: string) => string
}
export type SigningKeys = (endpointId: string, generation: number, scheme: SignatureScheme) => SigningKey

const cachedMax = 1_000

export function signingKeys(crypto: Crypto, masterKey: Uint8Array): SigningKeys {
  const cached = new LRUCache<string, SigningKey>({ max: cachedMax })
  return (endpointId, generation, scheme) => {
    const name = `${endpointId}\0${generation}\0${scheme}`
    const known = cached.get(name)
    if (known) return known
    const bytes = crypto.hmac(masterKey, 'webhook\0', name)
    const key = scheme === 'v1' ? sharedSecret(bytes, crypto) : keyPair(bytes)
    cached.set(name, key)
    return key
  }
}

const sharedSecret = (bytes: Uint8Array, crypto: Crypto): SigningKey => ({
  text: `whsec_${base64(bytes)}`,
  sign: (id, timestamp, body) => sign(id, timestamp, Buffer.from(body), bytes, crypto),
})

/** An ed25519 private key is any 32 bytes; PKCS #8 (RFC 8410) puts these before them. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicKeyBytes = 32

function keyPair(seed: Uint8Array): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    text: `whpk_${base64(spki.subarray(-publicKeyBytes))}`,
    sign: (id, timestamp, body) =>
      `v1a,${signWith(null, Buffer.from(`${id}.${timestamp}.${body}`), privateKey).toString('base64')}`,
  }
}
