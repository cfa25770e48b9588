// GET /v1/terminals/{id}/uptime: how much of the last day and the last thirty days a terminal was there, from its events.
import { z } from '@hono/zod-openapi'
import type { TerminalEvent } from '../domain/pos/terminal.ts'
import { uptimePercent } from '../domain/pos/uptime.ts'
import { endpoint } from './endpoint.ts'
import { reply } from './outcome.ts'
import { params, visibleTerminal } from './terminalView.ts'

const dayMs = 86_400_000
const percent = z.number().min(0).max(100).nullable()

export const uptime = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}/uptime',
  summary: 'How much of the time a terminal was there',
  tag: 'Terminals',
  access: ['merchant', 'terminal', 'operator'],
  params,
  reply: {
    status: 200,
    description: 'In percent of the time since it was first seen; null while it never was',
    schema: z.object({ last24Hours: percent, last30Days: percent }),
  },
  run: async ({ params, caller }, services) => {
    const { version } = await visibleTerminal(params.id, caller!, services)
    const recorded = await services.readStream(`terminal-${params.id}`)
    const events = recorded as unknown as readonly TerminalEvent[]
    const to = services.now()
    const over = (days: number) => uptimePercent(events, new Date(to.getTime() - days * dayMs), to)
    return reply(200, { last24Hours: over(1), last30Days: over(30) }, { version })
  },
})
