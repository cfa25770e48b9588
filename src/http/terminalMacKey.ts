// POST /v1/terminals/{id}/mac-key: the key with which a till signs its ISO 8583 messages, and we sign ours.
import { z } from '@hono/zod-openapi'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import type { Services } from './services.ts'
import { params, terminalId, visibleTerminal } from './terminalView.ts'

const keyBytes = 16

/** Derived from the master key, so that it need not be stored anywhere; each generation is another. */
export const macKeyOf = (
  terminal: string,
  generation: number,
  {
    crypto,
    settings,
  }: Pick<Services, 'crypto'> & { readonly settings: Pick<Services['settings'], 'masterKey'> },
): Uint8Array =>
  crypto.hmac(settings.masterKey, 'terminal mac\0', terminal, '\0', String(generation)).subarray(0, keyBytes)

const issueMacKey = endpoint({
  method: 'post',
  path: '/v1/terminals/{id}/mac-key',
  summary: 'A new MAC key for the ISO 8583 messages of a terminal; the one before it stops working',
  tag: 'Terminals',
  access: ['merchant', 'operator'],
  params,
  body: z.strictObject({}),
  reply: {
    status: 200,
    description:
      'The key, which is not shown again. From now on messages without a right MAC are refused (63)',
    schema: z.object({
      id: terminalId,
      macKey: z.string().openapi({ description: 'AES-128, 32 hex digits: for CMAC in DE64 or DE128' }),
    }),
  },
  problems: ['terminal_revoked', 'version_differs'],
  run: async ({ params, caller, metadata, ifVersion }, services) => {
    await visibleTerminal(params.id, caller!, services)
    const command = { type: 'IssueMacKey', data: { issuedAt: services.now().toISOString() } } as const
    const { state, ...done } = accepted(
      await services.gateway.terminals.handle(params.id, command, metadata, ifVersion),
    )
    const key = macKeyOf(params.id, existing(state).macGeneration!, services)
    const macKey = [...key]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase()
    return reply(200, { id: params.id, macKey }, done)
  },
})

export const terminalMacKeyEndpoints = [issueMacKey]
