// Finds the payment a credit names and moves the money there, or says why it cannot. Run twice, it changes nothing.
import type { Metadata } from '../core/eventStore.ts'
import type { Gateway } from '../gateway.ts'
import type { CreditOutcome, ReceivedCredit, UnappliedReason } from './credit.ts'
import type { QrPaymentRejection } from './qrPayment.ts'
import { paymentIdOf } from './reference.ts'

type Ports = Pick<Gateway, 'payments' | 'credits'>

const reasons: Partial<Record<QrPaymentRejection, UnappliedReason>> = {
  payment_already_paid: 'duplicate',
  payment_expired: 'late',
  payment_canceled: 'canceled',
  credit_mismatch: 'mismatch',
}

/** Too many others are writing to the same payment: the process tries again, nothing is lost. */
export class MatchingBusy extends Error {
  override name = 'MatchingBusy'
}

/**
 * `matchCredit(id)`: the credit's outcome, deciding it first where that is still to do. Requests and the catch-up process
 * may ask for the same credit at once: they share one attempt.
 */
export function creditMatcher(ports: Ports): (creditId: string) => Promise<CreditOutcome> {
  const underWay = new Map<string, Promise<CreditOutcome>>()
  return (creditId) => {
    const running = underWay.get(creditId)
    if (running) return running
    const attempt = matchOnce(ports, creditId).finally(() => underWay.delete(creditId))
    underWay.set(creditId, attempt)
    return attempt
  }
}

async function matchOnce(ports: Ports, creditId: string): Promise<CreditOutcome> {
  const { state } = await ports.credits.load(creditId)
  if (state.status === 'new') throw new Error(`no such credit: ${creditId}`)
  if (state.status === 'settled') return state.outcome
  for (const reference of state.references) {
    const paymentId = paymentIdOf(reference)
    const found = await tryPayment(ports, creditId, state, paymentId)
    if (found) return found
  }
  return settle(ports, creditId, { type: 'LeaveUnapplied', data: { reason: 'unmatched' } })
}

async function tryPayment(
  ports: Ports,
  creditId: string,
  credit: ReceivedCredit,
  paymentId: string,
): Promise<CreditOutcome | undefined> {
  const { bankBin, accountNumber, amount, occurredAt, receivedAt } = credit
  const outcome = await ports.payments.handle(
    paymentId,
    { type: 'ApplyCredit', data: { creditId, bankBin, accountNumber, amount, occurredAt, receivedAt } },
    { actor: 'matchCredits', correlationId: creditId, occurredAt },
  )
  if (outcome.ok) {
    const applied = outcome.state.status === 'new' ? undefined : outcome.state.credits.get(creditId)
    if (!applied) throw new Error(`${paymentId} took ${creditId} and does not hold it`)
    const part = { amount: applied.minor.toString(), currency: applied.currency }
    return settle(ports, creditId, { type: 'MatchCredit', data: { paymentId, applied: part } })
  }
  if (outcome.rejection === 'payment_not_found') return undefined
  const reason = reasons[outcome.rejection as QrPaymentRejection]
  if (!reason) throw new MatchingBusy(`${paymentId}: ${outcome.rejection}`)
  return settle(ports, creditId, { type: 'LeaveUnapplied', data: { reason, paymentId } })
}

type Settling = Extract<
  Parameters<Gateway['credits']['handle']>[1],
  { type: 'MatchCredit' | 'LeaveUnapplied' }
>

async function settle({ credits }: Ports, creditId: string, command: Settling): Promise<CreditOutcome> {
  const metadata: Metadata = { actor: 'matchCredits' }
  const outcome = await credits.handle(creditId, command, metadata)
  if (!outcome.ok) throw new MatchingBusy(`${creditId}: ${outcome.rejection}`)
  if (outcome.state.status === 'new') throw new Error(`no such credit: ${creditId}`)
  return outcome.state.outcome
}
