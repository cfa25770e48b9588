// POST /v1/terminals/{id}/rotate-key: a new key, shown once; the one before works beside it until the overlap is over.
import { z } from '@hono/zod-openapi'
import { merchantCode } from '../domain/core/ids.ts'
import { endpoint } from './endpoint.ts'
import { newKey } from './keys.ts'
import { accepted, existing, reply, versionDiffers } from './outcome.ts'
import { instant } from './schemas.ts'
import { params, terminalId, visibleTerminal } from './terminalView.ts'

const overlapMax = 86_400

const rotateKey = endpoint({
  method: 'post',
  path: '/v1/terminals/{id}/rotate-key',
  summary: 'A new key for a terminal; the old one works beside it for a day',
  tag: 'Terminals',
  access: ['merchant', 'terminal'],
  params,
  body: z.strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(overlapMax)
      .default(overlapMax)
      .openapi({ description: 'How long the old key goes on working; 0 where it may be in wrong hands.' }),
  }),
  reply: {
    status: 200,
    description: 'The new key, which is not shown again, and until when the old one works',
    schema: z.object({ id: terminalId, apiKey: z.string(), previousUntil: instant }),
  },
  problems: ['terminal_not_activated', 'terminal_revoked', 'terminal_key_replaced', 'version_differs'],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    const { gateway, now } = services
    const { state, version, commands } = await visibleTerminal(params.id, caller!, services)
    const repeated = metadata.commandId !== undefined && commands.has(metadata.commandId)
    if (!repeated && (ifVersion.ifVersion ?? version) !== version) throw versionDiffers(version)
    const { merchantId } = state
    const key = newKey(
      { role: 'terminal', code: merchantCode(merchantId), merchantId, terminalId: params.id },
      (purpose, size) => chance(`${purpose}${params.id}`, size), // one idempotency key may rotate several terminals
      services,
    )
    if (state.keyId !== undefined) await key.record() // before it is the terminal's: until then it opens nothing
    const data = {
      keyId: key.keyId,
      rotatedAt: now().toISOString(),
      overlapSeconds: body.overlapSeconds,
      ...(caller!.terminalId !== undefined && { byKeyId: caller!.keyId }),
    }
    const { state: rotated, ...done } = accepted(
      await gateway.terminals.handle(params.id, { type: 'RotateTerminalKey', data }, metadata, ifVersion),
    )
    const previousUntil = existing(rotated).previous!.until
    return reply(200, { id: params.id, apiKey: key.text, previousUntil }, done)
  },
})

export const terminalKeyEndpoints = [rotateKey]
