// Certificates and keys that the environment names by their files.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

/** The text of a PEM file; `what` needs it, and is named where it cannot be read. */
export function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StoreUnavailable(`Cannot read ${file} for ${what}.`, { cause: error })
  }
}

/**
 * The text of a file of authorities. One without a certificate is refused: TLS would then trust every public authority
 * (an empty file), or nobody (anything else).
 */
export function readAuthorities(file: string, what: string): string {
  const text = readPem(file, what)
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (certificates.length === 0 || !certificates.every(isCertificate))
    throw new StoreUnavailable(`Cannot use ${file} for ${what}: it must hold certificates, and whole ones.`)
  return text
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem))
  } catch {
    return false
  }
}
