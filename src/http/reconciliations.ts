// /v1/reconciliations: a bank statement is received whole, checked whole, and only then compared with our books.
import { z } from '@hono/zod-openapi'
import type { Currency } from '../domain/core/money.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { accepted, existing } from './outcome.ts'
import { Problem } from './problem.ts'
import { Lines, lineView, lists, Reconciliation, reconciliationView } from './reconciliationView.ts'
import { accountNumber, bankBin, currency, etag, id, instant, page, pageQuery } from './schemas.ts'
import type { Services } from './services.ts'
import { accountOf } from './statements/accountOf.ts'
import { connectorFor } from './statements/connectorFor.ts'
import { csvProfiles } from './statements/csvProfiles.ts'
import { statementCharsets } from './statements/readStatement.ts'
import { reconcile } from './statements/reconcile.ts'
import { type KeptStatement, keepStatement } from './statements/spoolStatement.ts'
import { upToDate } from './statements/upToDate.ts'

const fileBytesMax = 1_073_741_824
/** More files than these are not received at once; they are reconciled one after the other. */
const filesMax = 2
const listedMax = 200

const tag = 'Reconciliation'
const statementParams = z.object({ id: id('stm', 'stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ') })
const profiles = csvProfiles.map(({ name }) => name) as [string, ...string[]]

const UploadQuery = z.strictObject({
  bankBin: bankBin.optional(),
  accountNumber: accountNumber.optional().openapi({ description: 'Where the file does not name it' }),
  currency: currency.optional(),
  connectorId: id('con', 'con_7K3MA9QZXW4F').optional().openapi({
    description: 'In whose name money is taken that was not notified',
  }),
  profile: z.enum(profiles).optional().openapi({ description: 'Of a CSV file; else its headings tell' }),
})

/** What it is shows in the file itself. */
const fileTypes = Object.fromEntries(
  ['application/xml', 'text/xml', 'text/csv', 'text/plain', 'application/octet-stream'].map((type) => [
    type,
    { schema: z.string() },
  ]),
)

