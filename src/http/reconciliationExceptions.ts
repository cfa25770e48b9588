// /v1/reconciliations/exceptions: what a person must look at, who does, and what it turned out to be.
import { z } from '@hono/zod-openapi'
import type { ReconciliationExceptionRow } from '../../projections/reconciliationExceptions.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import {
  type ExceptionCommand,
  type ExceptionState,
  resolutions,
} from '../domain/settlement/reconciliationException.ts'
import { endpoint, type Reply, type Request } from './endpoint.ts'
import { refusal, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { amount, currency, id, instant, page, pageQuery, text } from './schemas.ts'
import type { Services } from './services.ts'

const dayMs = 86_400_000

const exceptionId = z.string().max(60).openapi({
  example: 'stl_7K3MA9QZXW4F2P8R6T7K3MA9QZ',
  description: 'Of the line, or of the item that is missing',
})

const ExceptionView = z
  .object({
    id: exceptionId,
    statementId: id('stm', 'stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
    state: z.enum(['missing', 'unexpected', 'differing', 'partly']),
    direction: z.enum(['credit', 'debit']),
    amount,
    currency,
    day: z
      .string()
      .openapi({ example: '2026-11-21', description: 'Of the line, or on which it was expected' }),
    owner: z.string().openapi({ description: 'Who looks at it; operator: nobody in particular' }),
    status: z.enum(['open', 'arrived', 'resolved']),
    raisedAt: instant,
    ageDays: z.int(),
    resolution: z.enum(resolutions).optional(),
    reason: z.string().optional(),
    resolvedAt: instant.optional(),
  })
  .openapi('ReconciliationException')

const view = (row: ReconciliationExceptionRow, now: Date) => ({
  id: row.id,
  statementId: row.statementId,
  state: row.state,
  direction: row.direction,
  amount: formatMoney(money(row.amount, row.currency as Currency)),
  currency: row.currency,
  day: row.day,
  owner: row.owner,
  status: row.status,
  raisedAt: row.raisedAt,
  ageDays: Math.max(0, Math.floor((now.getTime() - Date.parse(row.raisedAt)) / dayMs)),
})

const tag = 'Reconciliation'
const params = z.object({ id: exceptionId })

const listExceptions = endpoint({
  method: 'get',
  path: '/v1/reconciliations/exceptions',
  summary: 'What is missing, unexpected or differs, the longest open first',
  tag,
  access: ['operator'],
  query: z.strictObject({
    ...pageQuery,
    cursor: z
      .string()
      .regex(/^[-\d]{10}T[:.\d]{12}Z_[a-z]{3}_[0-9A-Z]{1,26}(-\d{1,9})?$/)
      .optional(),
  }),
  reply: { status: 200, description: 'A page of open ones', schema: page(ExceptionView) },
  run: async ({ query: { limit, cursor } }, { readModels, now }) => {
    const { rows, nextCursor } = await readModels.listReconciliationExceptions({ limit, cursor })
    return { status: 200, body: { data: rows.map((row) => view(row, now())), nextCursor } }
  },
})

const assignException = endpoint({
  method: 'post',
  path: '/v1/reconciliations/exceptions/{id}/assign',
  summary: 'Say who looks at it',
  tag,
  access: ['operator'],
  params,
  body: z.strictObject({
    owner: text(60).openapi({ description: 'A person or a team, by a name that may be kept for ever' }),
  }),
  reply: { status: 200, description: 'The exception', schema: ExceptionView },
  problems: ['reconciliation_exception_not_found', 'reconciliation_exception_resolved', 'version_differs'],
  run: (request, services) => {
    const data = { ...request.body, assignedAt: services.now().toISOString() }
    return handle(request, { type: 'AssignException', data }, services)
  },
})

const resolveException = endpoint({
  method: 'post',
  path: '/v1/reconciliations/exceptions/{id}/resolve',
  summary: 'Say what it turned out to be',
  tag,
  access: ['operator'],
  params,
  body: z.strictObject({
    resolution: z.enum(resolutions),
    reason: text(280).openapi({ description: 'Kept for ever in the log. Not for personal data.' }),
  }),
  reply: { status: 200, description: 'The exception; it is not listed any more', schema: ExceptionView },
  problems: ['reconciliation_exception_not_found', 'reconciliation_exception_resolved', 'version_differs'],
  run: (request, services) => {
    const data = { ...request.body, resolvedAt: services.now().toISOString() }
    return handle(request, { type: 'ResolveException', data }, services)
  },
})

const getException = endpoint({
  method: 'get',
  path: '/v1/reconciliations/exceptions/{id}',
  summary: 'An exception, open or not',
  tag,
  access: ['operator'],
  params,
  reply: { status: 200, description: 'The exception', schema: ExceptionView },
  problems: ['reconciliation_exception_not_found'],
  run: async ({ params }, services) => {
    const row = await rowOf(params.id, services)
    const { state, version } = await services.gateway.reconciliationExceptions.load(params.id)
    return reply(200, stateView(row, state, services.now()), { version: shownVersion(version) })
  },
})

/** Being raised is its first version: the statement recorded that, and the stream begins behind it. */
const shownVersion = (version: number): number => version + 1

async function rowOf(exceptionId: string, { readModels }: Services): Promise<ReconciliationExceptionRow> {
  const row = await readModels.reconciliationException(exceptionId)
  if (!row) throw new Problem('reconciliation_exception_not_found')
  return row
}

const stateView = (row: ReconciliationExceptionRow, { owner, resolved }: ExceptionState, now: Date) => ({
  ...view({ ...row, owner: owner ?? row.owner, status: resolved ? 'resolved' : row.status }, now),
  ...resolved,
})

/** The statement raised it; its own stream has only what persons did. */
async function handle(
  { params, metadata, ifVersion: { ifVersion } }: ExceptionRequest,
  command: ExceptionCommand,
  services: Services,
): Promise<Reply> {
  const row = await rowOf(params.id, services)
  const condition = ifVersion === undefined ? {} : { ifVersion: ifVersion - 1 }
  const { reconciliationExceptions } = services.gateway
  const outcome = await reconciliationExceptions.handle(params.id, command, metadata, condition)
  if (!outcome.ok) throw refusal({ ...outcome, version: shownVersion(outcome.version) })
  const { state, version, replayed } = outcome
  return reply(200, stateView(row, state, services.now()), { version: shownVersion(version), replayed })
}

type ExceptionRequest = Pick<
  Request<typeof params, undefined, undefined>,
  'params' | 'metadata' | 'ifVersion'
>

export const reconciliationExceptionEndpoints = [
  listExceptions,
  getException,
  assignException,
  resolveException,
]
