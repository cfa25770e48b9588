// The payouts of a business date, or of one of its cuts, as one message to the bank: its name, and the groups that are carried out together.
import type { Digest } from '../core/eventHash.ts'
import type { PayoutAccount } from './payout.ts'

/** A payout as it is in the file. `amount`: minor units. */
export type FiledPayout = PayoutAccount & {
  readonly endToEndId: string
  readonly merchantId: string
  readonly businessDate: string
  readonly currency: string
  readonly amount: bigint
  readonly valueDate: string
  readonly requestedAt: string
}

/** A file of a business date; with `cut`, of those of its payouts that are to be carried out the same day. */
export type PayoutFileName = { readonly businessDate: string; readonly cut?: number }

/** Payouts of one currency and value date. */
export type PayoutGroup = {
  readonly paymentInformationId: string
  readonly currency: string
  readonly valueDate: string
  readonly payouts: readonly FiledPayout[]
}

export type PayoutMessage = {
  readonly messageId: string
  readonly businessDate: string
  readonly createdAt: string
  readonly groups: readonly PayoutGroup[]
}

/** The message of at least one payout. The same payouts give the same message, and others give one of another name. */
export function payoutMessage(
  { businessDate, cut }: PayoutFileName,
  payouts: readonly FiledPayout[],
  digest: Digest,
): PayoutMessage {
  const named = payouts.map(({ endToEndId, amount, currency }) => `${endToEndId} ${amount} ${currency}`)
  const of = businessDate.replaceAll('-', '') + (cut === undefined ? '' : `C${cut}`)
  const messageId = `TN${of}-${fingerprint(named.join('\n'), digest)}`
  const keys = [...new Set(payouts.map(keyOf))].sort()
  return {
    messageId,
    businessDate,
    createdAt: payouts.reduce((latest, one) => (one.requestedAt > latest ? one.requestedAt : latest), ''),
    groups: keys.map((key, index) => {
      const own = payouts.filter((one) => keyOf(one) === key)
      const { currency, valueDate } = own[0]!
      return { paymentInformationId: `${messageId}-${index + 1}`, currency, valueDate, payouts: own }
    }),
  }
}

const keyOf = ({ valueDate, currency }: FiledPayout): string => `${valueDate} ${currency}`

/** Letters and digits only: a message id travels through many systems. */
const fingerprint = (text: string, digest: Digest): string =>
  digest(text)
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 16)

/** The file that a message id names. */
export function fileOfMessage(messageId: string): PayoutFileName | undefined {
  const [, year, month, day, cut] =
    /^TN(\d{4})(\d\d)(\d\d)(?:C(\d{1,15}))?-[0-9A-Za-z]{16}$/.exec(messageId) ?? []
  if (year === undefined) return undefined
  return { businessDate: `${year}-${month}-${day}`, ...(cut !== undefined && { cut: Number(cut) }) }
}
