// The secret a connector signs with: derived from the master key, so that it need not be stored anywhere.
import type { Crypto, Secret, Services } from './services.ts'

const rememberedMax = 1_000

/** Secrets by connector id; those used lately are remembered, because every notification asks. */
export function connectorSecrets({ hmac }: Crypto, masterKey: Uint8Array): Services['connectorSecret'] {
  const remembered = new Map<string, Secret>()
  return (connectorId) => {
    const known = remembered.get(connectorId)
    if (known) return known
    const bytes = hmac(masterKey, 'connector\0', connectorId)
    const secret = { bytes, text: `whsec_${base64(bytes)}` }
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(connectorId, secret)
    return secret
  }
}

export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
