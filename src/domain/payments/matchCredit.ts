// Finds the payment a credit names and puts the money there, or says why it cannot. Run twice, it changes nothing.
import type { PaperBillPayer } from '../bills/paperBill.ts'
import type { Metadata } from '../core/eventStore.ts'
import { fromData, isZero, type MoneyData, subtract, toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import type { ReceivedCredit, UnappliedReason } from './credit.ts'
import { asQrPayment } from './payment.ts'
import type { QrPaymentCommand, QrPaymentRejection } from './qrPayment.ts'
import { paymentIdOf } from './reference.ts'
import type { Credit } from './takeCredit.ts'

export type Ports = Pick<Gateway, 'payments' | 'credits'> & {
  /** Money that names a bill on paper becomes a payment of what is due. */
  readonly payPaperBill?: PaperBillPayer
}

/** Where the money is: all of it on a payment, or why not. */
type CreditOutcome = 'applied' | UnappliedReason

/** What a notification is answered. `underpaid` only comes later, when the payment that took the money ends half paid. */
export type CreditAnswer = Exclude<CreditOutcome, 'underpaid'>
export const answerOf = (outcome: CreditOutcome): CreditAnswer =>
  outcome === 'underpaid' ? 'applied' : outcome

const reasons: Partial<Record<string, UnappliedReason>> = {
  payment_already_paid: 'duplicate',
  payment_expired: 'late',
  payment_canceled: 'canceled',
  credit_mismatch: 'mismatch',
  credit_released: 'underpaid',
} satisfies Partial<Record<QrPaymentRejection, UnappliedReason>>

/** The outcome of a credit by its id; who has just loaded the credit hands it over. */
export type CreditMatcher = (creditId: string, known?: ReceivedCredit) => Promise<CreditOutcome>

/** Too many others are writing to the same payment: the process tries again, nothing is lost. */
export class MatchingBusy extends Error {
  override name = 'MatchingBusy'
}

/**
 * `matchCredit(id)`: the credit's outcome, deciding it first where that is still to do. Requests and the catch-up process
 * may ask for the same credit at once or soon after: they share one attempt, and its answer.
 */
export function creditMatcher(ports: Ports): CreditMatcher {
  const lately = new Map<string, Promise<CreditOutcome>>()
  return (creditId, known) => {
    const earlier = lately.get(creditId)
    if (earlier) return earlier
    const attempt = matchOnce(ports, creditId, known)
    attempt.catch(() => lately.delete(creditId)) // to be tried again
    lately.set(creditId, attempt)
    if (lately.size > latelyMax) lately.delete(lately.keys().next().value!)
    return attempt
  }
}

/** The process reads about a credit soon after its request: what was decided is remembered so long, and not looked up. */
const latelyMax = 1_000

async function matchOnce(ports: Ports, creditId: string, known?: ReceivedCredit): Promise<CreditOutcome> {
  const credit = known ?? (await ports.credits.load(creditId)).state
  if (credit.status === 'new') throw new Error(`no such credit: ${creditId}`)
  if (credit.reason) return credit.reason
  for (const reference of credit.references) {
    const outcome = await tryPayment(ports, creditId, credit, paymentIdOf(reference))
    if (outcome) return outcome
  }
  for (const reference of credit.references) {
    const outcome = await tryPaperBill(ports, creditId, credit, reference)
    if (outcome) return outcome
  }
  return leaveUnapplied(ports, creditId, 'unmatched', credit.amount)
}

async function tryPaperBill(
  ports: Ports,
  creditId: string,
  credit: ReceivedCredit,
  reference: string,
): Promise<CreditOutcome | undefined> {
  const asked = await ports.payPaperBill?.(creditId, credit, reference)
  if (!asked) return undefined
  return 'reason' in asked
    ? leaveUnapplied(ports, creditId, asked.reason, credit.amount)
    : tryPayment(ports, creditId, credit, asked.paymentId)
}

/** The command that offers a credit to a payment, and its metadata. */
export const applyCredit = (
  creditId: string,
  {
    connectorId,
    bankBin,
    accountNumber,
    amount,
    payerHash,
    occurredAt,
    receivedAt,
  }: Omit<Credit, 'creditId'>,
): [QrPaymentCommand, Metadata] => {
  const payer = payerHash === undefined ? {} : { payerHash }
  const money = { connectorId, bankBin, accountNumber, amount, ...payer }
  return [
    { type: 'ApplyCredit', data: { creditId, ...money, occurredAt, receivedAt } },
    { actor: 'matchCredits', correlationId: creditId },
  ]
}

/** The outcome of offering a credit to a payment, undefined when there is no such payment. */
async function tryPayment(
  ports: Ports,
  creditId: string,
  credit: ReceivedCredit,
  paymentId: string,
): Promise<CreditOutcome | undefined> {
  const { amount } = credit
  const outcome = await ports.payments.handle(paymentId, ...applyCredit(creditId, credit))
  if (outcome.ok) {
    const applied = asQrPayment(outcome.state)?.credits.get(creditId)
    if (!applied) throw new Error(`${paymentId} took ${creditId} and does not hold it`)
    const excess = subtract(fromData(amount), applied)
    if (isZero(excess)) return 'applied'
    return leaveUnapplied(ports, creditId, 'overpaid', toData(excess), paymentId)
  }
  if (outcome.rejection === 'payment_not_found') return undefined
  const reason = reasons[outcome.rejection]
  if (!reason) throw new MatchingBusy(`${paymentId}: ${outcome.rejection}`)
  return leaveUnapplied(ports, creditId, reason, amount, paymentId)
}

/** Records what no payment holds. The first record of a credit stands; its reason is the answer. */
export async function leaveUnapplied(
  { credits }: Pick<Ports, 'credits'>,
  creditId: string,
  reason: UnappliedReason,
  amount: MoneyData,
  paymentId?: string,
): Promise<CreditOutcome> {
  const leftover = paymentId === undefined ? { reason, amount } : { reason, amount, paymentId }
  const command = { type: 'LeaveUnapplied', data: leftover } as const
  const outcome = await credits.handle(creditId, command, { actor: 'matchCredits' })
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
  if (!outcome.ok) throw new Error(`${creditId} cannot be left unapplied: ${outcome.rejection}`)
  return (outcome.state.status !== 'new' && outcome.state.reason) || reason
}
