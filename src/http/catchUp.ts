// POST /v1/connectors/{id}/catch-up: after an outage, asks the bank what came meanwhile, and takes what is not known yet.
import { z } from '@hono/zod-openapi'
import type { ConnectorKind } from '../domain/connectors/connector.ts'
import type { Statement } from '../domain/connectors/statement.ts'
import { endpoint } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { providerTools } from './providerTools.ts'
import { readNotification } from './readNotification.ts'
import type { SandboxBank } from './sandboxBank.ts'
import { id, instant } from './schemas.ts'
import type { Services } from './services.ts'
import { originalOf, setAside, takeArrival } from './takeNotification.ts'

const CatchUpReply = z
  .object({
    from: instant,
    to: instant,
    asked: z.int().openapi({ description: 'How many notifications the bank named' }),
    known: z.int().openapi({ description: 'How many of them had been taken before' }),
    added: z.int().openapi({ description: 'How many are new credits now' }),
    unreadable: z.int().openapi({ description: 'How many could not be read; they are kept' }),
    conflicting: z.int().openapi({ description: 'How many are known with another amount or account' }),
  })
  .openapi('CatchUp')

type Counts = { known: number; added: number; unreadable: number; conflicting: number }

/** The connectors that can be asked. A bank's own statement API joins here. */
export const catchUpEndpoint = (sandbox: SandboxBank) => {
  const statements: Partial<Record<ConnectorKind, Statement>> = { sandbox: sandbox.statement }
  return endpoint({
    method: 'post',
    path: '/v1/connectors/{id}/catch-up',
    summary: 'Ask the bank what came during an outage',
    tag: 'Connectors',
    access: ['operator'],
    params: z.object({ id: id('con', 'con_7K3MA9QZXW4F') }),
    body: z.strictObject({
      from: instant.openapi({ description: 'Included' }),
      to: instant.openapi({ description: 'Not included' }),
    }),
    reply: { status: 200, description: 'What the bank named, and what was new', schema: CatchUpReply },
    problems: ['statement_not_offered'],
    run: async ({ params, body }, services) => {
      const { state } = await services.gateway.connectors.load(params.id)
      if (state.status === 'new') throw new Problem('not_found')
      const statement = statements[state.kind]
      if (!statement) throw new Problem('statement_not_offered')
      const [from, to] = [new Date(body.from).toISOString(), new Date(body.to).toISOString()]
      if (from >= to) throw invalid({ pointer: '/to', detail: 'Must be after "from".' })
      const named = await statement(params.id, from, to)
      const counts: Counts = { known: 0, added: 0, unreadable: 0, conflicting: 0 }
      for (const text of named) counts[await take(params.id, state.kind, text, services)] += 1
      return { status: 200, body: { from, to, asked: named.length, ...counts } }
    },
  })
}

const utf8 = new TextEncoder()

/** The same road as a notification that came by itself; the statement was asked for, so it needs no signature. */
async function take(
  connectorId: string,
  kind: ConnectorKind,
  text: string,
  services: Services,
): Promise<keyof Counts> {
  const raw = utf8.encode(text)
  const reading = readNotification(kind, raw, providerTools(services.crypto))
  if (reading.read !== 'paid') {
    await setAside(connectorId, reading, raw, services)
    return 'unreadable'
  }
  const original = originalOf(connectorId, raw, services)
  try {
    const { repeated } = await takeArrival(connectorId, reading.arrival, original, services)
    return repeated ? 'known' : 'added'
  } catch (error) {
    if (error instanceof Problem && error.code === 'credit_conflict') return 'conflicting'
    throw error
  }
}
