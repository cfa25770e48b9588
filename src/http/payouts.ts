// /v1/payouts: the files that a bank pays merchants by, and what the bank says became of them.
import { z } from '@hono/zod-openapi'
import { payAgain } from '../domain/settlement/payAgain.ts'
import { settlementNamed } from '../domain/settlement/payout.ts'
import { fileOfMessage, type PayoutFileName, payoutMessage } from '../domain/settlement/payoutFile.ts'
import { meaningOf, type ReportedStatus } from '../domain/settlement/payoutStatus.ts'
import { date, today } from './days.ts'
import { endpoint } from './endpoint.ts'
import { pain001 } from './iso20022/pain001.ts'
import { Problem } from './problem.ts'
import { page, pageQuery } from './schemas.ts'
import type { Services } from './services.ts'
import { readPain002, StatusReportFault } from './statements/pain002.ts'
import { textStream } from './textStream.ts'

const bytesMax = 16 * 1024 * 1024
const cutNumber = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'The number of a cut: GET /v1/payouts names those that have a file.')

/** Who pays in the sandbox: an account that is nobody's. */
const sandboxPayer = { bankBin: '970436', accountNumber: '0000000000', accountName: 'THU NGAN SANDBOX' }

const getPayoutFile = endpoint({
  method: 'get',
  path: '/v1/payouts/{businessDate}.xml',
  summary: 'The payouts of a business date, or of one of its cuts, for the bank',
  tag: 'Settlement',
  access: ['merchant', 'operator'],
  params: z.object({ businessDate: date }),
  query: z.strictObject({
    cut: cutNumber.optional().openapi({
      description:
        'Only payouts that this cut asked for to be carried out on the business date itself (`T+0`)',
    }),
  }),
  reply: {
    status: 200,
    description:
      'ISO 20022 pain.001.001.09. The header payout-file-status says `final` once nothing more can come into it; a merchant sees its own payouts',
    type: 'application/xml',
  },
  problems: ['no_payouts', 'payout_account_missing', 'business_date_in_future'],
  run: async ({ params: { businessDate }, query: { cut }, caller }, services) => {
    const { settings, readModels, crypto, closing, caughtUp } = services
    if (businessDate > today(services)) throw new Problem('business_date_in_future')
    const debtor = settings.payoutFrom ?? (settings.sandbox ? sandboxPayer : undefined)
    if (!debtor) throw new Problem('payout_account_missing')
    await caughtUp()
    const name = { businessDate, ...(cut !== undefined && { cut: Number(cut) }) }
    const { rows, final } = await readModels.payoutFile(name, caller?.merchantId)
    if (rows.length === 0) throw new Problem('no_payouts')
    const message = payoutMessage(name, rows, crypto.hash)
    const headers = {
      'content-type': 'application/xml; charset=utf-8',
      'content-disposition': `attachment; filename="${message.messageId}.xml"`,
      'cache-control': 'no-store',
      'payout-file-status': final ? 'final' : 'open',
    }
    return { status: 200, body: textStream(pain001(message, debtor, closing.nextTurn)), headers }
  },
})

const FileView = z
  .object({
    businessDate: date,
    cut: z.int().nullable(),
    payouts: z.int(),
    path: z.string().openapi({ example: '/v1/payouts/2026-11-22.xml' }),
  })
  .openapi('PayoutFile')

const listPayoutFiles = endpoint({
  method: 'get',
  path: '/v1/payouts',
  summary: 'List the files that can be sent to the bank',
  tag: 'Settlement',
  access: ['operator'],
  query: z.strictObject({ limit: pageQuery.limit, cursor: cutNumber.optional() }),
  reply: {
    status: 200,
    description:
      'Files that nothing more can come into, the newest first: one of each business date that is over, and one of each cut with payouts to be carried out on that very day',
    schema: page(FileView),
  },
  run: async ({ query: { limit, cursor } }, services) => {
    await services.caughtUp()
    const { rows, nextCursor } = await services.readModels.payoutFiles({ limit, cursor })
    const data = rows.map(({ payouts, ...name }) => ({
      businessDate: name.businessDate,
      cut: name.cut ?? null,
      payouts,
      path: pathOf(name),
    }))
    return { status: 200, body: { data, nextCursor } }
  },
})

const pathOf = ({ businessDate, cut }: PayoutFileName): string =>
  `/v1/payouts/${businessDate}.xml${cut === undefined ? '' : `?cut=${cut}`}`

