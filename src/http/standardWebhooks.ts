// Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over "id.timestamp.body", checked over the raw bytes.
import { base64 } from './connectorSecret.ts'
import { Problem } from './problem.ts'
import type { Crypto } from './services.ts'

const windowSeconds = 300

type Headers = (name: string) => string | undefined

/** Throws the problem unless one of the signatures is right and the timestamp is within five minutes of now. */
export function verifySignature(
  header: Headers,
  raw: Uint8Array,
  secret: Uint8Array,
  now: Date,
  crypto: Crypto,
): void {
  const id = header('webhook-id')
  const timestamp = header('webhook-timestamp')
  const signatures = header('webhook-signature')
  if (!id || !timestamp || !signatures) throw new Problem('signature_missing')
  const expected = sign(id, timestamp, raw, secret, crypto)
  if (!signatures.split(' ').some((signature) => crypto.equal(signature, expected)))
    throw new Problem('signature_invalid')
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= windowSeconds))
    throw new Problem('timestamp_outside_window')
}

/** `v1,` and the base64 signature. */
export const sign = (
  id: string,
  timestamp: string,
  raw: Uint8Array,
  secret: Uint8Array,
  { hmac }: Crypto,
): string => `v1,${base64(hmac(secret, id, '.', timestamp, '.', raw))}`
