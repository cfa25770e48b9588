// The code that an order is picked up with: derived from the payment, kept nowhere.
import type { OpenedPayment } from '../domain/payments/payment.ts'
import { isOpen } from '../domain/pos/fulfillment.ts'
import type { Services } from './services.ts'

type Secrets = Pick<Services, 'crypto' | 'settings'>

/** Eight digits. */
export function pickupCode(paymentId: string, { crypto, settings }: Secrets): string {
  const bytes = crypto.hmac(settings.masterKey, 'pickup\0', paymentId).subarray(0, 6)
  const number = bytes.reduce((value, byte) => value * 256 + byte, 0)
  return (number % 100_000_000).toString().padStart(8, '0')
}

/** The code while the order waits to be picked up, for its payer and its merchant; undefined at any other time. */
export const waitingCode = (
  paymentId: string,
  { fulfillment }: Pick<OpenedPayment, 'fulfillment'>,
  secrets: Secrets,
): string | undefined =>
  fulfillment?.mode === 'pickup' && isOpen(fulfillment) ? pickupCode(paymentId, secrets) : undefined
