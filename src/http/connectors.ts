// POST /v1/connectors: an operator connects a bank or a provider. A bank's secret is shown once; a provider's is never shown.
import { z } from '@hono/zod-openapi'
import { connectorKinds } from '../domain/connectors/connector.ts'
import type { Credentials } from '../domain/connectors/provider.ts'
import { isProviderKind, type ProviderKind, providers } from '../domain/connectors/providers.ts'
import { newConnectorId } from '../domain/core/ids.ts'
import { ConnectorBody } from './connectorBody.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid } from './problem.ts'
import { credentialsKey } from './providerAccount.ts'
import { id, instant } from './schemas.ts'
import type { Services } from './services.ts'

const ConnectorView = z
  .object({
    id: id('con', 'con_7K3MA9QZXW4F'),
    kind: z.enum(connectorKinds),
    name: z.string(),
    createdAt: instant,
    baseUrl: z.string().optional().openapi({ description: "A provider's API" }),
    notificationUrl: z.url().openapi({ description: 'Where the bank or provider sends its notifications' }),
    secret: z
      .string()
      .optional()
      .openapi({ description: 'What a bank signs with (Standard Webhooks); not shown again' }),
  })
  .openapi('Connector')

const createConnector = endpoint({
  method: 'post',
  path: '/v1/connectors',
  summary: 'Connect a bank or a provider',
  tag: 'Connectors',
  access: ['operator'],
  body: ConnectorBody,
  reply: { status: 201, description: 'The connector', schema: ConnectorView },
  run: async ({ body, chance, metadata }, services) => {
    const { gateway, connectorSecret, now, settings } = services
    const connectorId = newConnectorId(chance)
    const provider = isProviderKind(body.kind) ? providerData(connectorId, body.kind, body, services) : {}
    const data = { kind: body.kind, name: body.name, ...provider, registeredAt: now().toISOString() }
    const outcome = await gateway.connectors.handle(
      connectorId,
      { type: 'RegisterConnector', data },
      metadata,
      { expectNew: true },
    )
    const { state, ...done } = accepted(outcome)
    const { kind, name, registeredAt, baseUrl } = existing(state)
    const view = {
      id: connectorId,
      kind,
      name,
      createdAt: registeredAt,
      ...(baseUrl !== undefined && { baseUrl }),
      notificationUrl: `${settings.publicUrl}/v1/connectors/${connectorId}/notifications`,
      ...(!isProviderKind(kind) && { secret: connectorSecret(connectorId).text }),
    }
    return reply(201, view, done)
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

export const connectorEndpoints = [createConnector]
