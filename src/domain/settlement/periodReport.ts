// What a merchant was paid, gave back and was charged between two business dates: a line for each entry, as CSV.
import { addDays } from '../core/businessDay.ts'
import { type Currency, formatMoney } from '../core/money.ts'
import { csvCell } from './csvCell.ts'
import { type CutOff, cutInstant, midnight } from './cutOff.ts'
import { netOf } from './entry.ts'
import { headText, type ReportedEntry } from './report.ts'
import { pagesOf, type SettlingPorts } from './settleAccount.ts'

export const periodReportSchema = 'thungan.payments-report.v1'

/** Business dates, both included. */
export type Period = {
  readonly merchantId: string
  readonly currency: Currency
  readonly from: string
  readonly to: string
}

/** Up to `toPosition`, after `fromPosition` ('' : the start). */
type Cut = { readonly fromPosition: string; readonly toPosition: string }

type PeriodPorts = {
  readonly cutOffsOn: (date: string) => Promise<ReadonlyMap<string, CutOff>>
  readonly lastBefore: (instant: string) => Promise<string>
}

/** Where in the log the period begins and ends: where its business dates do for this merchant, as in its settlements. */
export async function cutOfPeriod({ merchantId, from, to }: Period, ports: PeriodPorts): Promise<Cut> {
  const endOf = async (date: string): Promise<string> => {
    const cutOff = (await ports.cutOffsOn(date)).get(merchantId) ?? midnight
    return ports.lastBefore(cutInstant(date, cutOff))
  }
  return { fromPosition: await endOf(addDays(from, -1)), toPosition: await endOf(to) }
}

const columns = [
  'line',
  'kind',
  'paymentId',
  'reference',
  'orderId',
  'occurredAt',
  'recordedAt',
  'gross',
  'refunds',
  'chargebacks',
  'fees',
  'vat',
  'reserve',
  'net',
]

/** The CSV piece by piece, in the order of the log. */
export async function* readPeriod(
  { merchantId, currency, from, to }: Period,
  { fromPosition, toPosition }: Cut,
  ports: Pick<SettlingPorts, 'reads' | 'nextTurn'>,
): AsyncGenerator<string> {
  const positions = { fromPosition: fromPosition || 'start', toPosition: toPosition || 'start' }
  const facts = { schema: periodReportSchema, merchantId, from, to, currency, ...positions }
  yield `${headText(facts)}${columns.join(',')}\n`
  let n = 0
  for await (const page of pagesOf({ merchantId, currency, after: fromPosition, upTo: toPosition }, ports))
    yield page.map((entry) => lineOf(++n, entry)).join('')
}

/** As in a settlement's report: each amount has the sign of what it does to the merchant's money. */
function lineOf(n: number, entry: ReportedEntry): string {
  const { kind, paymentId, reference, orderId, occurredAt, recordedAt, currency } = entry
  const what = [kind, paymentId, reference ?? '', csvCell(orderId ?? ''), occurredAt, recordedAt]
  const { gross, refunds, chargebacks, fees, vat, reserve } = entry
  const amounts = [gross, -refunds, -chargebacks, -fees, -vat, -reserve, netOf(entry)]
  return `${[n, ...what, ...amounts.map((minor) => formatMoney({ minor, currency }))].join(',')}\n`
}
