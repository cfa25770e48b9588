// /v1/terminals: tills, displays, pumps and machines; each gets a key of its own by activating once.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import { merchantCode, newTerminalId } from '../domain/core/ids.ts'
import { terminalKinds } from '../domain/merchants/sectors.ts'
import type { RegisteredTerminal } from '../domain/pos/terminal.ts'
import { endpoint } from './endpoint.ts'
import { newKey } from './keys.ts'
import { accepted, existing, reply, versionDiffers } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { id, instant, text } from './schemas.ts'

const siteId = id('sit', 'sit_7K3MA9QZXW4F2')
const terminalId = id('ter', 'ter_9QZXW4F2')
const kind = z.enum(terminalKinds)

const TerminalBody = z.strictObject({ siteId, kind, serialNumber: text(60) })

const TerminalView = z
  .object({
    id: terminalId,
    siteId,
    kind,
    serialNumber: z.string(),
    terminalId: z.string().length(8).openapi({ description: 'ISO 8583 DE41', example: '9QZXW4F2' }),
    cardAcceptorId: z
      .string()
      .length(15)
      .openapi({ description: 'ISO 8583 DE42', example: 'TN7K3MA9QZXW4F2' }),
    status: z.enum(['registered', 'active']),
    activatedAt: instant.optional(),
    createdAt: instant,
  })
  .openapi('Terminal')

const view = (terminal: string, state: RegisteredTerminal) => ({
  id: terminal,
  siteId: state.siteId,
  kind: state.kind,
  serialNumber: state.serialNumber,
  terminalId: state.terminalId,
  cardAcceptorId: state.cardAcceptorId,
  status: state.status,
  ...(state.activatedAt !== undefined && { activatedAt: state.activatedAt }),
  createdAt: state.registeredAt,
})

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
  run: async ({ body, caller, chance, metadata }, { gateway, crypto, now }) => {
    const merchantId = caller!.merchantId!
    const { state: site } = await gateway.sites.load(body.siteId)
    if (site.status === 'new' || site.merchantId !== merchantId)
      throw invalid({ pointer: '/siteId', detail: 'This merchant has no such site.' })
    const newId = newTerminalId(chance)
    const de41 = newId.slice('ter_'.length)
    const activationCode = `${de41}-${base32(chance('activation', 5), 8)}`
    const data = {
      merchantId,
      ...body,
      terminalId: de41,
      cardAcceptorId: `TN${body.siteId.slice('sit_'.length)}`,
      activationCodeHash: crypto.hash(activationCode),
      registeredAt: now().toISOString(),
    }
    const outcome = await gateway.terminals.handle(newId, { type: 'RegisterTerminal', data }, metadata, {
      expectNew: true,
    })
    const { state, ...done } = accepted(outcome)
    return reply(201, { ...view(newId, existing(state)), activationCode }, done)
  },
})

const activateTerminal = endpoint({
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
  problems: ['terminal_not_found', 'terminal_already_activated', 'version_differs'],
  run: async ({ body, chance, metadata, ifVersion }, services) => {
    const { gateway, crypto, now } = services
    const code = body.activationCode.trim().toUpperCase()
    const terminal = `ter_${code.slice(0, 8)}`
    const { state, version } = await gateway.terminals.load(terminal)
    if (state.status === 'new' || !crypto.equal(crypto.hash(code), state.activationCodeHash))
      throw new Problem('terminal_not_found')
    if (state.status !== 'active' && (ifVersion.ifVersion ?? version) !== version)
      throw versionDiffers(version)
    const { merchantId } = state
    const key = newKey(
      { role: 'terminal', code: merchantCode(merchantId), merchantId, terminalId: terminal },
      (purpose, size) => chance(`${purpose}${code}`, size), // callers without a key share one name space
      services,
    )
    if (state.status !== 'active') await key.record() // before the code is spent: a crash between leaves the code good
    const activate = {
      type: 'ActivateTerminal',
      data: { keyId: key.keyId, activatedAt: now().toISOString() },
    } as const
    const done = accepted(await gateway.terminals.handle(terminal, activate, metadata, ifVersion))
    return reply(200, { id: terminal, apiKey: key.text }, done)
  },
})

const getTerminal = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}',
  summary: 'Read a terminal',
  tag: 'Terminals',
  access: ['merchant', 'terminal'],
  params: z.object({ id: terminalId }),
  reply: { status: 200, description: 'The terminal', schema: TerminalView },
  run: async ({ params, caller }, { gateway }) => {
    const { state, version } = await gateway.terminals.load(params.id)
    if (state.status === 'new' || state.merchantId !== caller!.merchantId) throw new Problem('not_found')
    return reply(200, view(params.id, state), { version })
  },
})

export const terminalEndpoints = [createTerminal, activateTerminal, getTerminal]
