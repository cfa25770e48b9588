// The process matchCredits: whatever a crash cut off between a credit's arrival and its payment is finished here.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import { type CreditMatcher, leaveUnapplied } from './matchCredit.ts'
import type { QrPaymentEvent } from './qrPayment.ts'

type Ports = Pick<Gateway, 'credits'> & {
  readonly matchCredit: CreditMatcher
}
type Ended = Extract<QrPaymentEvent, { type: 'PaymentExpired' | 'PaymentCanceled' }>

const concerned = new Set(['CreditReceived', 'PaymentExpired', 'PaymentCanceled'])

/** Whether the process has anything to do about an event. */
export const concernsCredits = ({ type }: Recorded): boolean => concerned.has(type)

/** What to do about one event. Doing it again changes nothing. */
export const creditProcess =
  ({ credits, matchCredit }: Ports) =>
  async (event: Recorded): Promise<void> => {
    if (event.type === 'CreditReceived') {
      await matchCredit(event.stream.slice('credit-'.length))
      return
    }
    const { released } = (event as unknown as Ended).data
    const paymentId = event.stream.slice('payment-'.length)
    for (const { creditId, applied } of released)
      await leaveUnapplied({ credits }, creditId, 'underpaid', applied, paymentId)
  }
