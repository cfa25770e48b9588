// Request to pay: a link to one bill that nobody can guess, with nothing personal in it, for a message to the customer.
import { base32 } from '../domain/core/base32.ts'
import type { Services } from './services.ts'

type Secrets = Pick<Services, 'crypto' | 'settings'>

const tokenLength = 26

export const billToken = (billId: string, { crypto, settings }: Secrets): string =>
  base32(crypto.hmac(settings.masterKey, 'bill\0', billId), tokenLength)

/** The path of its page. */
export const billPath = (billId: string, secrets: Secrets): string =>
  `/bills/${billId}?token=${billToken(billId, secrets)}`

export const billLink = (billId: string, secrets: Secrets): string =>
  `${secrets.settings.publicUrl}${billPath(billId, secrets)}`
