// The secret a connector signs with: derived from the master key, so that it need not be stored anywhere.
import type { Crypto, Settings } from './services.ts'

export type Secret = { readonly bytes: Uint8Array; readonly text: string }

/** The secret of a connector; its text is in Standard Webhooks form, `whsec_` and base64. */
export function connectorSecret(
  connectorId: string,
  { hmac }: Crypto,
  { masterKey }: Pick<Settings, 'masterKey'>,
): Secret {
  const bytes = hmac(masterKey, 'connector\0', connectorId)
  return { bytes, text: `whsec_${base64(bytes)}` }
}

export const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
