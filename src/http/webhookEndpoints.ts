// /v1/webhook-endpoints: where a merchant is told what happened to its payments, and with which secret.
import { z } from '@hono/zod-openapi'
import { newWebhookEndpointId } from '../domain/core/ids.ts'
import { messageTypes } from '../domain/webhooks/messageTypes.ts'
import {
  payloads,
  type RegisteredWebhookEndpoint,
  signatures,
  type WebhookEndpointCommand,
} from '../domain/webhooks/webhookEndpoint.ts'
import type { Caller } from './auth.ts'
import { endpoint, type Reply, type Request } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import type { Services } from './services.ts'
import {
  EndpointView,
  EndpointWithSecret,
  view,
  viewWithSecret,
  webhookEndpointId,
} from './webhookEndpointView.ts'

const endpointsMax = 20
const urlMax = 500

export const params = z.object({ id: webhookEndpointId })
type Asked = Request<typeof params, undefined, undefined>

const target = {
  url: z.string().max(urlMax).openapi({ example: 'https://shop.example/hooks/thungan' }),
  events: z
    .array(z.enum(messageTypes))
    .min(1)
    .max(messageTypes.length)
    .default([...messageTypes])
    .openapi({ description: 'All that exist today, unless said. Types that come later must be asked for.' }),
}
const EndpointBody = z.strictObject({
  ...target,
  payload: z.enum(payloads).default('thin'),
  signature: z.enum(signatures).default('v1').openapi({
    description: 'v1: HMAC-SHA256 with a shared secret. v1a: ed25519, checked with a public key.',
  }),
})

/** The endpoint, if it is the caller's own. */
export async function ownEndpoint(
  endpointId: string,
  caller: Caller | undefined,
  { gateway }: Pick<Services, 'gateway'>,
): Promise<{ state: RegisteredWebhookEndpoint; version: number }> {
  const { state, version } = await gateway.webhookEndpoints.load(endpointId)
  if (state.status === 'new' || state.merchantId !== caller?.merchantId) throw new Problem('not_found')
  return { state, version }
}

function checkedTarget({ url, events }: { url: string; events: readonly string[] }, { webhooks }: Services) {
  const fault = webhooks.urlFault(url)
  if (fault !== undefined) throw invalid({ pointer: '/url', detail: fault })
  return { url, events: messageTypes.filter((type) => events.includes(type)) }
}

const createEndpoint = endpoint({
  method: 'post',
  path: '/v1/webhook-endpoints',
  summary: 'Register a webhook endpoint',
  tag: 'Webhooks',
  access: ['merchant'],
  body: EndpointBody,
  reply: {
    status: 201,
    description: 'The endpoint and its secret or public key',
    schema: EndpointWithSecret,
  },
  problems: ['webhook_endpoints_exceeded'],
  run: async ({ body, caller, chance, metadata }, services) => {
    const { gateway, webhooks, now } = services
    const merchantId = caller!.merchantId!
    const { payload, signature } = body
    const to = checkedTarget(body, services)
    const endpointId = newWebhookEndpointId(merchantId, chance)
    const known = webhooks.queue.endpointsOf(merchantId)
    if (known.length >= endpointsMax && !known.includes(endpointId))
      throw new Problem('webhook_endpoints_exceeded')
    const data = { merchantId, ...to, payload, signature, registeredAt: now().toISOString() }
    const outcome = await gateway.webhookEndpoints.handle(
      endpointId,
      { type: 'RegisterWebhookEndpoint', data },
      metadata,
      { expectNew: true },
    )
    const { state, ...done } = accepted(outcome)
    return reply(201, viewWithSecret(endpointId, existing(state), services), done)
  },
})

