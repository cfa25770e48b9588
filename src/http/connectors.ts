// POST /v1/connectors: an operator connects a bank or a provider. A bank's secret is shown once; a provider's is never shown.
import { z } from '@hono/zod-openapi'
import {
  type Acquirer,
  acquirerKind,
  bankKinds,
  connectorKinds,
  type RegisteredConnector,
} from '../domain/connectors/connector.ts'
import type { Credentials } from '../domain/connectors/provider.ts'
import { isProviderKind, type ProviderKind, providers } from '../domain/connectors/providers.ts'
import { newConnectorId } from '../domain/core/ids.ts'
import { ConnectorBody } from './connectorBody.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { credentialsKey } from './providerAccount.ts'
import { id, idPageQuery, instant, page } from './schemas.ts'
import type { Services } from './services.ts'

const ConnectorView = z
  .object({
    id: id('con', 'con_7K3MA9QZXW4F'),
    kind: z.enum(connectorKinds),
    name: z.string(),
    createdAt: instant,
    baseUrl: z.string().optional().openapi({ description: "A provider's API" }),
    acquirer: z
      .object({ host: z.string(), port: z.int(), profile: z.string(), tls: z.boolean() })
      .optional()
      .openapi({ description: 'Where a card acquirer listens' }),
    notificationUrl: z
      .url()
      .optional()
      .openapi({ description: 'Where the bank or provider sends its notifications' }),
  })
  .openapi('Connector')

const NewConnectorView = ConnectorView.extend({
  secret: z
    .string()
    .optional()
    .openapi({ description: 'What a bank signs with (Standard Webhooks); not shown again' }),
})

const view = (
  connectorId: string,
  { kind, name, registeredAt, baseUrl, acquirer }: RegisteredConnector,
  publicUrl: string,
) => ({
  id: connectorId,
  kind,
  name,
  createdAt: registeredAt,
  ...(baseUrl !== undefined && { baseUrl }),
  ...(acquirer
    ? { acquirer }
    : { notificationUrl: `${publicUrl}/v1/connectors/${connectorId}/notifications` }),
})

const createConnector = endpoint({
  method: 'post',
  path: '/v1/connectors',
  summary: 'Connect a bank or a provider',
  tag: 'Connectors',
  access: ['operator'],
  body: ConnectorBody,
  reply: { status: 201, description: 'The connector', schema: NewConnectorView },
  run: async ({ body, chance, metadata }, services) => {
    const { gateway, connectorSecret, now, settings } = services
    const connectorId = newConnectorId(chance)
    const provider = isProviderKind(body.kind) ? providerData(connectorId, body.kind, body, services) : {}
    const acquirer = body.kind === acquirerKind ? { acquirer: acquirerIn(body, settings) } : {}
    const data = {
      kind: body.kind,
      name: body.name,
      ...provider,
      ...acquirer,
      registeredAt: now().toISOString(),
    }
    const outcome = await gateway.connectors.handle(
      connectorId,
      { type: 'RegisterConnector', data },
      metadata,
      { expectNew: true },
    )
    const { state, ...done } = accepted(outcome)
    const connector = existing(state)
    const isBank = bankKinds.some((kind) => kind === connector.kind)
    const secret = isBank ? { secret: connectorSecret(connectorId).text } : {}
    return reply(201, { ...view(connectorId, connector, settings.publicUrl), ...secret }, done)
  },
})

const getConnector = endpoint({
  method: 'get',
  path: '/v1/connectors/{id}',
  summary: 'Read a connector',
  tag: 'Connectors',
  access: ['operator'],
  params: z.object({ id: id('con', 'con_7K3MA9QZXW4F') }),
  reply: { status: 200, description: 'The connector, without its secret', schema: ConnectorView },
  run: async ({ params }, { gateway, settings }) => {
    const { state, version } = await gateway.connectors.load(params.id)
    if (state.status === 'new') throw new Problem('not_found')
    return reply(200, view(params.id, state, settings.publicUrl), { version })
  },
})

/** A provider's address, and its credentials sealed under a key of their own. */
function providerData(
  connectorId: string,
  kind: ProviderKind,
  body: ConnectorBody,
  { vault, settings }: Services,
) {
  const { credentials, baseUrls } = providers[kind]
  const given = body as Readonly<Record<string, string | undefined>>
  const baseUrl = given.baseUrl ?? (settings.sandbox ? baseUrls.sandbox : baseUrls.live)
  if (!settings.sandbox && !baseUrl.startsWith('https:'))
    throw invalid({ pointer: '/baseUrl', detail: 'Outside the sandbox only https.' })
  const secrets: Credentials = Object.fromEntries(credentials.map((name) => [name, given[name]!]))
  return { baseUrl, sealed: vault.seal(credentialsKey(connectorId), JSON.stringify(secrets)) }
}

function acquirerIn(
  { host, port, profile, tls }: Extract<ConnectorBody, { kind: typeof acquirerKind }>,
  { sandbox }: Services['settings'],
): Acquirer {
  if (!sandbox && !tls) throw invalid({ pointer: '/tls', detail: 'Outside the sandbox only with TLS.' })
  return { host, port, profile, tls }
}

const listConnectors = endpoint({
  method: 'get',
  path: '/v1/connectors',
  summary: 'List connectors',
  tag: 'Connectors',
  access: ['operator'],
  query: z.strictObject(idPageQuery('con', 'con_7K3MA9QZXW4F')),
  reply: { status: 200, description: 'A page of connectors, without secrets', schema: page(ConnectorView) },
  run: async ({ query: { limit, cursor } }, { gateway, readModels, settings }) => {
    const { rows, nextCursor } = await readModels.connectorIds({ limit, cursor })
    const found = await Promise.all(rows.map((connectorId) => gateway.connectors.load(connectorId)))
    const data = found.map(({ state }, index) => view(rows[index]!, existing(state), settings.publicUrl))
    return { status: 200, body: { data, nextCursor } }
  },
})

export const connectorEndpoints = [createConnector, listConnectors, getConnector]