/** One for each gateway: it counts the files that are being received. */
function uploadEndpoint(): Endpoint {
  let files = 0
  let last: Promise<unknown> = Promise.resolve()
  /** Two statements at once could find the same item. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => {})
    return turn
  }
  return endpoint({
    method: 'post',
    path: '/v1/reconciliations',
    summary: 'Reconcile with a bank statement: camt.053, camt.054, MT940 or CSV',
    tag,
    access: ['operator'],
    query: UploadQuery,
    file: { types: fileTypes, bytesMax: fileBytesMax },
    reply: { status: 200, description: 'What became of its lines', schema: Reconciliation },
    problems: [
      'statement_unreadable',
      'statement_dtd_refused',
      'statement_balance_differs',
      'statement_account_differs',
      'statement_account_unknown',
      'statement_currency_differs',
      'statement_in_future',
    ],
    run: async ({ query, header, file, caller }, services) => {
      const charset = charsetOf(header('content-type'))
      if (files >= filesMax) throw new Problem('service_busy', { headers: { 'retry-after': '10' } })
      files += 1
      try {
        await using kept = await keepStatement(file(), charset, query, services)
        return await inTurn(() => take(kept, query, caller!.keyId, services))
      } finally {
        files -= 1
      }
    },
  })
}

function charsetOf(contentType = ''): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8'
  if ((statementCharsets as readonly string[]).includes(charset)) return charset
  throw new Problem('unsupported_media_type', { detail: 'Statements are UTF-8 or windows-1258.' })
}

/** What comes to the operator's own account is nobody's payment. */
const nobody = { connectorId: undefined, all: [] } as const

async function take(
  kept: KeptStatement,
  query: z.output<typeof UploadQuery>,
  actor: string,
  services: Services,
) {
  const { gateway, now } = services
  const { head } = kept
  await upToDate(services)
  const { account, paysOut, ofMerchant } = await accountOf(head, query, services)
  const tellers = ofMerchant ? await connectorFor(account, query.connectorId, services) : nobody
  const statementId = kept.idFor(account)
  const metadata = { actor, correlationId: statementId }
  const { opening, closing, ...said } = head
  const data = {
    format: said.format,
    ...account,
    currency: said.currency,
    ...(opening !== undefined && { opening: opening.toString() }),
    ...(closing !== undefined && { closing: closing.toString() }),
    from: said.from,
    to: said.to,
    lineCount: kept.lineCount,
    credits: { amount: kept.credits.toString(), currency: said.currency as Currency },
    debits: { amount: kept.debits.toString(), currency: said.currency as Currency },
    receivedAt: now().toISOString(),
  }
  const received = accepted(
    await gateway.statements.handle(statementId, { type: 'ReceiveStatement', data }, metadata),
  )
  const again = received.state.status === 'reconciled'
  if (!again) await reconcile({ statementId, account, paysOut, tellers, kept, metadata }, services)
  const headers = again ? { headers: { 'idempotent-replayed': 'true' } } : {}
  return { status: 200, body: await viewOf(statementId, services), ...headers }
}

async function viewOf(statementId: string, services: Services): Promise<object> {
  const { state } = await services.gateway.statements.load(statementId)
  if (state.status === 'new') throw new Problem('statement_not_found')
  return reconciliationView(statementId, existing(state), listedMax, services)
}

const ListedStatement = z.object({
  id: id('stm', 'stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
  account: z.object({ bankBin: z.string(), accountNumber: z.string() }),
  receivedAt: instant,
  status: z.enum(['received', 'reconciled']),
})

const listReconciliations = endpoint({
  method: 'get',
  path: '/v1/reconciliations',
  summary: 'List the statements that were sent, newest first',
  tag,
  access: ['operator'],
  query: z.strictObject(pageQuery),
  reply: { status: 200, description: 'A page of them', schema: page(ListedStatement) },
  run: async ({ query: { limit, cursor } }, { readModels }) => {
    const { rows, nextCursor } = await readModels.listStatements({ limit, cursor })
    const data = rows.map(({ id, bankBin, accountNumber, startedAt, reconciledAt }) => ({
      id,
      account: { bankBin, accountNumber },
      receivedAt: startedAt,
      status: reconciledAt === null ? 'received' : 'reconciled',
    }))
    return { status: 200, body: { data, nextCursor } }
  },
})

const getReconciliation = endpoint({
  method: 'get',
  path: '/v1/reconciliations/{id}',
  summary: 'A statement and what became of its lines',
  tag,
  access: ['operator'],
  params: statementParams,
  reply: { status: 200, description: 'As it was reconciled', schema: Reconciliation },
  problems: ['statement_not_found'],
  run: async ({ params }, services) => {
    const { version } = await services.gateway.statements.load(params.id)
    return { status: 200, body: await viewOf(params.id, services), headers: { etag: etag(version) } }
  },
})

const getLines = endpoint({
  method: 'get',
  path: '/v1/reconciliations/{id}/lines',
  summary: 'One list of a reconciliation, page by page',
  tag,
  access: ['operator'],
  params: statementParams,
  query: z.strictObject({
    list: z.enum(lists),
    limit: pageQuery.limit,
    cursor: z
      .string()
      .regex(/^\d{1,9}\.st[lm]_[0-9A-Z]{26}(-[a-z]{3}_[0-9A-Z]{1,26}(-\d{1,9})?)?$/)
      .optional(),
  }),
  reply: { status: 200, description: 'A page of lines, or of missing items', schema: Lines },
  problems: ['statement_not_found'],
  run: async ({ params, query: { list, limit, cursor } }, services) => {
    const { version } = await services.gateway.statements.load(params.id)
    if (version === 0) throw new Problem('statement_not_found')
    const found = await services.readModels.statementLines(params.id, list, { limit, cursor })
    const data = await Promise.all(found.rows.map((row) => lineView(row, services)))
    return { status: 200, body: { data, nextCursor: found.nextCursor } }
  },
})

export const reconciliationEndpoints = (): Endpoint[] => [
  uploadEndpoint(),
  listReconciliations,
  getReconciliation,
  getLines,
]
