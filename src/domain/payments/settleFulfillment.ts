// Gives back what was paid and did not come out, or says why a person must.
import { accept, type Decision } from '../core/decider.ts'
import { isZero, type MoneyData, toData } from '../core/money.ts'
import * as card from '../pos/cardPayment.ts'
import type { CardPaymentEvent } from '../pos/cardPaymentEvents.ts'
import { takenBy } from '../pos/fulfillment.ts'
import { consequenceOf } from '../pos/fulfillmentConsequence.ts'
import type { Fulfillment, FulfillmentEvent } from '../pos/fulfillmentEvents.ts'
import { fundsOf } from './funds.ts'
import type { OpenedPayment } from './payment.ts'
import type { QrPaymentEvent } from './qrPayment.ts'
import * as qr from './qrPayment.ts'

export type Settlement = {
  readonly refundId: string
  /** Of a payment by QR, the credits whose sender's account is known. */
  readonly senders: readonly string[]
  /** Whether money can go back at all, the way this payment came. */
  readonly wayBack: boolean
  readonly at: string
}

type SettlementDecision = Decision<QrPaymentEvent | CardPaymentEvent | FulfillmentEvent, never>

/** Once a person has been asked to act, nothing moves by itself any more. */
export function settle(
  { refundId, senders, wayBack, at }: Settlement,
  payment: OpenedPayment & { readonly fulfillment: Fulfillment },
): SettlementDecision {
  const { fulfillment } = payment
  if (fulfillment.unsettled) return accept()
  const unsettled = (reason: string, amount: MoneyData): SettlementDecision =>
    accept({ type: 'FulfillmentUnsettled', data: { reason, amount, noticedAt: at } })
  const taken = takenBy(fulfillment)
  if (taken && !isZero(taken) && payment.method === 'card' && payment.completion === 'refused')
    return unsettled('completion_refused', toData(taken))
  const consequence = consequenceOf(fulfillment, fundsOf(payment))
  if (consequence?.kind !== 'refund') return accept()
  const amount = toData(consequence.amount)
  if (!wayBack)
    return unsettled(payment.method === 'qr' ? 'transfers_unavailable' : 'cards_unavailable', amount)
  if (payment.refunds.has(refundId)) return unsettled('refund_failed', amount) // or there were nothing to give back
  const refund = { refundId, amount, reason: reasonOf(fulfillment), requestedAt: at }
  const decision: Decision<QrPaymentEvent | CardPaymentEvent, string> =
    payment.method === 'qr'
      ? qr.decide({ type: 'RequestRefund', data: { ...refund, senders } }, payment)
      : card.decide({ type: 'RequestRefund', data: refund }, payment)
  return decision.accepted ? decision : unsettled(decision.rejection, amount)
}

function reasonOf({ report, timedOut }: Fulfillment): string {
  if (timedOut) return 'No report of the machine in time'
  return report?.outcome === 'failed' ? 'Nothing was dispensed' : 'Dispensed in part'
}
