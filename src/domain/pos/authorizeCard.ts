// Asks the card network for money and records its answer. What a crash leaves open here, expiry and reversals bring to an end.
import type { HandleOptions, Outcome } from '../core/commandHandling.ts'
import type { Metadata } from '../core/eventStore.ts'
import { fromData, type Money, toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import {
  asCardPayment,
  type Payment,
  type PaymentCommand,
  type PaymentRejection,
} from '../payments/payment.ts'
import { retrievalReference } from '../payments/reference.ts'
import { acceptorOf } from './acceptor.ts'
import type { AuthorizationRequest, CardData, CardNetwork, NetworkAnswer } from './cardNetwork.ts'
import type { DataOf } from './cardPaymentEvents.ts'
import type { OpenedCardPayment } from './cardPaymentState.ts'
import { attemptIdOf, type NetworkTrace, traceOf } from './networkTrace.ts'
import { meaningOfResponse } from './responseCodes.ts'

type Ports = Pick<Gateway, 'payments'> & {
  readonly network: CardNetwork
  readonly now: () => Date
  /** A trace for a request that is sent now: no other request of this second has it. */
  readonly nextTrace: () => NetworkTrace
  /** After so long without a recorded answer the outcome is unknown: longer than the network takes to give up. */
  readonly answerMs: number
  /** Told of an answer that came late and could not be recorded; the reversal under way settles it all the same. */
  readonly lateFailed: (error: unknown) => void
}

/** What is asked for, but for what is known here only. */
export type CardRequest = Omit<DataOf<'RequestCardPayment'>, 'attemptId' | 'expiresAt' | 'requestedAt'>

type CardOutcome = Outcome<Payment, PaymentRejection>
/** `iccData`: the issuer's words to the chip (DE55), for the terminal only. */
export type Authorized = { readonly outcome: CardOutcome; readonly iccData?: string }

export type CardAuthorizer = {
  /** The payment once the network has answered, or given up. A repeat waits for the first, asks nobody, and sees the payment as it is then. */
  readonly authorize: (
    paymentId: string,
    request: CardRequest,
    metadata: Metadata,
    cardData?: CardData,
  ) => Promise<Authorized>
  /** Asks for more on top of what is held. */
  readonly increment: (
    paymentId: string,
    amount: Money,
    metadata: Metadata,
    options?: HandleOptions,
  ) => Promise<CardOutcome>
  /** The payment once no request of this process is out for it. */
  readonly settled: (paymentId: string) => Promise<Payment>
}

/** How long an issuer holds money for us, at most. */
const holdMs = 7 * 86_400_000

export function cardAuthorizer(ports: Ports): CardAuthorizer {
  const { payments, now, nextTrace, answerMs } = ports
  const out = new Map<string, Promise<unknown>>()

  async function whileOut<T>(paymentId: string, work: Promise<T>): Promise<T> {
    out.set(paymentId, work)
    try {
      return await work
    } finally {
      if (out.get(paymentId) === work) out.delete(paymentId)
    }
  }

  async function settled(paymentId: string): Promise<Payment> {
    await out.get(paymentId)?.catch(() => {}) // its caller is told
    return (await payments.load(paymentId)).state
  }

  /** A repeat is answered with the payment as it is: as it was left at first nobody had answered yet. */
  async function asItIs(paymentId: string, outcome: CardOutcome): Promise<CardOutcome> {
    await settled(paymentId)
    const { state, version } = await payments.load(paymentId)
    return outcome.ok ? { ...outcome, state, version } : outcome
  }

  const authorize: CardAuthorizer['authorize'] = async (paymentId, request, metadata, cardData) => {
    const at = now()
    const attemptId = attemptIdOf(nextTrace())
    const expiresAt = new Date(at.getTime() + answerMs).toISOString()
    const data = { ...request, attemptId, expiresAt, requestedAt: at.toISOString() }
    const command = { type: 'RequestCardPayment', data } as const
    const outcome = await payments.handle(paymentId, command, metadata, { expectNew: true })
    const payment = outcome.ok && !outcome.replayed && asCardPayment(outcome.state)
    if (!payment) return { outcome: await asItIs(paymentId, outcome) }
    const kind = request.capture === 'automatic' ? 'sale' : 'authorization'
    const asked = { kind, amount: fromData(request.amount), ...(cardData && { cardData }) } as const
    return whileOut(paymentId, ask(ports, paymentId, payment, attemptId, asked))
  }

  const increment: CardAuthorizer['increment'] = async (paymentId, amount, metadata, options) => {
    const attemptId = attemptIdOf(nextTrace())
    const data = { attemptId, amount: toData(amount), requestedAt: now().toISOString() }
    const command = { type: 'RequestIncrement', data } as const
    const outcome = await payments.handle(paymentId, command, metadata, options)
    const payment = outcome.ok && !outcome.replayed && asCardPayment(outcome.state)
    if (!payment) return asItIs(paymentId, outcome)
    const asked = { kind: 'increment', amount, original: traceOf(payment.attemptId) } as const
    return (await whileOut(paymentId, ask(ports, paymentId, payment, attemptId, asked))).outcome
  }

  return { authorize, increment, settled }
}

type Asked = Pick<AuthorizationRequest, 'kind' | 'amount' | 'cardData' | 'original'>

async function ask(
  ports: Ports,
  paymentId: string,
  payment: OpenedCardPayment,
  attemptId: string,
  asked: Asked,
): Promise<Authorized> {
  const { amount } = asked
  // The network keeps this for late answers: it must not hold what was asked, which has the card's data.
  const record = (answer: NetworkAnswer) => recordAnswer(ports, paymentId, attemptId, amount, answer)
  const request = {
    ...acceptorOf(payment),
    ...asked,
    reference: retrievalReference(paymentId),
    trace: traceOf(attemptId),
    card: payment.card,
    acceptsPartial: payment.acceptsPartial,
  }
  const answer = await ports.network.authorize(request, (late) => {
    record(late).catch(ports.lateFailed)
  })
  const outcome = await record(answer)
  const forChip = answer.status === 'answered' ? answer.iccData : undefined
  return { outcome, ...(forChip !== undefined && { iccData: forChip }) }
}

/** An answer that cannot be one to this request is none: the request is reversed. */
async function recordAnswer(
  { payments, now }: Ports,
  paymentId: string,
  attemptId: string,
  asked: Money,
  answer: NetworkAnswer,
): Promise<CardOutcome> {
  const at = now()
  const metadata = { actor: 'cardNetwork' }
  const outcome = await payments.handle(paymentId, answered(attemptId, asked, answer, at), metadata)
  if (outcome.ok || outcome.rejection !== 'approval_malformed') return outcome
  return payments.handle(paymentId, noAnswer(attemptId, at), metadata)
}

function answered(attemptId: string, asked: Money, answer: NetworkAnswer, at: Date): PaymentCommand {
  if (answer.status === 'no_answer') return noAnswer(attemptId, at)
  const { responseCode, approvalCode, amount = asked } = answer
  const meaning = meaningOfResponse(responseCode).class
  if (meaning === 'unknown') return noAnswer(attemptId, at)
  const when = at.toISOString()
  if (meaning !== 'approved')
    return { type: 'RecordDecline', data: { attemptId, responseCode, declinedAt: when } }
  if (approvalCode === undefined) return noAnswer(attemptId, at)
  const expiresAt = new Date(at.getTime() + holdMs).toISOString()
  const approval = { attemptId, amount: toData(amount), responseCode, approvalCode }
  return { type: 'RecordApproval', data: { ...approval, expiresAt, approvedAt: when } }
}

const noAnswer = (attemptId: string, at: Date): PaymentCommand => ({
  type: 'RecordNoAnswer',
  data: { attemptId, at: at.toISOString() },
})
