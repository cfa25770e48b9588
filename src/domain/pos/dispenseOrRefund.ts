// The process dispenseOrRefund: what was paid and did not come out goes back by itself, or a person is told why it does not.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import { fulfillmentRefundId } from '../payments/reference.ts'
import { sendersOf } from '../payments/refundSenders.ts'

type Ports = Pick<Gateway, 'payments' | 'credits'> & {
  readonly now: () => Date
  /** Whether money can be sent out, to accounts and to cards. */
  readonly canSend: boolean
  readonly takesCards: boolean
}

/** Whether the process has anything to do about an event. */
export const concernsFulfillment = ({ type }: Recorded): boolean => concerned.has(type)

/** A fulfillment has ended; or what followed from it came to nothing. */
const concerned: ReadonlySet<string> = new Set([
  'FulfillmentReported',
  'FulfillmentTimedOut',
  'RefundFailed',
  'CompletionRefused',
])

/** What to do about one event. A hold was captured or released with the event itself; doing it again changes nothing. */
export const fulfillmentProcess =
  ({ payments, credits, now, canSend, takesCards }: Ports) =>
  async ({ stream }: Recorded): Promise<void> => {
    const paymentId = stream.slice('payment-'.length)
    const { state: payment } = await payments.load(paymentId)
    if (payment.status === 'new') throw new Error(`no such payment: ${paymentId}`)
    if (!payment.fulfillment) return // of a payment that is not about one
    const byQr = payment.method === 'qr'
    const senders = byQr ? await sendersOf(payment, { credits }) : []
    const refundId = fulfillmentRefundId(paymentId)
    const wayBack = byQr ? canSend : takesCards
    const data = { refundId, senders, wayBack, at: now().toISOString() }
    const settle = { type: 'SettleFulfillment', data } as const
    const outcome = await payments.handle(paymentId, settle, { actor: 'dispenseOrRefund' })
    if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
    if (!outcome.ok) throw new Error(`${paymentId}: ${outcome.rejection}`)
  }
