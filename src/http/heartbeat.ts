// POST /v1/terminals/{id}/heartbeat: a terminal says that it is there. What changes is recorded; that it is there still, is not.
import { z } from '@hono/zod-openapi'
import { noteHeartbeat } from '../domain/pos/noteHeartbeat.ts'
import { presences } from '../domain/pos/presence.ts'
import { endpoint } from './endpoint.ts'
import { Instruction, instructionsOf } from './instructions.ts'
import { accepted } from './outcome.ts'
import { instant, text } from './schemas.ts'
import { params, visibleTerminal } from './terminalView.ts'

export const heartbeat = endpoint({
  method: 'post',
  path: '/v1/terminals/{id}/heartbeat',
  summary: 'Say that a terminal is there: every 60 seconds',
  tag: 'Terminals',
  access: ['terminal'],
  params,
  body: z.strictObject({
    softwareVersion: text(60).optional(),
    status: text(60).optional().openapi({ description: 'In its own words; the last one is shown.' }),
  }),
  reply: {
    status: 200,
    description: 'What the gateway knows of it, and what it is to hand out now',
    schema: z.object({
      state: z.enum(presences),
      lastSeenAt: instant,
      instructions: z.array(Instruction),
    }),
  },
  problems: ['terminal_revoked'],
  run: async ({ params, body, caller }, services) => {
    await visibleTerminal(params.id, caller!, services)
    const { softwareVersion, status } = body
    const at = services.now().toISOString()
    const said = {
      at,
      ...(status !== undefined && { status }),
      ...(softwareVersion !== undefined && { softwareVersion }),
    }
    accepted(await noteHeartbeat(params.id, said, caller!.keyId, services))
    const instructions = await instructionsOf(params.id, services)
    return { status: 200, body: { state: 'active', lastSeenAt: at, instructions } }
  },
})
