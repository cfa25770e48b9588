// A payment's reference: its id, what the payer's bank sends back, and how to find it in any transfer text.
import { base32, base32Number, isBase32 } from '../core/base32.ts'
import type { Chance } from '../core/chance.ts'
import { checkCharacter, isChecked } from '../core/checkCharacter.ts'
import { merchantCode, merchantCodeLength } from '../core/ids.ts'

const bodyLength = 17 // 5 that name the merchant, 12 of chance
const clockStepMs = 16_000
const transferPrefix = 'TN'

const withCheck = (body: string): string => body + checkCharacter(body)

/** A reference drawn now: a coarse clock first, so that references made together lie together in an index. */
export function newReference(merchantId: string, now: Date, chance: Chance): string {
  const clock = base32Number(Math.floor(now.getTime() / clockStepMs), 5)
  return withCheck(merchantCode(merchantId) + clock + base32(chance('payment', 5), 7))
}

/** A reference made of chance alone: under an idempotency key it must not depend on the time of the request. */
export const derivedReference = (merchantId: string, chance: Chance): string =>
  withCheck(merchantCode(merchantId) + base32(chance('payment', 8), 12))

export const paymentIdOf = (reference: string): string => `pay_${reference}`
export const referenceOf = (paymentId: string): string => paymentId.slice('pay_'.length)

/** DE37 of a payment's messages on the card network, its retrieval reference: the twelve characters of chance. */
export const retrievalReference = (paymentId: string): string =>
  referenceOf(paymentId).slice(merchantCodeLength, bodyLength)

/** The payment of a merchant that a retrieval reference names. */
export const paymentIdByRetrieval = (merchantId: string, retrieval: string): string =>
  paymentIdOf(withCheck(merchantCode(merchantId) + retrieval))

/** The merchant whose code a reference begins with. */
export const merchantIdOf = (reference: string): string => `mer_${reference.slice(0, merchantCodeLength)}`

/** The transfer text in the QR (62.08): 20 of the 25 characters allowed. */
export const transferText = (reference: string): string => transferPrefix + reference

/** True when the 18 characters are Crockford base32 with a right check character. */
export const isReference = (text: string): boolean =>
  text.length === bodyLength + 1 && isBase32(text.slice(0, bodyLength)) && isChecked(text)

/**
 * Every reference in a transfer text, in order. Banks put the text between words of their own, change case, and drop or
 * add spaces and punctuation, so only letters and digits are looked at; the check character refuses what was mistyped.
 */
export function findReferences(content: string): string[] {
  const text = content.toUpperCase().replace(/[^0-9A-Z]/g, '')
  const found = new Set<string>()
  for (let at = text.indexOf(transferPrefix); at >= 0; at = text.indexOf(transferPrefix, at + 1)) {
    const start = at + transferPrefix.length
    const candidate = text.slice(start, start + bodyLength + 1)
    if (isReference(candidate)) found.add(candidate)
  }
  return [...found]
}

const nearMax = 3
const length = bodyLength + 1

/**
 * What stands where a reference should and fails its check: mistyped, with a character too many or too few. Kept where
 * the text itself must not be, so it has to look like one of ours and like nothing personal: letters and digits
 * alternate as in no name, telephone or account number. The few references that happen not to are passed over.
 */
export function findNearReferences(content: string): string[] {
  const text = content.toUpperCase().replace(/[^0-9A-Z]/g, '')
  const words = content.toUpperCase().split(/[^0-9A-Z]+/)
  const found = new Set<string>()
  for (const { index } of text.matchAll(/TN/g)) {
    const start = index + transferPrefix.length
    found.add(text.slice(start, start + length))
  }
  for (const word of words)
    if (!word.startsWith(transferPrefix) && Math.abs(word.length - length) <= 1)
      found.add(word.slice(0, length))
  return [...found].filter((one) => looksLikeOurs(one) && !isReference(one)).slice(0, nearMax)
}

/** At most two characters are not of the alphabet (O typed for 0, I for 1). */
const looksLikeOurs = (text: string): boolean =>
  Math.abs(text.length - length) <= 1 &&
  (text.match(/[ILOU]/g) ?? []).length <= 2 &&
  (text.match(/\d(?=[A-Z])|[A-Z](?=\d)/g) ?? []).length >= 4

const referenceChance = 12

/** What a bill on paper asks the payer to write: the biller, and the first characters of the bill's id in place of chance. */
export const paperReference = (billerId: string, billId: string): string =>
  withCheck(merchantCode(billerId) + billId.slice('bil_'.length, 'bil_'.length + referenceChance))

/** How the id of the bill begins that a reference would name, if it stands on paper. */
export const billIdStart = (reference: string): string =>
  `bil_${reference.slice(merchantCodeLength, bodyLength)}`

/** The payment that is made of money which names a bill on paper, or is over another payment: one a credit and biller. */
export const creditReference = (billerId: string, creditId: string): string =>
  withCheck(merchantCode(billerId) + creditId.slice('crd_'.length, 'crd_'.length + referenceChance))

/** The payment that a mandate's debit pays: named by a hash of the mandate, the bill and the announcement. */
export const debitReference = (billerId: string, hash: Uint8Array): string =>
  withCheck(merchantCode(billerId) + base32(hash, referenceChance))

const refundChance = 8

/** A refund's id: `ref_`, the reference of its payment, and eight characters of chance. It names its payment by itself. */
export const newRefundId = (paymentId: string, chance: Chance): string =>
  `ref_${referenceOf(paymentId)}${base32(chance('refund', 5), refundChance)}`

/** The refund of what was not handed out: there is one a payment. */
export const fulfillmentRefundId = (paymentId: string): string =>
  `ref_${referenceOf(paymentId)}${'0'.repeat(refundChance)}`

/** The refund of what a bill could not take: there is one a bill of the payment, numbered from 0. */
export const billRefundId = (paymentId: string, bill: number): string =>
  `ref_${referenceOf(paymentId)}B${String(bill + 1).padStart(refundChance - 1, '0')}`

/** A dispute's id: `dsp_`, the reference of its payment, and eight characters of chance. */
export const newDisputeId = (paymentId: string, chance: Chance): string =>
  `dsp_${referenceOf(paymentId)}${base32(chance('dispute', 5), refundChance)}`

/** Of a dispute's id, too. */
export const paymentOfRefund = (refundId: string): string =>
  paymentIdOf(refundId.slice('ref_'.length, 'ref_'.length + length))

/** A complaint's id: `cpl_`, the reference of its payment, and eight characters of chance. */
export const newComplaintId = (paymentId: string, chance: Chance): string =>
  `cpl_${referenceOf(paymentId)}${base32(chance('complaint', 5), refundChance)}`

export const paymentOfComplaint = (complaintId: string): string =>
  paymentIdOf(complaintId.slice('cpl_'.length, 'cpl_'.length + length))

/** The refund that a complaint leads to has its characters: there is one, however often it is asked for. */
export const refundOfComplaint = (complaintId: string): string => `ref_${complaintId.slice('cpl_'.length)}`
export const complaintOfRefund = (refundId: string): string => `cpl_${refundId.slice('ref_'.length)}`
