// A webhook message as it is sent and as it can be pulled: type, time, number, the message before, and what happened.

import type { Recorded } from '../domain/core/eventStore.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import type { CreditEvent } from '../domain/payments/credit.ts'
import { evolve, initialState, type PaymentEvent } from '../domain/payments/payment.ts'
import type { WebhookMessage } from '../domain/webhooks/numbering.ts'
import type { RegisteredWebhookEndpoint } from '../domain/webhooks/webhookEndpoint.ts'
import { paymentViewOf } from './paymentView.ts'

type Ports = {
  readonly readStream: (stream: string) => Promise<readonly Recorded[]>
  readonly publicUrl: string
}

/** The JSON of a message. It depends on nothing but the log, so every attempt and every replay says the same. */
export async function messageView(
  message: WebhookMessage,
  payload: RegisteredWebhookEndpoint['payload'],
  ports: Ports,
) {
  const { type, timestamp, id, endpointId, sequence, previousId, ids } = message
  const details = payload === 'full' ? await detailsOf(message, ports) : {}
  return { type, timestamp, id, endpointId, sequence, previousId, data: { ...ids, ...details } }
}

async function detailsOf(message: WebhookMessage, ports: Ports): Promise<object> {
  const { paymentId } = message.ids
  const payment = paymentId === undefined ? undefined : await paymentThen(paymentId, message, ports)
  return { ...(payment && { payment }), ...(await unappliedThen(message, ports)) }
}

/** The payment as the API showed it when the event was recorded, and not as it is now. */
async function paymentThen(
  paymentId: string,
  { position }: WebhookMessage,
  { readStream, publicUrl }: Ports,
): Promise<object | undefined> {
  const events = await readStream(`payment-${paymentId}`)
  const state = events
    .filter((event) => event.position <= position)
    .reduce((state, event) => evolve(state, event as unknown as PaymentEvent), initialState())
  return state.status === 'new' ? undefined : paymentViewOf(paymentId, state, publicUrl)
}

async function unappliedThen({ stream, version }: WebhookMessage, { readStream }: Ports): Promise<object> {
  if (!stream.startsWith('credit-')) return {}
  const event = (await readStream(stream))[version - 1] as unknown as CreditEvent
  if (event.type !== 'CreditUnapplied') return {}
  const { amount, reason, receivedAt } = event.data
  const shown = formatMoney(money(BigInt(amount.amount), amount.currency as Currency))
  return { credit: { amount: shown, currency: amount.currency, reason, receivedAt } }
}
