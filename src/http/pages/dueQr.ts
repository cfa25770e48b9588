// The QR that a payment waits for now: its own, or, once a part has come, one for what is still due.
import { subtract } from '../../domain/core/money.ts'
import type { OpenedQrPayment } from '../../domain/payments/qrPayment.ts'
import { referenceOf, transferText } from '../../domain/payments/reference.ts'
import { writeVietQr } from '../../domain/qr/writeVietQr.ts'

export const remainderOf = ({ due, received }: OpenedQrPayment) => subtract(due, received)

export const isPartlyPaid = ({ status, received }: OpenedQrPayment): boolean =>
  status === 'pending' && received.minor > 0n

export const duePayload = (paymentId: string, payment: OpenedQrPayment): string =>
  isPartlyPaid(payment) && payment.payUrl === undefined
    ? writeVietQr({
        ...payment.payTo,
        amount: remainderOf(payment).minor.toString(),
        purpose: transferText(referenceOf(paymentId)),
      })
    : payment.payload
