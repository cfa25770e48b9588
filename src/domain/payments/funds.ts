// What there is of a payer's money, whichever way the payment is made.
import { isZero, type Money, subtract } from '../core/money.ts'
import { isReversing, refundableRest } from '../pos/cardPaymentState.ts'
import type { Funds } from '../pos/fulfillmentConsequence.ts'
import type { OpenedPayment } from './payment.ts'
import type { OpenedQrPayment } from './qrPayment.ts'
import { holdsMoney } from './transfer.ts'

/** Undefined where the money is not there, not there yet, or on its way back; or the network did not honor its capture. */
export function fundsOf(payment: OpenedPayment): Funds | undefined {
  if (payment.method === 'qr') return paid(qrRest(payment))
  if (isReversing(payment) || payment.completion === 'refused') return undefined
  if (payment.status === 'authorized') return { amount: payment.authorized, held: true }
  return payment.captured && payment.status !== 'reversed' ? paid(refundableRest(payment)) : undefined
}

const paid = (amount: Money | undefined): Funds | undefined =>
  amount && !isZero(amount) ? { amount, held: false } : undefined

const qrRest = ({ paidAt, received, refunds }: OpenedQrPayment): Money | undefined =>
  paidAt === undefined
    ? undefined
    : [...refunds.values()]
        .flatMap(({ transfers }) => transfers)
        .filter(holdsMoney)
        .reduce((rest, { amount }) => subtract(rest, amount), received)
