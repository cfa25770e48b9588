// /v1/webhook-endpoints/{id}/messages and /replay: what an endpoint was or will be told, by number, and told again.
import { z } from '@hono/zod-openapi'
import type { Lane } from '../domain/webhooks/delivery.ts'
import { messageTypes } from '../domain/webhooks/messageTypes.ts'
import { endpoint } from './endpoint.ts'
import { accepted, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { instant } from './schemas.ts'
import { ownEndpoint, params } from './webhookEndpoints.ts'
import { webhookEndpointId } from './webhookEndpointView.ts'
import { messageView } from './webhookMessage.ts'

const replaysMax = 10
const replayedMax = 100_000

const sequence = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

const MessageView = z
  .object({
    type: z.enum(messageTypes),
    timestamp: instant,
    id: z.string(),
    endpointId: webhookEndpointId,
    sequence: z.int().openapi({ description: 'From 1, without a gap' }),
    previousId: z.string().nullable().openapi({ description: 'The id of the message before' }),
    data: z.record(z.string(), z.unknown()),
    delivery: z.object({
      status: z.enum(['delivered', 'retrying', 'pending']),
      failedAttempts: z.int(),
      nextAttemptAt: instant.optional(),
      lastFailure: z.string().optional(),
    }),
  })
  .openapi('WebhookMessage')

/** How far the endpoint has come, whichever messages were asked for. */
const DeliveryView = z.object({
  lastSequence: z.int().openapi({ description: 'The number of the newest message' }),
  nextSequence: z.int().openapi({ description: 'The message to deliver next; all before are delivered' }),
  replaysWaiting: z.int(),
})

function deliveryOf(sequence: number, lane: Lane | undefined) {
  if (!lane || sequence > lane.next) return { status: 'pending', failedAttempts: 0 } as const
  if (sequence < lane.next) return { status: 'delivered', failedAttempts: 0 } as const
  if (lane.failed === 0) return { status: 'pending', failedAttempts: 0 } as const
  const nextAttemptAt = new Date(lane.notBefore).toISOString()
  return {
    status: 'retrying',
    failedAttempts: lane.failed,
    nextAttemptAt,
    ...(lane.lastFailure !== null && { lastFailure: lane.lastFailure }),
  } as const
}

const listMessages = endpoint({
  method: 'get',
  path: '/v1/webhook-endpoints/{id}/messages',
  summary: 'Pull messages by number',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  query: z.strictObject({
    from: sequence.default(1),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: {
    status: 200,
    description: 'Messages in order, as they are delivered; `nextFrom` is null at the end',
    schema: z.object({ data: z.array(MessageView), nextFrom: z.int().nullable(), delivery: DeliveryView }),
  },
  run: async ({ params, query: { from, limit }, caller }, services) => {
    const { state } = await ownEndpoint(params.id, caller, services)
    const { queue } = services.webhooks
    const lane = queue.lane(params.id, 'live')
    const found = queue.messages(params.id, from, limit + 1)
    const { readStream, settings } = services
    const ports = { readStream, publicUrl: settings.publicUrl }
    const data = await Promise.all(
      found.slice(0, limit).map(async (message) => ({
        ...(await messageView(message, state.payload, ports)),
        delivery: deliveryOf(message.sequence, lane),
      })),
    )
    const delivery = {
      lastSequence: queue.lastSequence(params.id),
      nextSequence: lane?.next ?? 1,
      replaysWaiting: queue.replays(params.id).length,
    }
    return { status: 200, body: { data, nextFrom: found[limit]?.sequence ?? null, delivery } }
  },
})

const replay = endpoint({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/replay',
  summary: 'Deliver messages again',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  body: z.strictObject({
    from: z.int().min(1),
    to: z.int().min(1).optional().openapi({ description: '`from`, unless said' }),
  }),
  reply: {
    status: 202,
    description: 'They will be delivered beside newer ones, with the same ids, marked as a replay',
    schema: z.object({ from: z.int(), to: z.int(), count: z.int() }),
  },
  problems: ['webhook_endpoint_disabled', 'webhook_replays_exceeded', 'version_differs'],
  run: async ({ params, body: { from, to = from }, caller, metadata, ifVersion }, services) => {
    await ownEndpoint(params.id, caller, services)
    const { gateway, webhooks, now } = services
    const fault = rangeFault(from, to, webhooks.queue.lastSequence(params.id))
    if (fault !== undefined) throw invalid({ pointer: '/to', detail: fault })
    if (webhooks.queue.replays(params.id).length >= replaysMax) throw new Problem('webhook_replays_exceeded')
    const data = { from, to, requestedAt: now().toISOString() }
    const request = { type: 'RequestWebhookReplay', data } as const
    const { version, replayed } = accepted(
      await gateway.webhookEndpoints.handle(params.id, request, metadata, ifVersion),
    )
    return reply(202, { from, to, count: to - from + 1 }, { version, replayed })
  },
})

/** Why a range cannot be replayed, undefined when it can. */
export function rangeFault(from: number, to: number, last: number): string | undefined {
  if (to < from) return 'The range ends before it begins.'
  if (to > last) return `The last message is number ${last}.`
  return to - from >= replayedMax ? `At most ${replayedMax} messages at once.` : undefined
}

export const webhookMessageEndpoints = [listMessages, replay]
