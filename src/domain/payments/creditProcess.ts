// The process matchCredits: whatever a crash cut off between a credit's arrival and its end is finished here, and policies are kept.
import type { Recorded } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import { concludeApplication } from './applyUnapplied.ts'
import type { CreditEvent } from './credit.ts'
import { type CreditMatcher, leaveUnapplied } from './matchCredit.ts'
import type { QrPaymentEvent } from './qrPayment.ts'
import { rematchCredit } from './rematchCredit.ts'
import { returnByPolicy } from './returnByPolicy.ts'

type Ports = Pick<Gateway, 'credits' | 'payments'> & {
  readonly matchCredit: CreditMatcher
  readonly now: () => Date
  /** Without a way out, money that a policy would return waits for a person. */
  readonly canSend: boolean
}
type Ended = Extract<QrPaymentEvent, { type: 'PaymentExpired' | 'PaymentCanceled' }>
type Concerning =
  | Ended
  | Extract<
      CreditEvent,
      { type: 'CreditReceived' | 'CreditUnapplied' | 'CreditReread' | 'CreditApplicationRequested' }
    >

const concerned = new Set([
  'CreditReceived',
  'CreditUnapplied',
  'CreditReread',
  'CreditApplicationRequested',
  'PaymentExpired',
  'PaymentCanceled',
])

/** Whether the process has anything to do about an event. */
export const concernsCredits = ({ type }: Recorded): boolean => concerned.has(type)

/** What to do about one event. Doing it again changes nothing. */
export const creditProcess =
  (ports: Ports) =>
  async (recorded: Recorded): Promise<void> => {
    const event = recorded as unknown as Recorded<Concerning>
    const id = event.stream.slice(event.stream.indexOf('-') + 1)
    switch (event.type) {
      case 'CreditReceived':
        await ports.matchCredit(id)
        return
      case 'CreditReread':
        return rematchCredit(ports, id)
      case 'CreditApplicationRequested':
        await concludeApplication(ports, id, event.data.applicationId)
        return
      case 'CreditUnapplied':
        if (ports.canSend) await returnByPolicy(ports, id, event)
        return
      default:
        for (const part of event.data.released) await release(ports, id, part)
    }
  }

/** What a payment let go of is unapplied, once the credit knows that the payment had taken it. */
async function release(
  ports: Ports,
  paymentId: string,
  { creditId, applied }: Ended['data']['released'][number],
): Promise<void> {
  const { state } = await ports.credits.load(creditId)
  const applications = state.status === 'new' ? [] : [...state.applications.values()]
  const open = applications.filter((one) => one.status === 'requested' && one.paymentId === paymentId)
  for (const { applicationId } of open) await concludeApplication(ports, creditId, applicationId)
  await leaveUnapplied(ports, creditId, 'underpaid', applied, paymentId)
}