const outcome = z.enum(['recorded', 'unchanged', 'unknown', 'conflict'])
type Line = { endToEndId: string; code: string; outcome: z.output<typeof outcome> }

const putStatus = endpoint({
  method: 'post',
  path: '/v1/payouts/status',
  summary: 'Take a status report of the bank',
  tag: 'Settlement',
  access: ['operator'],
  file: { types: { 'application/xml': { schema: z.string() } }, bytesMax },
  reply: {
    status: 200,
    description:
      'What each status did. A payout that was rejected is in the next file again, once, under a new end-to-end id; `conflict`: settled after it had been rejected, people must look at it',
    schema: z.object({
      recorded: z.int(),
      unchanged: z.int(),
      unknown: z.int(),
      conflicts: z.int(),
      lines: z.array(z.object({ endToEndId: z.string(), code: z.string(), outcome })),
    }),
  },
  problems: ['status_report_unreadable'],
  run: async ({ file }, services) => {
    const lines: Line[] = []
    const all = await readOrRefuse(file())
    for (const { endToEndId, reported } of await everyPayout(all, services))
      lines.push({ endToEndId, code: reported.code, outcome: await record(endToEndId, reported, services) })
    const count = (wanted: Line['outcome']) => lines.filter(({ outcome }) => outcome === wanted).length
    const counts = { recorded: count('recorded'), unchanged: count('unchanged'), unknown: count('unknown') }
    return { status: 200, body: { ...counts, conflicts: count('conflict'), lines } }
  },
})

async function readOrRefuse(file: AsyncIterable<Uint8Array>): Promise<readonly ReportedStatus[]> {
  try {
    return await readPain002(file)
  } catch (error) {
    if (error instanceof StatusReportFault)
      throw new Problem('status_report_unreadable', { detail: error.message })
    throw error
  }
}

/** What a report says of each payout. All of it is looked up before any is recorded, so a report is not refused halfway. */
async function everyPayout(
  all: readonly ReportedStatus[],
  services: Services,
): Promise<readonly { endToEndId: string; reported: ReportedStatus }[]> {
  const named = new Set(all.flatMap((one) => ('endToEndId' in one ? [one.endToEndId] : [])))
  const told = []
  for (const reported of all)
    for (const endToEndId of await payoutsOf(reported, named, services)) told.push({ endToEndId, reported })
  return told
}

/** A status of a message or a group is one of each payout in it that has none of its own. */
async function payoutsOf(
  reported: ReportedStatus,
  named: ReadonlySet<string>,
  { readModels, crypto, caughtUp }: Services,
): Promise<readonly string[]> {
  if ('endToEndId' in reported) return [reported.endToEndId]
  const { messageId, paymentInformationId } = reported
  if (meaningOf(reported.code) === undefined) return []
  const of = fileOfMessage(messageId)
  await caughtUp()
  const rows = of === undefined ? [] : (await readModels.payoutFile(of, undefined)).rows
  const message = of !== undefined && rows.length > 0 ? payoutMessage(of, rows, crypto.hash) : undefined
  if (message?.messageId !== messageId)
    throw new Problem('status_report_unreadable', { detail: 'It is about a message that was not made here.' })
  return message.groups
    .filter((one) => paymentInformationId === undefined || one.paymentInformationId === paymentInformationId)
    .flatMap(({ payouts }) => payouts.map(({ endToEndId }) => endToEndId))
    .filter((endToEndId) => !named.has(endToEndId))
}

async function record(
  endToEndId: string,
  { code, reason }: ReportedStatus,
  services: Services,
): Promise<Line['outcome']> {
  const { settlements, merchants } = services.gateway
  const settlementId = settlementNamed(endToEndId)
  const status = meaningOf(code)
  if (!settlementId || !status) return 'unknown'
  const before = (await settlements.load(settlementId)).version
  const at = services.now().toISOString()
  const data = { endToEndId, status, ...(reason !== undefined && { reason }), at }
  const done = await settlements.handle(settlementId, { type: 'RecordPayoutStatus', data }, { actor: 'bank' })
  if (!done.ok) return done.rejection === 'payout_already_rejected' ? 'conflict' : 'unknown'
  if (status === 'rejected') await payAgain(settlementId, { settlements, merchants, now: services.now })
  return done.version > before ? 'recorded' : 'unchanged'
}

export const payoutEndpoints = [listPayoutFiles, getPayoutFile, putStatus]
