// A terminal as its callers see it, and which terminals a caller may see.
import { z } from '@hono/zod-openapi'
import { terminalKinds } from '../domain/merchants/sectors.ts'
import { latest, presenceAt, presences } from '../domain/pos/presence.ts'
import { type RegisteredTerminal, terminalStatuses } from '../domain/pos/terminal.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import { id, instant } from './schemas.ts'
import type { Services } from './services.ts'

export const terminalId = id('ter', 'ter_9QZXW4F2')
export const siteId = id('sit', 'sit_7K3MA9QZXW4F2')
export const kind = z.enum(terminalKinds)
export const params = z.object({ id: terminalId })

export const TerminalView = z
  .object({
    id: terminalId,
    merchantId: id('mer', 'mer_7K3MA'),
    siteId,
    kind,
    serialNumber: z.string(),
    terminalId: z.string().length(8).openapi({ description: 'ISO 8583 DE41', example: '9QZXW4F2' }),
    cardAcceptorId: z
      .string()
      .length(15)
      .openapi({ description: 'ISO 8583 DE42', example: 'TN7K3MA9QZXW4F2' }),
    status: z.enum(terminalStatuses),
    blockedBy: z.enum(['merchant', 'operator']).optional(),
    softwareVersion: z.string().optional(),
    activatedAt: instant.optional(),
    createdAt: instant,
  })
  .openapi('Terminal')

/** What is read besides, and changes without the version: it is not in the log. */
export const PresentTerminal = TerminalView.extend({
  state: z
    .enum(presences)
    .openapi({ description: 'silent after 2 minutes without heartbeat, lost after 10' }),
  lastSeenAt: instant.optional(),
  reportedStatus: z.string().optional(),
}).openapi('PresentTerminal')

export const terminalView = (terminal: string, state: RegisteredTerminal) => ({
  id: terminal,
  merchantId: state.merchantId,
  siteId: state.siteId,
  kind: state.kind,
  serialNumber: state.serialNumber,
  terminalId: state.terminalId,
  cardAcceptorId: state.cardAcceptorId,
  status: state.status,
  ...(state.status === 'blocked' && state.block && { blockedBy: state.block.by }),
  ...(state.softwareVersion !== undefined && { softwareVersion: state.softwareVersion }),
  ...(state.activatedAt !== undefined && { activatedAt: state.activatedAt }),
  createdAt: state.registeredAt,
})

export function presentTerminal(
  terminal: string,
  state: RegisteredTerminal,
  { presence, now }: Pick<Services, 'presence' | 'now'>,
) {
  const last = presence.last(terminal)
  const lastSeenAt = latest(last?.at, state.lostSince, state.seenAt)
  return {
    ...terminalView(terminal, state),
    state: presenceAt(lastSeenAt, now().toISOString()),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
    ...(last?.status !== undefined && { reportedStatus: last.status }),
  }
}

/** The terminal, if the caller may see it: a merchant its own, a terminal itself, the operator any. */
export async function visibleTerminal(
  terminal: string,
  { merchantId, terminalId: calling }: Pick<Caller, 'merchantId' | 'terminalId'>,
  { gateway }: Pick<Services, 'gateway'>,
) {
  const { state, ...loaded } = await gateway.terminals.load(terminal)
  const another = calling !== undefined && calling !== terminal
  if (state.status === 'new' || another || (merchantId !== undefined && merchantId !== state.merchantId))
    throw new Problem('not_found')
  return { state, ...loaded }
}
