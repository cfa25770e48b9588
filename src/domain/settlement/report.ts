// The report of a settlement: what it is about, and a line for each entry. Its hash is over the lines as CSV (docs/settlement.md).
import { type Currency, formatMoney } from '../core/money.ts'
import { csvCell } from './csvCell.ts'
import { type Entry, netOf, noSums } from './entry.ts'
import { type DateStart, type LateReason, lateReason, startOf } from './late.ts'
import { type Closed, settlementId } from './settlement.ts'

export const reportSchema = 'thungan.settlement-report.v1'

/** What lines need besides their entries. */
export type ReportTerms = { readonly currency: Currency; readonly start: DateStart }

export const reportTerms = ({
  businessDate,
  currency,
  cutOff,
}: Pick<Closed, 'businessDate' | 'currency' | 'cutOff'>): ReportTerms => ({
  currency,
  start: startOf(businessDate, cutOff),
})

/** `orderId`: the merchant's own number of the order, from the payment. */
export type ReportedEntry = Entry & { readonly orderId: string | null }

/** A line, whatever form it takes. Minor units; every amount has the sign of what it does to the merchant's money, and `net` adds them up. */
export type ReportLine = {
  /** From 1. */
  readonly line: number
  readonly kind: Entry['kind'] | 'carried_in'
  readonly paymentId: string
  readonly reference: string
  readonly orderId: string
  readonly occurredAt: string
  readonly recordedAt: string
  readonly gross: bigint
  readonly refunds: bigint
  readonly chargebacks: bigint
  readonly fees: bigint
  readonly vat: bigint
  readonly reserve: bigint
  readonly carriedIn: bigint
  readonly net: bigint
  readonly late: LateReason | ''
}

export const reportColumns = [
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
  'carriedIn',
  'net',
  'late',
] as const satisfies readonly (keyof ReportLine)[]

/** The first of the lines that the hash is over. */
export const columnLine = `${reportColumns.join(',')}\n`

export const reportLine = (line: number, entry: ReportedEntry, { start }: ReportTerms): ReportLine => ({
  line,
  kind: entry.kind,
  paymentId: entry.paymentId,
  reference: entry.reference ?? '',
  orderId: entry.orderId ?? '',
  occurredAt: entry.occurredAt,
  recordedAt: entry.recordedAt,
  gross: entry.gross,
  refunds: -entry.refunds,
  chargebacks: -entry.chargebacks,
  fees: -entry.fees,
  vat: -entry.vat,
  reserve: -entry.reserve,
  carriedIn: 0n,
  net: netOf(entry),
  late: lateReason(entry, start) ?? '',
})

/** What the settlement before left negative. */
export const carriedIn = (line: number, amount: bigint): ReportLine => ({
  line,
  kind: 'carried_in',
  paymentId: '',
  reference: '',
  orderId: '',
  occurredAt: '',
  recordedAt: '',
  ...noSums,
  carriedIn: amount,
  net: amount,
  late: '',
})

/** A line as CSV. */
export function lineText(line: ReportLine, { currency }: ReportTerms): string {
  const { kind, paymentId, reference, orderId, occurredAt, recordedAt, late } = line
  const { gross, refunds, chargebacks, fees, vat, reserve, net } = line
  const what = [kind, paymentId, reference, csvCell(orderId), occurredAt, recordedAt]
  const amounts = [gross, refunds, chargebacks, fees, vat, reserve, line.carriedIn, net].map((minor) =>
    formatMoney({ minor, currency }),
  )
  return `${[line.line, ...what, ...amounts, late].join(',')}\n`
}

/** Line `n` of an entry as CSV. */
export const entryLine = (n: number, entry: ReportedEntry, terms: ReportTerms): string =>
  lineText(reportLine(n, entry, terms), terms)

/** What was carried in as CSV; none where it is nothing. */
export const carriedLine = (n: number, amount: bigint, terms: ReportTerms): string =>
  amount === 0n ? '' : lineText(carriedIn(n, amount), terms)

/** What the report is about, by the names that every form of it has. */
export function reportFacts(settlement: Closed): Readonly<Record<string, string | number>> {
  const { merchantId, businessDate, currency, cutOff, fromPosition, toPosition, count, late } = settlement
  return {
    schema: reportSchema,
    settlement: settlementId(merchantId, businessDate, currency),
    merchantId,
    businessDate,
    currency,
    cutOff,
    cutAt: settlement.cutAt,
    fromPosition: fromPosition || 'start',
    toPosition,
    count,
    late,
    net: formatMoney({ minor: BigInt(settlement.net), currency }),
    hash: `sha256:${settlement.hash}`,
  }
}

/** What stands above the lines of a CSV; none of it is in the hash. */
export const headText = (facts: Readonly<Record<string, string | number>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `# ${name}: ${value}\n`)
    .join('')
