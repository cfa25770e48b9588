// /v1/terminals: tills, displays, pumps and machines; each gets a key of its own by activating once.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { merchantCode, newTerminalId } from '../domain/core/ids.ts'
import { cardAcceptorIdOf } from '../domain/pos/acceptor.ts'
import { terminalStatuses } from '../domain/pos/terminal.ts'
import { endpoint } from './endpoint.ts'
import { heartbeat } from './heartbeat.ts'
import type { Intention } from './idempotency.ts'
import { terminalInstructions } from './instructions.ts'
import { newKey } from './keys.ts'
import { accepted, existing, reply, versionDiffers } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { idPageQuery, page, text } from './schemas.ts'
import type { Services } from './services.ts'
import { terminalControlEndpoints } from './terminalControl.ts'
import { terminalKeyEndpoints } from './terminalKeys.ts'
import { terminalMacKeyEndpoints } from './terminalMacKey.ts'
import { terminalStream } from './terminalStream.ts'
import {
  kind,
  PresentTerminal,
  params,
  presentTerminal,
  siteId,
  TerminalView,
  terminalId,
  terminalView,
  visibleTerminal,
} from './terminalView.ts'
import { uptime } from './uptime.ts'

const TerminalBody = z.strictObject({ siteId, kind, serialNumber: text(60) })

const createTerminal = endpoint({
  method: 'post',
  path: '/v1/terminals',
  summary: 'Register a terminal',
  tag: 'Terminals',
  access: ['merchant'],
  body: TerminalBody,
  reply: {
    status: 201,
    description: 'The terminal and the code that activates it, which is not shown again',
    schema: TerminalView.extend({ activationCode: z.string() }),
  },
  run: async ({ body, caller, chance, metadata }, services) => {
    const { state: site } = await services.gateway.sites.load(body.siteId)
    if (site.status === 'new' || site.merchantId !== caller!.merchantId)
      throw invalid({ pointer: '/siteId', detail: 'This merchant has no such site.' })
    const registered = await registerTerminal(site.merchantId, body, { chance }, metadata, services)
    const { newId, state, activationCode, done } = registered
    return reply(201, { ...terminalView(newId, state), activationCode }, done)
  },
})

/** Registers a terminal of a merchant at one of its sites. */
export async function registerTerminal(
  merchantId: string,
  body: z.output<typeof TerminalBody>,
  { chance }: Pick<Intention, 'chance'>,
  metadata: Metadata,
  { gateway, crypto, now }: Services,
) {
  const newId = newTerminalId(chance)
  const de41 = newId.slice('ter_'.length)
  const activationCode = `${de41}-${base32(chance('activation', 5), 8)}`
  const data = {
    merchantId,
    ...body,
    terminalId: de41,
    cardAcceptorId: cardAcceptorIdOf(body.siteId),
    activationCodeHash: crypto.hash(activationCode),
    registeredAt: now().toISOString(),
  }
  const command = { type: 'RegisterTerminal', data } as const
  const outcome = await gateway.terminals.handle(newId, command, metadata, { expectNew: true })
  const { state, ...done } = accepted(outcome)
  return { newId, state: existing(state), activationCode, done }
}

const postActivation = endpoint({
  method: 'post',
  path: '/v1/terminals/activate',
  summary: 'Activate a terminal',
  tag: 'Terminals',
  access: 'public',
  body: z.strictObject({ activationCode: z.string().max(40).openapi({ example: '9QZXW4F2-7K3MA9QZ' }) }),
  reply: {
    status: 200,
    description: 'The terminal and its key, which is not shown again',
    schema: z.object({ id: terminalId, apiKey: z.string() }),
  },
  problems: [
    'terminal_not_found',
    'terminal_already_activated',
    'terminal_blocked',
    'terminal_revoked',
    'version_differs',
  ],
  run: async ({ body, chance, metadata, ifVersion }, services) => {
    const { activationCode } = body
    const { id, apiKey, done } = await activateTerminal(
      activationCode,
      { chance },
      metadata,
      ifVersion,
      services,
    )
    return reply(200, { id, apiKey }, done)
  },
})

/** Gives the terminal that a code names its key. The code is good for one use. */
export async function activateTerminal(
  activationCode: string,
  { chance }: Pick<Intention, 'chance'>,
  metadata: Metadata,
  ifVersion: { readonly ifVersion?: number },
  services: Services,
) {
  const { gateway, crypto, now } = services
  const code = activationCode.trim().toUpperCase()
  const id = `ter_${code.slice(0, 8)}`
  const { state, version } = await gateway.terminals.load(id)
  if (state.status === 'new' || !crypto.equal(crypto.hash(code), state.activationCodeHash))
    throw new Problem('terminal_not_found')
  const open = state.status === 'registered'
  if (open && (ifVersion.ifVersion ?? version) !== version) throw versionDiffers(version)
  const { merchantId } = state
  const key = newKey(
    { role: 'terminal', code: merchantCode(merchantId), merchantId, terminalId: id },
    (purpose, size) => chance(`${purpose}${code}`, size), // callers without a key share one name space
    services,
  )
  if (open) await key.record() // before the code is spent: a crash between leaves the code good
  const data = { keyId: key.keyId, activatedAt: now().toISOString() }
  const command = { type: 'ActivateTerminal', data } as const
  const done = accepted(await gateway.terminals.handle(id, command, metadata, ifVersion))
  return { id, apiKey: key.text, done }
}

const listTerminals = endpoint({
  method: 'get',
  path: '/v1/terminals',
  summary: 'List terminals',
  tag: 'Terminals',
  access: ['merchant', 'operator'],
  query: z.strictObject({
    ...idPageQuery('ter', 'ter_9QZXW4F2'),
    siteId: siteId.optional(),
    status: z.enum(terminalStatuses).optional(),
    state: z.enum(['unseen', 'lost']).optional().openapi({
      description:
        'As recorded: a terminal becomes active and silent by the clock, which no list can choose by.',
    }),
  }),
  reply: { status: 200, description: 'A page of terminals', schema: page(PresentTerminal) },
  run: async ({ query: { limit, cursor, siteId, status, state: presence }, caller }, services) => {
    const { gateway, readModels } = services
    const filter = {
      ...(caller!.merchantId !== undefined && { merchantId: caller!.merchantId }),
      ...(siteId !== undefined && { siteId }),
      ...(status !== undefined && { status }),
      ...(presence !== undefined && { presence }),
    }
    const { rows, nextCursor } = await readModels.terminalIds(filter, { limit, cursor })
    const found = await Promise.all(rows.map((terminal) => gateway.terminals.load(terminal)))
    const data = found.map(({ state }, index) => presentTerminal(rows[index]!, existing(state), services))
    return { status: 200, body: { data, nextCursor } }
  },
})

const getTerminal = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}',
  summary: 'Read a terminal',
  tag: 'Terminals',
  access: ['merchant', 'terminal', 'operator'],
  params,
  reply: { status: 200, description: 'The terminal', schema: PresentTerminal },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleTerminal(params.id, caller!, services)
    const { headers, ...read } = reply(200, presentTerminal(params.id, state, services), { version })
    return { ...read, headers: { ...headers, 'cache-control': 'no-store' } } // its presence changes without its version
  },
})

export const terminalEndpoints = [
  createTerminal,
  postActivation,
  listTerminals,
  getTerminal,
  ...terminalKeyEndpoints,
  ...terminalMacKeyEndpoints,
  ...terminalControlEndpoints,
  heartbeat,
  uptime,
  terminalInstructions,
  terminalStream,
]
