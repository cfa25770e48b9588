// /v1/reports/payments.csv: what a merchant was paid, gave back and was charged, line by line between two business dates.
import { z } from '@hono/zod-openapi'
import { addDays } from '../domain/core/businessDay.ts'
import { type Currency, currencies } from '../domain/core/money.ts'
import { cutOfPeriod, readPeriod } from '../domain/settlement/periodReport.ts'
import type { Caller } from './auth.ts'
import { date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { id } from './schemas.ts'
import { textStream } from './textStream.ts'

const daysMax = 366
const merchantParam = id('mer', 'mer_7K3MA')

const paymentsReport = endpoint({
  method: 'get',
  path: '/v1/reports/payments.csv',
  summary: 'Payments, refunds, fees and VAT of a period, line by line',
  tag: 'Settlement',
  access: ['merchant', 'operator'],
  query: z.strictObject({
    from: date,
    to: date.openapi({ description: 'Included; at most 366 days from the first' }),
    currency: z.enum(Object.keys(currencies) as [Currency]).default('VND'),
    merchantId: merchantParam.optional().openapi({ description: 'The operator must name one' }),
  }),
  reply: {
    status: 200,
    description:
      'A line for each event that moved money of the merchant, in the order of the log, by the business dates that it was recorded on',
    type: 'text/csv',
  },
  run: async ({ query: { merchantId: named, ...query }, caller }, services) => {
    const merchantId = merchantOf(named, caller!)
    const { from, to } = query
    if (to < from) throw invalid({ pointer: 'to', detail: 'Not before "from".' })
    if (addDays(from, daysMax) <= to) throw invalid({ pointer: 'to', detail: `At most ${daysMax} days.` })
    const { state } = await services.gateway.merchants.load(merchantId)
    if (state.status === 'new') throw new Problem('not_found')
    await services.caughtUp()
    const period = { merchantId, ...query }
    const cut = await cutOfPeriod(period, services.readModels)
    return {
      status: 200,
      body: textStream(readPeriod(period, cut, services.closing)),
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="payments-${from}-${to}.csv"`,
        'cache-control': 'no-store',
      },
    }
  },
})

function merchantOf(named: string | undefined, { merchantId: own }: Caller): string {
  if (own === undefined && named === undefined)
    throw invalid({ pointer: 'merchantId', detail: 'Name the merchant.' })
  if (own !== undefined && named !== undefined && own !== named) throw new Problem('not_found')
  return own ?? named!
}

export const periodReportEndpoints = [paymentsReport]
