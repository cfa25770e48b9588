// /v1/terminals/{id}/batches: a terminal's closes, what each side counted, and where they do not agree.
import { z } from '@hono/zod-openapi'
import { type Currency, formatMoney } from '../domain/core/money.ts'
import { batchIdOf, type OpenedBatch, type UploadedRecord } from '../domain/pos/batch.ts'
import { type CountedEntry, entriesBetween, referenceOf } from '../domain/pos/batchEntries.ts'
import { type ComparedRecords, compareRecords } from '../domain/pos/batchRecords.ts'
import { type BatchTotals, differencesOf, totalNames } from '../domain/pos/batchTotals.ts'
import { batchNumber } from '../domain/pos/findBatches.ts'
import { endpoint } from './endpoint.ts'
import { existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { amount, currency, instant, page, pageQuery } from './schemas.ts'
import type { Services } from './services.ts'
import { params, terminalId, visibleTerminal } from './terminalView.ts'

const number = z
  .string()
  .regex(/^\d{6}$/, 'Six digits.')
  .openapi({ example: '000001' })
const total = z.string().openapi({ description: 'A count, or an amount in major units', example: '125000' })
const Totals = z.object(Object.fromEntries(totalNames.map((name) => [name, total]))).openapi('BatchTotals')

const BatchView = z
  .object({
    number,
    terminalId,
    currency,
    status: z.enum(['open', 'uploading', 'balanced', 'out_of_balance']).openapi({
      description: '`uploading`: the first close did not agree, and the terminal sends its records',
    }),
    openedAt: instant,
    closedAt: instant.optional(),
    claimed: Totals.optional().openapi({ description: "The terminal's totals, as of its last close" }),
    counted: Totals.optional().openapi({ description: 'Ours, as of then' }),
    differences: z.array(z.object({ total: z.enum(totalNames), claimed: total, counted: total })),
  })
  .openapi('Batch')

const kind = z.enum(['purchase', 'purchase_reversal', 'refund', 'refund_reversal', 'authorization'])
const TheirRecord = z.object({
  kind,
  amount,
  reference: z.string().optional().openapi({ description: 'DE37' }),
  stan: z.string().optional().openapi({ description: 'DE11' }),
})
const OurRecord = z.object({
  kind,
  amount,
  reference: z.string().openapi({ description: 'DE37' }),
  id: z.string().openapi({ description: 'The payment or refund', example: 'pay_7K3MA9QZXW4F2P8R60' }),
})

const ZReport = BatchView.extend({
  uploaded: z.array(TheirRecord),
  unknown: z.array(TheirRecord).openapi({ description: 'Uploaded by the terminal, and not recorded here' }),
  missing: z.array(OurRecord).openapi({ description: 'Recorded here, and not uploaded by the terminal' }),
}).openapi('ZReport')

const shown = (name: (typeof totalNames)[number], value: string, of: Currency): string =>
  name.endsWith('Count') ? value : formatMoney({ minor: BigInt(value), currency: of })

const totalsView = (totals: BatchTotals, of: Currency) =>
  Object.fromEntries(totalNames.map((name) => [name, shown(name, totals[name], of)]))

function batchView(batch: OpenedBatch) {
  const { terminalId, batchNumber, currency: of, status, openedAt, closedAt, closes } = batch
  const last = [...closes.values()].at(-1)
  return {
    number: batchNumber,
    terminalId,
    currency: of,
    status,
    openedAt,
    ...(closedAt !== undefined && { closedAt }),
    ...(last && { claimed: totalsView(last.claimed, of), counted: totalsView(last.counted, of) }),
    differences: (last ? differencesOf(last.claimed, last.counted) : []).map(
      ({ total, claimed, counted }) => ({
        total,
        claimed: shown(total, claimed, of),
        counted: shown(total, counted, of),
      }),
    ),
  }
}

const theirs =
  (of: Currency) =>
  ({ kind, amount, reference, stan }: UploadedRecord) => ({
    kind,
    amount: formatMoney({ minor: BigInt(amount), currency: of }),
    ...(reference !== undefined && { reference }),
    ...(stan !== undefined && { stan }),
  })

const ours = (of: Currency) => (entry: CountedEntry) => ({
  kind: entry.kind,
  amount: formatMoney({ minor: entry.amount, currency: of }),
  reference: referenceOf(entry),
  id: entry.id,
})

/** Both sides' records, once the terminal was asked for its own. */
async function comparedRecords(batch: OpenedBatch, services: Services): Promise<ComparedRecords> {
  const { gateway, readModels, caughtUp } = services
  const { terminalId, batchNumber: own, currency, upTo, records, status } = batch
  if (records.size === 0 && status !== 'out_of_balance' && status !== 'uploading')
    return { unknown: [], missing: [] }
  const before = batchIdOf(terminalId, batchNumber(Number(own) - 1))
  const { state: earlier } = await gateway.batches.load(before)
  const after = earlier.status === 'new' ? '' : (earlier.upTo ?? '')
  const end = await caughtUp()
  const recorded = await readModels.batchRecords(terminalId, currency, after)
  return compareRecords(entriesBetween(recorded, after, upTo ?? end), records.values())
}

const listBatches = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}/batches',
  summary: "A terminal's batches, the newest first",
  tag: 'Terminals',
  access: ['merchant', 'terminal', 'operator'],
  params,
  query: z.strictObject({ limit: pageQuery.limit, cursor: number.optional() }),
  reply: { status: 200, description: 'A page of batches', schema: page(BatchView) },
  run: async ({ params, query: { limit, cursor }, caller }, services) => {
    await visibleTerminal(params.id, caller!, services)
    const { gateway, readModels } = services
    const { rows, nextCursor } = await readModels.batchNumbers(params.id, { limit, cursor })
    const found = await Promise.all(rows.map((one) => gateway.batches.load(batchIdOf(params.id, one))))
    return { status: 200, body: { data: found.map(({ state }) => batchView(existing(state))), nextCursor } }
  },
})

const getBatch = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}/batches/{number}',
  summary: 'The Z-report of a batch',
  tag: 'Terminals',
  access: ['merchant', 'terminal', 'operator'],
  params: params.extend({ number }),
  reply: {
    status: 200,
    description: 'Totals of both sides, and every record on which they differ',
    schema: ZReport,
  },
  run: async ({ params, caller }, services) => {
    await visibleTerminal(params.id, caller!, services)
    const { state, version } = await services.gateway.batches.load(batchIdOf(params.id, params.number))
    if (state.status === 'new') throw new Problem('not_found')
    const { unknown, missing } = await comparedRecords(state, services)
    const body = {
      ...batchView(state),
      uploaded: [...state.records.values()].map(theirs(state.currency)),
      unknown: unknown.map(theirs(state.currency)),
      missing: missing.map(ours(state.currency)),
    }
    return reply(200, body, { version })
  },
})

export const batchEndpoints = [listBatches, getBatch]
