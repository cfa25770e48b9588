// GET /v1/bills/days/{date}/file.csv and .xml: what was paid for which bill on a business day, adding up to the books. The same bytes whenever it is asked for.
import { z } from '@hono/zod-openapi'
import type { PayableLineRow } from '../../projections/payableLines.ts'
import { type BillerLine, billerLines, payoutLine } from '../domain/bills/billerFile.ts'
import { addDays } from '../domain/core/businessDay.ts'
import { asQrPayment } from '../domain/payments/payment.ts'
import { date, today } from './days.ts'
import { endpoint } from './endpoint.ts'
import { camt054 } from './iso20022/camt054.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'
import { textStream } from './textStream.ts'

export const billerFileSchema = 'thungan.biller-file.v1'
const linesAtOnce = 500

const columns = [
  'line',
  'kind',
  'recordedAt',
  'source',
  'billNumber',
  'billId',
  'customerCode',
  'billAmount',
  'lateFee',
  'amount',
] as const

/** Every line of a biller's business day, in the order of the log. */
export async function* billerDay(
  billerId: string,
  businessDate: string,
  services: Services,
): AsyncGenerator<readonly BillerLine[]> {
  const filter = {
    merchantId: billerId,
    currency: 'VND',
    from: startOf(businessDate),
    to: startOf(addDays(businessDate, 1)),
  }
  let cursor: string | undefined
  do {
    const page = await services.readModels.listPayableLines(filter, { limit: linesAtOnce, cursor })
    for (const row of page.rows) yield await linesOf(row, services)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

const startOf = (businessDate: string): string => new Date(`${businessDate}T00:00:00+07:00`).toISOString()

async function linesOf(
  row: PayableLineRow,
  { gateway, readStream }: Services,
): Promise<readonly BillerLine[]> {
  if (!row.source.startsWith('pay_')) return [payoutLine(row.source, row)]
  const [events, payment] = await Promise.all([
    readStream(`payment-${row.source}`),
    gateway.payments.load(row.source),
  ])
  const event = events.find(({ position }) => position === row.position)
  if (!event) throw new Error(`${row.source} has no event at ${row.position}`)
  return billerLines(row.source, event, row, asQrPayment(payment.state)?.bills)
}

async function* csvOf(billerId: string, businessDate: string, services: Services): AsyncGenerator<string> {
  const facts = { schema: billerFileSchema, billerId, businessDate, currency: 'VND' }
  const head = Object.entries(facts).map(([name, value]) => `# ${name}: ${value}\n`)
  yield `${head.join('')}${columns.join(',')}\n`
  let [count, sum] = [0, 0n]
  for await (const lines of billerDay(billerId, businessDate, services)) {
    let text = ''
    for (const line of lines) {
      count += 1
      sum += line.amount
      text += row(count, line)
    }
    if (text !== '') yield text
  }
  yield `TOTAL,${count},${sum}\n`
}

/** Nothing here can be a formula or hold a comma: numbers of bills are letters, digits and . _ / - and begin with none of = + @. */
const row = (line: number, { kind, recordedAt, source, share, customerCode, amount }: BillerLine) =>
  `${[
    line,
    kind,
    recordedAt,
    source,
    share ? safe(share.billNumber) : '',
    share?.billId ?? '',
    customerCode ?? '',
    share?.amount ?? '',
    share?.lateFee ?? '',
    amount,
  ].join(',')}\n`

/** A number that begins with a hyphen is none to a spreadsheet. */
const safe = (billNumber: string): string => (billNumber.startsWith('-') ? `'${billNumber}` : billNumber)

async function* xmlOf(billerId: string, businessDate: string, services: Services): AsyncGenerator<string> {
  let [count, sum, net] = [0, 0n, 0n]
  for await (const lines of billerDay(billerId, businessDate, services))
    for (const { amount } of lines) {
      count += 1
      sum += amount < 0n ? -amount : amount
      net += amount
    }
  const [from, to] = [startOf(businessDate), startOf(addDays(businessDate, 1))]
  const day = { billerId, businessDate, from, to, totals: { count, sum, net } }
  yield* camt054(day, billerDay(billerId, businessDate, services)) // read again: what comes first says what it adds up to
}

const forms = {
  csv: {
    type: 'text/csv',
    description: 'A line for each share of a bill, return, fee and tax; the last row has their count and sum',
    write: csvOf,
  },
  xml: {
    type: 'application/xml',
    description: 'The same lines as camt.054.001.08, with their number and net at the beginning',
    write: xmlOf,
  },
}

const fileEndpoint = (form: keyof typeof forms) =>
  endpoint({
    method: 'get',
    path: `/v1/bills/days/{date}/file.${form}`,
    summary: `What was paid for which bill on a business day, matching the books, as ${form.toUpperCase()}`,
    tag: 'Bills',
    access: ['merchant'],
    params: z.object({
      date: date.openapi({ description: 'A business day that is over', example: '2026-11-22' }),
    }),
    reply: { status: 200, description: forms[form].description, type: forms[form].type },
    problems: ['business_day_not_over'],
    run: async ({ params, caller }, services) => {
      if (params.date >= today(services)) throw new Problem('business_day_not_over')
      await services.caughtUp()
      return {
        status: 200,
        body: textStream(forms[form].write(caller!.merchantId!, params.date, services)),
        headers: {
          'content-type': `${forms[form].type}; charset=utf-8`,
          'content-disposition': `attachment; filename="bills-${params.date}.${form}"`,
          'cache-control': 'no-store',
        },
      }
    },
  })

export const billerFileEndpoints = [fileEndpoint('csv'), fileEndpoint('xml')]
