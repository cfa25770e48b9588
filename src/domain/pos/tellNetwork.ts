// The process tellNetwork: completions, reversals and refunds are told to the card network until it acknowledges them.
import type { Gateway } from '../gateway.ts'
import { asCardPayment, type PaymentCommand } from '../payments/payment.ts'
import type { CardNetwork, NetworkAnswer } from './cardNetwork.ts'
import { type OpenAdvice, openAdvices } from './openAdvices.ts'
import { meaningOfResponse } from './responseCodes.ts'

type Ports = Pick<Gateway, 'payments'> & {
  readonly network: CardNetwork
  readonly now: () => Date
  /** Ids of payments with something to be told, longest due first; may name some that are done. */
  readonly dueCardPayments: (now: string, limit: number) => Promise<readonly string[]>
  /** Told of what could not be recorded; it is due again. */
  readonly failed: (error: unknown) => void
}

type NetworkTeller = {
  /** Begins to tell what is due and not being told; does not wait for answers. */
  readonly tellDue: () => Promise<void>
  /** Resolves when nothing is being told. */
  readonly idle: () => Promise<void>
}

const listMax = 1_000
const atOnceMax = 64
const firstPauseMs = 1_000
const longestPauseMs = 60_000

/**
 * The list of what is due, projected from the log, is its only lasting memory: after a crash everything open is told again,
 * and the network knows a repeat. Of one payment one thing is told at a time, in order. Two gateways may tell the same.
 */
export function networkTeller(ports: Ports): NetworkTeller {
  const telling = new Map<string, Promise<void>>()
  const unanswered = new Map<string, { readonly tries: number; readonly notBefore: number }>()

  async function tellDue(): Promise<void> {
    const now = ports.now()
    const due = await ports.dueCardPayments(now.toISOString(), listMax)
    for (const paymentId of due) {
      if (telling.size >= atOnceMax) return
      const waits = (unanswered.get(paymentId)?.notBefore ?? 0) > now.getTime()
      if (waits || telling.has(paymentId)) continue
      const told = tell(paymentId)
        .catch((error) => {
          wait(paymentId, unanswered.get(paymentId)?.tries ?? 0)
          ports.failed(error)
        })
        .finally(() => telling.delete(paymentId))
      telling.set(paymentId, told)
    }
  }

  async function tell(paymentId: string): Promise<void> {
    for (;;) {
      const payment = asCardPayment((await ports.payments.load(paymentId)).state)
      const [next] = payment ? openAdvices(paymentId, payment) : []
      if (!next) return void unanswered.delete(paymentId)
      const tries = unanswered.get(paymentId)?.tries ?? 0
      const conclusion = conclude(next, await send(ports.network, next, tries > 0), ports.now().toISOString())
      if (!conclusion) return wait(paymentId, tries)
      const outcome = await ports.payments.handle(paymentId, conclusion, { actor: 'tellNetwork' })
      if (!outcome.ok) throw new Error(`${paymentId}: the network's answer was ${outcome.rejection}`)
      unanswered.delete(paymentId)
    }
  }

  function wait(paymentId: string, tries: number): void {
    const pauseMs = Math.min(firstPauseMs * 2 ** tries, longestPauseMs)
    unanswered.set(paymentId, { tries: tries + 1, notBefore: ports.now().getTime() + pauseMs })
  }

  const idle = async () => void (await Promise.all(telling.values()))
  return { tellDue, idle }
}

function send(network: CardNetwork, open: OpenAdvice, repeat: boolean): Promise<NetworkAnswer> {
  switch (open.kind) {
    case 'completion':
      return network.complete({ ...open.advice, repeat })
    case 'reversal':
      return network.reverse({ ...open.advice, repeat })
    case 'refund':
      return network.refund({ ...open.advice, repeat })
  }
}

/** "Not found": there is nothing to reverse. */
const recordNotFound = '25'

/** What an answer brings an advice to; undefined where it must be told again. */
function conclude(open: OpenAdvice, answer: NetworkAnswer, at: string): PaymentCommand | undefined {
  if (answer.status === 'no_answer') return undefined
  const { responseCode } = answer
  const meaning = meaningOfResponse(responseCode).class
  const yes = meaning === 'approved'
  if (open.kind === 'reversal')
    return yes || responseCode === recordNotFound
      ? { type: 'AcknowledgeReversal', data: { reversal: open.reversal, at } }
      : undefined // a reversal is never given up
  if (meaning === 'retryable' || meaning === 'unknown') return undefined
  if (open.kind === 'completion') {
    const { captureId } = open
    return yes
      ? { type: 'AcknowledgeCompletion', data: { captureId, at } }
      : { type: 'RefuseCompletion', data: { captureId, responseCode, at } }
  }
  const { refundId } = open
  return yes
    ? { type: 'CompleteRefund', data: { refundId, at } }
    : { type: 'FailRefund', data: { refundId, reason: `response code ${responseCode}`, at } }
}
