// /v1/traces: a payer asks where a transfer went that had the wrong account or text; who finds it says which credit it is.
import { z } from '@hono/zod-openapi'
import { businessDate } from '../domain/core/businessDay.ts'
import { newTraceId } from '../domain/core/ids.ts'
import { type Currency, currencies, toData } from '../domain/core/money.ts'
import {
  type OpenedTrace,
  type TraceCommand,
  type TraceParty,
  traceStatuses,
} from '../domain/traces/trace.ts'
import type { Caller } from './auth.ts'
import { impersonal } from './complaintView.ts'
import { date, today } from './days.ts'
import { endpoint, type Reply, type Request } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { amount, instant, page, pageQuery, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'
import {
  CandidateView,
  candidatesFor,
  candidateView,
  creditId,
  soughtIn,
  TraceView,
  traceId,
  traceView,
} from './traceView.ts'
import { visibleCredit } from './visibleCredit.ts'

const tag = 'Traces'
const access = ['merchant', 'operator'] as const

const openTrace = endpoint({
  method: 'post',
  path: '/v1/traces',
  summary: 'Look for a transfer that went wrong',
  tag,
  access,
  body: z.strictObject({
    amount,
    currency: z.enum(Object.keys(currencies) as [Currency]).default('VND'),
    occurredAt: z
      .union([date, instant])
      .openapi({ description: 'The day, or the instant where it is known' }),
    transactionId: text(100).optional().openapi({ description: "What the payer's bank calls it" }),
    accountNumberLast4: z
      .string()
      .regex(/^[0-9A-Za-z]{4}$/, 'The last four characters.')
      .optional()
      .openapi({ description: 'Of the account that it was sent to' }),
    note: impersonal(280).optional(),
  }),
  reply: { status: 201, description: 'The trace, with the credits that fit', schema: TraceView },
  run: async ({ body, caller, chance, metadata }, services) => {
    const { occurredAt: at, amount: _, currency: __, ...rest } = body
    const isInstant = at.length > 10
    const occurredOn = isInstant ? businessDate(at) : at
    if (isInstant ? Date.parse(at) > services.now().getTime() : at > today(services))
      throw invalid({ pointer: '/occurredAt', detail: 'Not in the future.' })
    const asked = {
      ...given(rest),
      occurredOn,
      ...(isInstant && { occurredAt: new Date(at).toISOString() }),
    }
    const money = readMoney(body)
    const sought = { ...asked, amount: money.minor, currency: money.currency }
    const data = {
      ...(caller!.merchantId !== undefined && { merchantId: caller!.merchantId }),
      by: partyOf(caller!),
      amount: toData(money),
      ...asked,
      candidates: await candidatesFor(sought, caller!, services),
      openedAt: services.now().toISOString(),
    }
    const id = newTraceId(chance)
    const { state, ...done } = accepted(
      await services.gateway.traces.handle(id, { type: 'OpenTrace', data }, metadata),
    )
    return reply(201, traceView(id, existing(state)), done)
  },
})

type Optional = 'transactionId' | 'accountNumberLast4' | 'note'
const given = (fields: Partial<Record<Optional, string | undefined>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<Optional, string>
  >

const partyOf = ({ merchantId }: Caller): TraceParty => (merchantId === undefined ? 'operator' : 'merchant')

const listTraces = endpoint({
  method: 'get',
  path: '/v1/traces',
  summary: 'List traces with their age, oldest first',
  tag,
  access,
  query: z.strictObject({ ...pageQuery, status: z.enum(traceStatuses).optional() }),
  reply: { status: 200, description: 'A page of traces', schema: page(TraceView) },
  run: async ({ query: { limit, cursor, status }, caller }, services) => {
    const { merchantId } = caller!
    const filter = {
      ...(merchantId !== undefined && { merchantId }),
      ...(status !== undefined && { status }),
    }
    const { rows, nextCursor } = await services.readModels.listTraces(filter, { limit, cursor })
    const data = await Promise.all(
      rows.map(async ({ id }) => traceView(id, (await visible(id, caller!, services)).state, services.now())),
    )
    return { status: 200, body: { data, nextCursor } }
  },
})

const params = z.object({ id: traceId })

async function visible(id: string, { merchantId }: Caller, { gateway }: Services) {
  const { state, version } = await gateway.traces.load(id)
  if (state.status === 'new') throw new Problem('not_found')
  if (merchantId !== undefined && state.merchantId !== merchantId) throw new Problem('not_found')
  return { state, version }
}

const getTrace = endpoint({
  method: 'get',
  path: '/v1/traces/{id}',
  summary: 'Read a trace',
  tag,
  access,
  params,
  reply: { status: 200, description: 'The trace', schema: TraceView },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visible(params.id, caller!, services)
    return reply(200, traceView(params.id, state, services.now()), { version })
  },
})

const listCandidates = endpoint({
  method: 'get',
  path: '/v1/traces/{id}/candidates',
  summary: 'The credits that fit now: money may come, and be applied, after a trace was opened',
  tag,
  access,
  params,
  reply: {
    status: 200,
    description: 'At most five, the likeliest first',
    schema: z.object({ data: z.array(CandidateView), nextCursor: z.null() }),
  },
  run: async ({ params, caller }, services) => {
    const { state } = await visible(params.id, caller!, services)
    const candidates = await candidatesFor(soughtIn(state), caller!, services)
    return { status: 200, body: { data: candidates.map(candidateView), nextCursor: null } }
  },
})

const nameCredit = endpoint({
  method: 'post',
  path: '/v1/traces/{id}/found',
  summary: 'Say which credit it is; then apply or return that',
  tag,
  access,
  params,
  body: z.strictObject({ creditId }),
  reply: { status: 200, description: 'The trace, found', schema: TraceView },
  problems: ['credit_not_found', 'trace_found', 'trace_closed', 'version_differs'],
  run: async (request, services) => {
    const { body, caller } = request
    return handle(request, services, async (by, at) => {
      await knownCredit(body.creditId, caller!, services)
      return { type: 'NameCredit', data: { creditId: body.creditId, by, foundAt: at } }
    })
  },
})

async function knownCredit(creditId: string, caller: Caller, services: Services): Promise<void> {
  try {
    await visibleCredit(creditId, caller, services)
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') throw new Problem('credit_not_found')
    throw error
  }
}

const closeTrace = endpoint({
  method: 'post',
  path: '/v1/traces/{id}/close',
  summary: 'Stop looking',
  tag,
  access,
  params,
  body: z.strictObject({
    outcome: z.enum(['not_found', 'closed']).openapi({
      description: '`closed`: it is dealt with, or nobody looks for it any more',
    }),
    reason: impersonal(140).optional(),
  }),
  reply: { status: 200, description: 'The trace, closed', schema: TraceView },
  problems: ['trace_found', 'trace_closed', 'version_differs'],
  run: (request, services) =>
    handle(request, services, (by, at) => {
      const { outcome, reason } = request.body
      return {
        type: 'CloseTrace',
        data: { outcome, ...(reason !== undefined && { reason }), by, closedAt: at },
      }
    }),
})

type Acting = Pick<
  Request<typeof params, undefined, undefined>,
  'params' | 'caller' | 'metadata' | 'ifVersion'
>

async function handle(
  { params, caller, metadata, ifVersion }: Acting,
  services: Services,
  commandOf: (by: TraceParty, at: string) => TraceCommand | Promise<TraceCommand>,
): Promise<Reply> {
  await visible(params.id, caller!, services)
  const command = await commandOf(partyOf(caller!), services.now().toISOString())
  const { traces } = services.gateway
  const { state, ...done } = accepted(await traces.handle(params.id, command, metadata, ifVersion))
  return reply(200, traceView(params.id, existing(state) as OpenedTrace), done)
}

export const traceEndpoints = [openTrace, listTraces, getTrace, listCandidates, nameCredit, closeTrace]
