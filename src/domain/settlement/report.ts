// The report of a settlement as CSV: what it is about, and a line for each entry. Its hash is over the lines (docs/settlement.md).
import { type Currency, formatMoney } from '../core/money.ts'
import type { Entry, Sums } from './entry.ts'
import { netOf } from './entry.ts'
import { type DateStart, lateReason, startOf } from './late.ts'
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
  'carriedIn',
  'net',
  'late',
] as const

/** The first of the lines that the hash is over. */
export const columnLine = `${columns.join(',')}\n`

/** Line `n`, from 1. Every amount has the sign of what it does to the merchant's money, and `net` adds them up. */
export function entryLine(n: number, entry: ReportedEntry, terms: ReportTerms): string {
  const { kind, paymentId, reference, orderId, occurredAt, recordedAt } = entry
  const what = [kind, paymentId, reference ?? '', cell(orderId ?? ''), occurredAt, recordedAt]
  const late = lateReason(entry, terms.start) ?? ''
  return `${[n, ...what, ...amounts(entry, 0n, terms.currency), late].join(',')}\n`
}

/** What the settlement before left negative; none where it left nothing. */
export const carriedLine = (n: number, carriedIn: bigint, { currency }: ReportTerms): string =>
  carriedIn === 0n
    ? ''
    : `${[n, 'carried_in', '', '', '', '', '', ...amounts(undefined, carriedIn, currency), ''].join(',')}\n`

function amounts(sums: Sums | undefined, carriedIn: bigint, currency: Currency): string[] {
  const net = carriedIn + (sums ? netOf(sums) : 0n)
  const all = sums
    ? [sums.gross, -sums.refunds, -sums.chargebacks, -sums.fees, -sums.vat, -sums.reserve]
    : [0n, 0n, 0n, 0n, 0n, 0n]
  return [...all, carriedIn, net].map((minor) => formatMoney({ minor, currency }))
}

/** What stands above the lines; none of it is in the hash. */
export function reportHead(settlement: Closed): string {
  const { merchantId, businessDate, currency, cutOff, fromPosition, toPosition, count, late } = settlement
  const facts = {
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
  return Object.entries(facts)
    .map(([name, value]) => `# ${name}: ${value}\n`)
    .join('')
}

/** Text that a merchant chose: a spreadsheet must not take it for a formula, and a comma must not end it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
