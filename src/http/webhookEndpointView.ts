// A webhook endpoint as the API shows it; with its secret only in the answer that makes one.
import { z } from '@hono/zod-openapi'
import { messageTypes } from '../domain/webhooks/messageTypes.ts'
import {
  disabledReasons,
  payloads,
  type RegisteredWebhookEndpoint,
  signatures,
} from '../domain/webhooks/webhookEndpoint.ts'
import { id, instant } from './schemas.ts'
import type { Services } from './services.ts'

export const webhookEndpointId = id('whe', 'whe_7K3MA9QZXW4F2P8R')

export const EndpointView = z
  .object({
    id: webhookEndpointId,
    url: z.string(),
    events: z.array(z.enum(messageTypes)),
    payload: z.enum(payloads),
    signature: z.enum(signatures),
    status: z.enum(['enabled', 'disabled']),
    disabledReason: z.enum(disabledReasons).optional(),
    disabledAt: instant.optional(),
    publicKey: z.string().optional().openapi({ description: '`whpk_…`, of v1a endpoints' }),
    previousSecretUntil: instant
      .optional()
      .openapi({ description: 'Until then messages carry its signature too' }),
    createdAt: instant,
  })
  .openapi('WebhookEndpoint')
const secret = z.string().optional().openapi({ description: '`whsec_…`, of v1 endpoints; not shown again' })
export const EndpointWithSecret = EndpointView.extend({ secret })

export function view(endpointId: string, state: RegisteredWebhookEndpoint, { webhooks }: Services) {
  const { url, events, payload, signature, status, disabled, generation, registeredAt } = state
  const [previous] = state.retiring
  return {
    id: endpointId,
    url,
    events,
    payload,
    signature,
    status,
    ...(disabled && { disabledReason: disabled.reason, disabledAt: disabled.disabledAt }),
    ...(signature === 'v1a' && { publicKey: webhooks.keyText(endpointId, generation, signature) }),
    ...(previous && { previousSecretUntil: previous.until }),
    createdAt: registeredAt,
  }
}

/** The view with the secret of its newest generation, where that is a secret. */
export function viewWithSecret(endpointId: string, state: RegisteredWebhookEndpoint, services: Services) {
  const { signature, generation } = state
  const shown = view(endpointId, state, services)
  return signature === 'v1'
    ? { ...shown, secret: services.webhooks.keyText(endpointId, generation, signature) }
    : shown
}
