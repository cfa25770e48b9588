// Where a payment's receipt is read: a link that nobody can guess, with nothing personal in it.
import { base32 } from '../domain/core/base32.ts'
import type { OpenedPayment } from '../domain/payments/payment.ts'
import type { Services } from './services.ts'

type Secrets = Pick<Services, 'crypto' | 'settings'>

const tokenLength = 26

/** There is a receipt once a payment was paid, whatever went back since, unless the sale was undone. */
export const hasReceipt = (payment: OpenedPayment): boolean =>
  payment.paidAt !== undefined && payment.status !== 'reversed'

export const receiptToken = (paymentId: string, { crypto, settings }: Secrets): string =>
  base32(crypto.hmac(settings.masterKey, 'receipt\0', paymentId), tokenLength)

/** `form`: '' for the page, else `.pdf` or `.json`. */
export const receiptUrl = (paymentId: string, secrets: Secrets, form = ''): string =>
  `${secrets.settings.publicUrl}/v1/receipts/${paymentId}${form}?token=${receiptToken(paymentId, secrets)}`
