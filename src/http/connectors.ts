// /v1/connectors: an operator connects a bank, wallet or acquirer; the answer holds the secret it signs with, once.
import { z } from '@hono/zod-openapi'
import { connectorKinds, type RegisteredConnector } from '../domain/connectors/connector.ts'
import { newConnectorId } from '../domain/core/ids.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { id, instant, text } from './schemas.ts'

const ConnectorBody = z.strictObject({
  kind: z.enum(connectorKinds, `One of ${connectorKinds.join(', ')}.`),
  name: text(140),
})

const ConnectorView = z
  .object({
    id: id('con', 'con_7K3MA9QZXW4F'),
    kind: z.enum(connectorKinds),
    name: z.string(),
    createdAt: instant,
  })
  .openapi('Connector')

const view = (connectorId: string, { kind, name, registeredAt }: RegisteredConnector) => ({
  id: connectorId,
  kind,
  name,
  createdAt: registeredAt,
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
    schema: ConnectorView.extend({ secret: z.string() }),
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
    const secret = connectorSecret(connectorId)
    return reply(201, { ...view(connectorId, existing(state)), secret: secret.text }, done)
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
  run: async ({ params }, { gateway }) => {
    const { state, version } = await gateway.connectors.load(params.id)
    if (state.status === 'new') throw new Problem('not_found')
    return reply(200, view(params.id, state), { version })
  },
})

export const connectorEndpoints = [createConnector, getConnector]
