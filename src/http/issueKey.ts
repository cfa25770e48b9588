// POST /v1/keys: an operator gives a regulator a key, shown once. Merchants and terminals get theirs with what they are.
import { z } from '@hono/zod-openapi'
import { newKeyId } from '../domain/core/ids.ts'
import { endpoint } from './endpoint.ts'
import { keyFor } from './keys.ts'
import { accepted, existing, reply } from './outcome.ts'
import { id, instant, text } from './schemas.ts'

const KeyBody = z.strictObject({ role: z.literal('regulator'), name: text(140) })

const issueKey = endpoint({
  method: 'post',
  path: '/v1/keys',
  summary: 'Give a regulator a key',
  tag: 'Adoption',
  access: ['operator'],
  body: KeyBody,
  reply: {
    status: 201,
    description: 'The key, which is not shown again',
    schema: KeyBody.extend({
      id: id('key', 'key_000007K3MA9QZXW4F'),
      createdAt: instant,
      apiKey: z.string(),
    }),
  },
  run: async ({ body, chance, metadata }, { gateway, crypto, now }) => {
    const keyId = newKeyId('00000', chance)
    const { text, secretHash } = keyFor(keyId, chance, crypto)
    const data = { ...body, secretHash, issuedAt: now().toISOString() }
    const { state, ...done } = accepted(
      await gateway.keys.handle(keyId, { type: 'IssueKey', data }, metadata, { expectNew: true }),
    )
    return reply(201, { id: keyId, ...body, createdAt: existing(state).issuedAt, apiKey: text }, done)
  },
})

export const keyEndpoints = [issueKey]
