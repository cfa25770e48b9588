// Ids of everything but payments (payments/reference.ts): a prefix, the merchant's five characters where there is one, and chance.
import { base32, isBase32 } from './base32.ts'
import type { Chance } from './chance.ts'

/** Five characters that name a merchant inside every id and payment reference of it. */
export const merchantCodeLength = 5

/** `mer_` and the code: creating the stream with "no stream" expected is what keeps codes unique. */
export const newMerchantId = (chance: Chance): string => `mer_${base32(chance('merchant', 4), 5)}`
export const merchantCode = (merchantId: string): string => merchantId.slice('mer_'.length)

/** `sit_`, the merchant's code and eight characters. Its 13 characters also make the card acceptor id (DE42). */
export const newSiteId = (merchantId: string, chance: Chance): string =>
  `sit_${merchantCode(merchantId)}${base32(chance('site', 5), 8)}`

/** `ter_` and eight characters, which are also the terminal id on the card network (DE41). */
export const newTerminalId = (chance: Chance): string => `ter_${base32(chance('terminal', 5), 8)}`

export const newConnectorId = (chance: Chance): string => `con_${base32(chance('connector', 8), 12)}`

/** `key_`, the owner's five characters (operator and regulator: `00000`) and eleven of chance. */
export const newKeyId = (ownerCode: string, chance: Chance): string =>
  `key_${ownerCode}${base32(chance('key', 7), 11)}`

/** `whe_`, the merchant's code and eleven characters. */
export const newWebhookEndpointId = (merchantId: string, chance: Chance): string =>
  `whe_${merchantCode(merchantId)}${base32(chance('webhook endpoint', 7), 11)}`

/** `est_` and 26 characters of a hash of the license number: one establishment a number, without a look-up. */
export const establishmentId = (licenseHash: Uint8Array): string => `est_${base32(licenseHash, 26)}`

/** `bil_` and 26 characters of a hash of the biller's id and its own number of the bill (`billName`): a bill is found without a look-up. */
export const billId = (nameHash: Uint8Array): string => `bil_${base32(nameHash, 26)}`
export const billName = (billerId: string, billNumber: string): string => `${billerId}\0${billNumber}`

/** `cus_` and 26 characters of a keyed hash of the biller's id and its code of the customer: who has no key cannot try codes. */
export const customerId = (keyedHash: Uint8Array): string => `cus_${base32(keyedHash, 26)}`

/** `upl_` and sixteen characters: one file of establishments or bills that was read. */
export const newUploadId = (chance: Chance): string => `upl_${base32(chance('upload', 10), 16)}`

/** `stm_` and 26 characters of a hash of what the statement says: the same one again finds itself. */
export const statementId = (contentHash: Uint8Array): string => `stm_${base32(contentHash, 26)}`

/** `stl_` and 26 characters of a hash of what the line says, and of which of equal ones it is. */
export const statementLineId = (identityHash: Uint8Array): string => `stl_${base32(identityHash, 26)}`

/** `man_`, the biller's code and eleven characters. */
export const newMandateId = (billerId: string, chance: Chance): string =>
  `man_${merchantCode(billerId)}${base32(chance('mandate', 7), 11)}`

/** `trc_` and sixteen characters. */
export const newTraceId = (chance: Chance): string => `trc_${base32(chance('trace', 10), 16)}`

const shapes = {
  mer: 5,
  sit: 13,
  ter: 8,
  con: 12,
  key: 16,
  pay: 18,
  crd: 26,
  ref: 26,
  cpl: 26,
  dsp: 26,
  whe: 16,
  est: 26,
  upl: 16,
  bil: 26,
  cus: 26,
  man: 16,
  stm: 26,
  stl: 26,
  trc: 16,
} as const
export type IdPrefix = keyof typeof shapes

/** True when a text has the shape of that kind of id: anything else is not worth a look-up. */
export function isId(prefix: IdPrefix, text: string): boolean {
  const body = text.slice(4)
  if (!text.startsWith(`${prefix}_`) || body.length !== shapes[prefix]) return false
  return isBase32(ofPayment.has(prefix) ? withoutCheck(body) : body)
}

const ofPayment: ReadonlySet<IdPrefix> = new Set(['pay', 'ref', 'cpl', 'dsp'])

/** A payment's check character may be I, L, O or U; the ids of refunds, complaints and disputes hold their payment's. */
const withoutCheck = (body: string): string => body.slice(0, 17) + body.slice(18)
