// /v1/settlements/{id}/report: the lines of a settlement, the same in every form.
import { z } from '@hono/zod-openapi'
import { currencies } from '../domain/core/money.ts'
import { readLines, readReport } from '../domain/settlement/readReport.ts'
import { type ReportLine, reportFacts } from '../domain/settlement/report.ts'
import { reportTableColumns, rowOf } from '../domain/settlement/reportTable.ts'
import type { ClosedSettlement } from '../domain/settlement/settlement.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { pageHeaders } from './pages/headers.ts'
import { languageOf, languages } from './pages/language.ts'
import { reportPage } from './pages/settlements/report.ts'
import { reportStyles } from './pages/settlements/stylesheet.ts'
import type { Services } from './services.ts'
import { settlementIdParam } from './settlementView.ts'
import { byteStream, textStream } from './textStream.ts'
import { visibleSettlement } from './visibleSettlement.ts'

const params = z.object({ id: settlementIdParam })
const access = ['merchant', 'operator'] as const

const getCsv = endpoint({
  method: 'get',
  path: '/v1/settlements/{id}/report.csv',
  summary: 'The lines of a settlement',
  tag: 'Settlement',
  access,
  params,
  reply: {
    status: 200,
    description: 'A line for each payment, refund and correction; their net is the net of the settlement',
    type: 'text/csv',
  },
  run: async ({ params, caller }, services) => {
    const { state } = await visibleSettlement(params.id, caller, services)
    await services.caughtUp()
    const body = textStream(readReport(state, services.closing))
    return sent(body, 'text/csv; charset=utf-8', `attachment; filename="${params.id}.csv"`)
  },
})

const getParquet = endpoint({
  method: 'get',
  path: '/v1/settlements/{id}/report.parquet',
  summary: 'The same lines as a Parquet file',
  tag: 'Settlement',
  access,
  params,
  reply: {
    status: 200,
    description:
      'Amounts in minor units. The file says in its metadata what the first lines of the CSV say, and how many decimals the currency has',
    type: 'application/vnd.apache.parquet',
  },
  run: async ({ params, caller }, services) => {
    const { state } = await visibleSettlement(params.id, caller, services)
    await services.caughtUp()
    const rows = rowsOf(readLines(state, services.closing))
    const body = byteStream(services.parquetStream(reportTableColumns, rows, notesOf(state)))
    return sent(body, 'application/vnd.apache.parquet', `attachment; filename="${params.id}.parquet"`)
  },
})

async function* rowsOf(pieces: AsyncIterable<{ readonly lines: readonly ReportLine[] }>) {
  for await (const { lines } of pieces) yield lines.map(rowOf)
}

/** The schema is the file's own: its amounts are written in another way than those of the CSV. */
const notesOf = (settlement: ClosedSettlement): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(reportFacts(settlement)).map(([name, value]) => [name, String(value)]),
  ),
  schema: 'thungan.settlement-report.parquet.v1',
  netMinor: settlement.net,
  decimals: String(currencies[settlement.currency].exponent),
})

const getHtml = endpoint({
  method: 'get',
  path: '/v1/settlements/{id}/report.html',
  summary: 'The same lines as a page to print, in Vietnamese or English',
  tag: 'Settlement',
  access,
  params,
  query: z.strictObject({ lang: z.enum(languages).optional() }),
  reply: {
    status: 200,
    description: 'Above 5000 lines it has the sums only. Without `lang` in the language of Accept-Language',
    type: 'text/html',
  },
  run: async ({ params, query, caller, header }, services) => {
    const { state } = await visibleSettlement(params.id, caller, services)
    const { state: merchant } = await services.gateway.merchants.load(state.merchantId)
    const merchantName = merchant.status === 'new' ? '' : merchant.name
    await services.caughtUp()
    const language = languageOf(query.lang, header('accept-language'))
    const pieces = reportPage({ settlement: state, merchantName, language }, () =>
      readLines(state, services.closing),
    )
    const disposition = `inline; filename="${params.id}.html"`
    const reply = sent(textStream(pieces), 'text/html; charset=utf-8', disposition)
    return {
      ...reply,
      headers: { ...pageHeaders, ...policyOf(services), ...reply.headers, 'content-language': language },
    }
  },
})

/** Its style stands in the page, which may load nothing at all. */
const policyOf = ({ crypto }: Services) => {
  const hash = btoa(String.fromCharCode(...crypto.digest(reportStyles)))
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`
  return { 'content-security-policy': policy }
}

const sent = (body: ReadableStream, type: string, disposition: string): Reply => ({
  status: 200,
  body,
  headers: { 'content-type': type, 'content-disposition': disposition, 'cache-control': 'no-store' },
})

export const reportEndpoints = [getCsv, getHtml, getParquet]