const listEndpoints = endpoint({
  method: 'get',
  path: '/v1/webhook-endpoints',
  summary: "List a merchant's webhook endpoints",
  tag: 'Webhooks',
  access: ['merchant'],
  reply: {
    status: 200,
    description: 'All of them, oldest first',
    schema: z.object({ data: z.array(EndpointView), nextCursor: z.null() }),
  },
  run: async ({ caller }, services) => {
    const ids = services.webhooks.queue.endpointsOf(caller!.merchantId!)
    const views = ids.map(async (endpointId) => {
      const { state } = await ownEndpoint(endpointId, caller, services)
      return view(endpointId, state, services)
    })
    return { status: 200, body: { data: await Promise.all(views), nextCursor: null } }
  },
})

const getEndpoint = endpoint({
  method: 'get',
  path: '/v1/webhook-endpoints/{id}',
  summary: 'Read a webhook endpoint',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  reply: { status: 200, description: 'The endpoint', schema: EndpointView },
  run: async ({ params, caller }, services) => {
    const { state, version } = await ownEndpoint(params.id, caller, services)
    return reply(200, view(params.id, state, services), { version })
  },
})

/** Gives a command, as of now, to the caller's own endpoint, and shows what it became. */
async function handled(
  { params, caller, metadata, ifVersion }: Pick<Asked, 'params' | 'caller' | 'metadata' | 'ifVersion'>,
  services: Services,
  commandAt: (now: string) => WebhookEndpointCommand,
  show: typeof view | typeof viewWithSecret = view,
): Promise<Reply> {
  await ownEndpoint(params.id, caller, services)
  const command = commandAt(services.now().toISOString())
  const { state, ...done } = accepted(
    await services.gateway.webhookEndpoints.handle(params.id, command, metadata, ifVersion),
  )
  return reply(200, show(params.id, existing(state), services), done)
}

const changeEndpoint = endpoint({
  method: 'put',
  path: '/v1/webhook-endpoints/{id}',
  summary: 'Send it elsewhere, or other events',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  body: z.strictObject(target),
  reply: {
    status: 200,
    description: 'The endpoint; messages from now on are chosen anew',
    schema: EndpointView,
  },
  problems: ['version_differs'],
  run: async (request, services) => {
    const data = (changedAt: string) => ({ ...checkedTarget(request.body, services), changedAt })
    return handled(request, services, (at) => ({ type: 'ChangeWebhookEndpoint', data: data(at) }))
  },
})

const disableEndpoint = endpoint({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/disable',
  summary: 'Deliver nothing for now',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  body: z.strictObject({}),
  reply: {
    status: 200,
    description: 'The endpoint. Its messages go on being numbered',
    schema: EndpointView,
  },
  problems: ['version_differs'],
  run: (request, services) =>
    handled(request, services, (disabledAt) => ({
      type: 'DisableWebhookEndpoint',
      data: { reason: 'requested', disabledAt },
    })),
})

const enableEndpoint = endpoint({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/enable',
  summary: 'Deliver again, from where it stopped',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  body: z.strictObject({}),
  reply: { status: 200, description: 'The endpoint', schema: EndpointView },
  problems: ['version_differs'],
  run: (request, services) =>
    handled(request, services, (enabledAt) => ({ type: 'EnableWebhookEndpoint', data: { enabledAt } })),
})

const rotateSecret = endpoint({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/rotate-secret',
  summary: 'A new secret; the old one signs beside it for 24 hours',
  tag: 'Webhooks',
  access: ['merchant'],
  params,
  body: z.strictObject({}),
  reply: {
    status: 200,
    description: 'The endpoint and its new secret or public key',
    schema: EndpointWithSecret,
  },
  problems: ['webhook_secrets_exceeded', 'version_differs'],
  run: (request, services) =>
    handled(
      request,
      services,
      (rotatedAt) => ({ type: 'RotateWebhookSecret', data: { rotatedAt } }),
      viewWithSecret,
    ),
})

export const webhookEndpointEndpoints = [
  createEndpoint,
  listEndpoints,
  getEndpoint,
  changeEndpoint,
  disableEndpoint,
  enableEndpoint,
  rotateSecret,
]
