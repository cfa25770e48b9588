// The process matchCredits: whatever a crash cut off between a credit's arrival and its payment is finished here.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditEvent } from './credit.ts'
import { type CreditMatcher, leaveUnapplied } from './matchCredit.ts'
import type { QrPaymentEvent } from './qrPayment.ts'
import { recheckMatched, rematchCredit } from './rematchCredit.ts'

type Ports = Pick<Gateway, 'credits' | 'payments'> & {
  readonly matchCredit: CreditMatcher
}
type Matched = Extract<CreditEvent, { type: 'CreditMatched' }>
type Ended = Extract<QrPaymentEvent, { type: 'PaymentExpired' | 'PaymentCanceled' }>

const concerned = new Set([
  'CreditReceived',
  'CreditReread',
  'CreditMatched',
  'PaymentExpired',
  'PaymentCanceled',
])

/** Whether the process has anything to do about an event. */
export const concernsCredits = ({ type }: Recorded): boolean => concerned.has(type)

/** What to do about one event. Doing it again changes nothing. */
export const creditProcess =
  (ports: Ports) =>
  async (event: Recorded): Promise<void> => {
    const creditId = event.stream.slice('credit-'.length)
    if (event.type === 'CreditReread') return rematchCredit(ports, creditId)
    if (event.type === 'CreditMatched')
      return recheckMatched(ports, creditId, (event as unknown as Matched).data)
    if (event.type === 'CreditReceived') {
      await ports.matchCredit(creditId)
      return
    }
    const { released } = (event as unknown as Ended).data
    const paymentId = event.stream.slice('payment-'.length)
    for (const { creditId, applied } of released)
      await leaveUnapplied(ports, creditId, 'underpaid', applied, paymentId)
  }
