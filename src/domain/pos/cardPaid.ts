// What `PaymentPaid` says of a captured card payment, and what is taken back when the sale is reversed.
import { type Charge, chargeOn } from '../core/fees.ts'
import { type Money, toData } from '../core/money.ts'
import type { EventData } from './cardPaymentEvents.ts'
import type { OpenedCardPayment } from './cardPaymentState.ts'

/** The fee is charged on what was captured, by the plan frozen at the request. */
export function paidFacts(
  amount: Money,
  paidAt: string,
  { merchantId, siteId, terminalId, method, feePlan }: OpenedCardPayment,
): EventData<'PaymentPaid'> {
  const where = terminalId === undefined ? { siteId } : { siteId, terminalId }
  return { merchantId, ...where, method, amount: toData(amount), ...chargeOn(amount, feePlan), paidAt }
}

/** The charge: on what was captured, before that on what was asked for. */
export const chargeFor = ({ captured, fee, vat, feePlan }: OpenedCardPayment): Charge =>
  captured ? chargeOn(captured.amount, feePlan) : { fee, ...(vat && { vat }) }
