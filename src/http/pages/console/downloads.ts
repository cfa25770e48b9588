// Files of the API for whoever has signed in: a browser has a session and no key.
import type { Context } from 'hono'
import type { Asked, Reply } from '../../endpoint.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { given } from './payments.ts'

const reports = ['csv', 'html', 'parquet'] as const

export const downloadPages: readonly ConsolePage[] = [
  ...reports.map(
    (form): ConsolePage => ({
      method: 'get',
      path: `/settlements/:id/report.${form}`,
      run: (visit, c) =>
        download(visit, `get /v1/settlements/{id}/report.${form}`, {
          params: { id: c.req.param('id') ?? '' },
          query: form === 'html' ? { lang: visit.language } : {},
        }),
    }),
  ),
  {
    method: 'get',
    path: '/reports/payments.csv',
    run: (visit, c) => download(visit, 'get /v1/reports/payments.csv', { query: period(c) }),
  },
]

function period(c: Context): Record<string, string> {
  const { from = '', to = '', merchantId = '' } = c.req.query()
  return given({ from, to, merchantId: merchantId.trim() })
}

async function download(
  { api }: ConsoleVisit,
  name: Parameters<ConsoleVisit['api']['answer']>[0],
  asked: Asked,
): Promise<Response> {
  const { status, body, headers }: Reply = await api.answer(name, asked)
  return new Response(body as ReadableStream, { status, ...(headers && { headers }) })
}
