// What a receipt says, whether it is shown or printed: one content for the page and the PDF.
import { fromData, isZero, type Money } from '../../../domain/core/money.ts'
import type { RegisteredMerchant } from '../../../domain/merchants/merchant.ts'
import type { RegisteredSite } from '../../../domain/merchants/site.ts'
import { type OpenedPayment, receivedOf } from '../../../domain/payments/payment.ts'
import { referenceOf } from '../../../domain/payments/reference.ts'
import { refundedOf } from '../../../domain/pos/cardPaymentState.ts'
import { formatVolume } from '../../../domain/pos/volume.ts'
import { receiptUrl } from '../../receiptUrl.ts'
import type { Services } from '../../services.ts'
import { billLines } from '../bills/billLines.ts'
import { showMoney, showTime } from '../format.ts'
import type { Language } from '../language.ts'
import type { Texts } from '../texts.ts'

export type Receipt = {
  readonly language: Language
  readonly title: string
  readonly seller: readonly string[]
  readonly amount: string
  readonly lines: readonly { readonly label: string; readonly value: string }[]
  /** A QR that leads to the proof that the payment was recorded, once its day is sealed; before that, only what to say. */
  readonly proof: { readonly url?: string; readonly note: string }
  readonly notes: readonly string[]
  readonly paidAt: string
}

type Sold = {
  readonly paymentId: string
  readonly payment: OpenedPayment
  readonly merchant: RegisteredMerchant
  readonly site: RegisteredSite
  readonly isSealed: boolean
}

/** Of a payment that was paid, whatever went back since. */
export function receiptOf(
  { paymentId, payment, merchant, site, isSealed }: Sold,
  { receipt: texts, bills }: Texts,
  language: Language,
  services: Pick<Services, 'crypto' | 'settings'>,
): Receipt {
  const paidAt = payment.paidAt!
  const back = refundedIn(payment)
  const line = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  return {
    language,
    title: texts.title,
    seller: [
      merchant.name,
      `${texts.taxCode} ${merchant.taxCode}`,
      site.name,
      `${site.address}, ${site.district}`,
    ],
    amount: showMoney(receivedOf(payment), language),
    lines: [
      ...line(texts.paidAt, showTime(paidAt, language)),
      ...line(texts.method, methodOf(payment, texts)),
      ...line(texts.approvalCode, approvalCodeOf(payment)),
      ...line(texts.description, payment.description),
      ...line(texts.orderId, payment.orderId),
      ...billLines(payment.method === 'qr' ? payment.bills : undefined, bills, language),
      ...line(texts.delivered, deliveredIn(payment, texts, language)),
      ...line(texts.refunded, isZero(back) ? undefined : showMoney(back, language)),
      ...line(texts.reference, referenceOf(paymentId)),
    ],
    proof: isSealed
      ? { url: receiptUrl(paymentId, services, '.json'), note: texts.proof }
      : { note: texts.proofLater },
    notes: [texts.noInvoice, ...(services.settings.sandbox ? [texts.sandbox] : [])],
    paidAt,
  }
}

const refundedIn = (payment: OpenedPayment): Money =>
  payment.method === 'card' ? refundedOf(payment) : payment.refunded

const methodOf = (payment: OpenedPayment, texts: Texts['receipt']): string =>
  payment.method === 'qr'
    ? texts.byQr
    : `${texts.byCard} ${payment.card.scheme ?? ''} ${payment.card.first6}******${payment.card.last4}`

const approvalCodeOf = (payment: OpenedPayment): string | undefined =>
  payment.method === 'card' ? payment.attempts.get(payment.attemptId)?.approvalCode : undefined

/** Fuel, as the pump reported it. */
function deliveredIn(
  { fulfillment }: OpenedPayment,
  texts: Texts['receipt'],
  language: Language,
): string | undefined {
  const delivery = fulfillment?.report?.delivery
  if (!delivery) return undefined
  const price = showMoney(fromData(delivery.unitPrice), language)
  return `${delivery.product}, ${formatVolume(delivery.milliliters)} l × ${price} ${texts.aLiter}`
}
