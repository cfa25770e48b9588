// POST /v1/connectors: an operator connects a bank, wallet or acquirer; the answer holds the secret it signs with, once.
import { z } from '@hono/zod-openapi'
import { connectorKinds } from '../domain/connectors/connector.ts'
import { newConnectorId } from '../domain/core/ids.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { id, instant, text } from './schemas.ts'

const ConnectorBody = z.strictObject({
  kind: z.enum(connectorKinds, `One of ${connectorKinds.join(', ')}.`),
  name: text(140),
})

const createConnector = endpoint({
  method: 'post',
  path: '/v1/connectors',
  summary: 'Connect a bank',
  tag: 'Connectors',
  access: ['operator'],
  body: ConnectorBody,
  reply: {
    status: 201,
    description: 'The connector and its secret (Standard Webhooks), which is not shown again',
    schema: z
      .object({
        id: id('con', 'con_7K3MA9QZXW4F'),
        kind: z.enum(connectorKinds),
        name: z.string(),
        createdAt: instant,
        secret: z.string(),
      })
      .openapi('Connector'),
  },
  run: async ({ body, chance, metadata }, { gateway, connectorSecret, now }) => {
    const connectorId = newConnectorId(chance)
    const data = { ...body, registeredAt: now().toISOString() }
    const outcome = await gateway.connectors.handle(
      connectorId,
      { type: 'RegisterConnector', data },
      metadata,
      {
        expectNew: true,
      },
    )
    const { state, ...done } = accepted(outcome)
    const { kind, name, registeredAt } = existing(state)
    const secret = connectorSecret(connectorId)
    return reply(201, { id: connectorId, kind, name, createdAt: registeredAt, secret: secret.text }, done)
  },
})

export const connectorEndpoints = [createConnector]
