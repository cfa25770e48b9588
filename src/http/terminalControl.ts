// Blocking, unblocking and revoking a terminal: its key is refused from the next request on.
import { z } from '@hono/zod-openapi'
import type { TerminalCommand } from '../domain/pos/terminal.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import type { ProblemCode } from './problem.ts'
import { params, TerminalView, terminalView, visibleTerminal } from './terminalView.ts'

type Control = {
  readonly act: 'block' | 'unblock' | 'revoke'
  readonly summary: string
  readonly problems: readonly ProblemCode[]
  readonly command: (by: 'merchant' | 'operator', at: string) => TerminalCommand
}

const control = ({ act, summary, problems, command }: Control) =>
  endpoint({
    method: 'post',
    path: `/v1/terminals/{id}/${act}`,
    summary,
    tag: 'Terminals',
    access: ['merchant', 'operator'],
    params,
    body: z.strictObject({}),
    reply: { status: 200, description: 'The terminal', schema: TerminalView },
    problems: [...problems, 'version_differs'],
    run: async ({ params, caller, metadata, ifVersion }, services) => {
      await visibleTerminal(params.id, caller!, services)
      const by = caller!.role === 'operator' ? 'operator' : 'merchant'
      const { state, ...done } = accepted(
        await services.gateway.terminals.handle(
          params.id,
          command(by, services.now().toISOString()),
          metadata,
          ifVersion,
        ),
      )
      return reply(200, terminalView(params.id, existing(state)), done)
    },
  })

export const terminalControlEndpoints = [
  control({
    act: 'block',
    summary: 'Refuse a terminal for now',
    problems: ['terminal_revoked'],
    command: (by, blockedAt) => ({ type: 'BlockTerminal', data: { by, blockedAt } }),
  }),
  control({
    act: 'unblock',
    summary: 'Let a blocked terminal work again',
    problems: ['terminal_revoked', 'terminal_blocked_by_operator'],
    command: (by, unblockedAt) => ({ type: 'UnblockTerminal', data: { by, unblockedAt } }),
  }),
  control({
    act: 'revoke',
    summary: 'End a terminal for ever',
    problems: [],
    command: (_by, revokedAt) => ({ type: 'RevokeTerminal', data: { revokedAt } }),
  }),
]
