// What `PaymentPaid` says of a captured card payment, and what is taken back when the sale is reversed.
import { feeOn } from '../core/fees.ts'
import { type Money, type MoneyData, toData } from '../core/money.ts'
import type { EventData } from './cardPaymentEvents.ts'
import type { OpenedCardPayment } from './cardPaymentState.ts'

/** The fee is charged on what was captured, by the plan frozen at the request. */
export function paidFacts(
  amount: Money,
  paidAt: string,
  { merchantId, siteId, terminalId, method, feePlan }: OpenedCardPayment,
): EventData<'PaymentPaid'> {
  const where = terminalId === undefined ? { siteId } : { siteId, terminalId }
  return { merchantId, ...where, method, amount: toData(amount), fee: toData(feeOn(amount, feePlan)), paidAt }
}

/** The fee: of what was captured, before that of what was asked for. */
export const feeOf = ({ captured, fee, feePlan }: OpenedCardPayment): MoneyData =>
  captured ? toData(feeOn(captured.amount, feePlan)) : fee
