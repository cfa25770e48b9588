// A message as an HTTP request: body and headers of Standard Webhooks 1.0.0, with the number and the message before.
import type { WebhookMessage } from '../../domain/webhooks/numbering.ts'
import { type RegisteredWebhookEndpoint, stillSigning } from '../../domain/webhooks/webhookEndpoint.ts'
import { messageView } from '../../http/webhookMessage.ts'
import type { SigningKeys } from './signingKeys.ts'

type Ports = Parameters<typeof messageView>[2] & { readonly keys: SigningKeys; readonly now: () => Date }
type MessageRequest = { readonly headers: Readonly<Record<string, string>>; readonly body: string }
export type Compose = (
  message: WebhookMessage,
  endpoint: RegisteredWebhookEndpoint,
  isReplay: boolean,
) => Promise<MessageRequest>

/** Signed for this attempt; the body is the same in every attempt. */
export const composer =
  (ports: Ports): Compose =>
  async (message, endpoint, isReplay) => {
    const view = await messageView(message, endpoint.payload, ports)
    const body = JSON.stringify(isReplay ? { ...view, replay: true } : view)
    const now = ports.now()
    const timestamp = String(Math.floor(now.getTime() / 1_000))
    const generations = [endpoint, ...stillSigning(endpoint, now.toISOString())]
    const signatures = generations.map(({ generation }) =>
      ports.keys(message.endpointId, generation, endpoint.signature).sign(message.id, timestamp, body),
    )
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'ThuNgan-Webhooks/1',
      'webhook-id': message.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
      'thungan-sequence': String(message.sequence),
      ...(message.previousId !== null && { 'thungan-previous-id': message.previousId }),
      ...(isReplay && { 'thungan-replay': 'true' }),
    }
    return { headers, body }
  }
