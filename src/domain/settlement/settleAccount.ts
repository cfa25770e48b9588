// Closes one merchant's account in one currency up to a place in the log: reads its entries, adds them up, hashes the report.
import type { Currency } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { payoutTermsOf } from '../merchants/merchant.ts'
import { valueDate } from './bankCalendar.ts'
import type { CutPlace, Cuts } from './cut.ts'
import { addSums, netOf, noSums, type Sums } from './entry.ts'
import { lateReason } from './late.ts'
import {
  carriedLine,
  columnLine,
  entryLine,
  type ReportedEntry,
  type ReportTerms,
  reportTerms,
} from './report.ts'
import { type Closed, settlementId } from './settlement.ts'

/** What a merchant is owed in a currency, as it stands after its last settlement. */
export type OpenAccount = {
  readonly merchantId: string
  readonly currency: Currency
  /** Up to where it is settled; '' where it never was. */
  readonly settledTo: string
  /** The business date of its last settlement; '' where there is none. */
  readonly settledOn: string
  /** What the last settlement left negative: zero or less. */
  readonly carried: bigint
}

/** The entries of an account after a position and up to another, in order. */
export type EntryRange = Pick<OpenAccount, 'merchantId' | 'currency'> & {
  readonly after: string
  readonly upTo: string
}

/** SHA-256 over texts as they come. */
export type Hasher = { readonly add: (text: string) => void; readonly hex: () => string }

export type SettlingPorts = {
  readonly settlements: Gateway['settlements']
  readonly merchants: Gateway['merchants']
  readonly reads: {
    readonly entries: (range: EntryRange, limit: number) => Promise<readonly ReportedEntry[]>
  }
  readonly hasher: () => Hasher
  readonly now: () => Date
  /** Lets those who wait for an answer go first. */
  readonly nextTurn: () => Promise<unknown>
}

export const pageSize = 250

/** The entries of a range, a page at a time, so that neither memory nor the thread is held for long. */
export async function* pagesOf(
  range: EntryRange,
  { reads, nextTurn }: Pick<SettlingPorts, 'reads' | 'nextTurn'>,
): AsyncGenerator<readonly ReportedEntry[]> {
  for (let after = range.after; ; ) {
    const page = await reads.entries({ ...range, after }, pageSize)
    if (page.length > 0) yield page
    await nextTurn()
    if (page.length < pageSize) return
    after = page.at(-1)!.position
  }
}

/** What closing an account up to a place says; nothing where there are no entries, or the date was settled before. */
export async function countAccount(
  { merchantId, currency, settledTo, settledOn, carried }: OpenAccount,
  { cutOff, cutAt, position }: CutPlace,
  { number, businessDate }: Pick<NonNullable<Cuts['last']>, 'number' | 'businessDate'>,
  ports: SettlingPorts,
): Promise<Closed | undefined> {
  if (settledOn >= businessDate || settledTo >= position) return undefined
  const range = { merchantId, currency, after: settledTo, upTo: position }
  const counted = await countOf(range, carried, reportTerms({ businessDate, currency, cutOff }), ports)
  if (counted.count === 0) return undefined
  const closedAt = ports.now().toISOString() // of a cut that is finished late, long after it was taken
  return {
    merchantId,
    businessDate,
    currency,
    ...counted,
    fromPosition: settledTo,
    toPosition: position,
    cutOff,
    cutAt,
    cut: number,
    ...(await payoutTerms(merchantId, businessDate, closedAt, ports)),
    closedAt,
  }
}

/** Of two who close the same, what the first recorded stands. */
export async function recordClosed(data: Closed, { settlements }: SettlingPorts): Promise<void> {
  const id = settlementId(data.merchantId, data.businessDate, data.currency)
  const metadata = { actor: 'settlementRun', correlationId: `cut-${data.cut}` }
  const command = { type: 'CloseSettlement', data } as const
  const outcome = await settlements.handle(id, command, metadata, { expectNew: true })
  if (!outcome.ok) throw new Error(`${id} could not be closed: ${outcome.rejection}`)
}

type Counted = Pick<Closed, keyof Sums | 'carriedIn' | 'net' | 'count' | 'late' | 'hash'>

async function countOf(
  range: EntryRange,
  carried: bigint,
  terms: ReportTerms,
  ports: SettlingPorts,
): Promise<Counted> {
  const hasher = ports.hasher()
  hasher.add(columnLine)
  let sums = noSums
  let count = 0
  let late = 0
  for await (const page of pagesOf(range, ports)) {
    hasher.add(page.map((entry, index) => entryLine(count + index + 1, entry, terms)).join(''))
    sums = page.reduce<Sums>(addSums, sums)
    late += page.filter((entry) => lateReason(entry, terms.start)).length
    count += page.length
  }
  hasher.add(carriedLine(count + 1, carried, terms))
  return {
    gross: String(sums.gross),
    refunds: String(sums.refunds),
    chargebacks: String(sums.chargebacks),
    fees: String(sums.fees),
    vat: String(sums.vat),
    reserve: String(sums.reserve),
    carriedIn: String(carried),
    net: String(netOf(sums) + carried),
    count,
    late,
    hash: hasher.hex(),
  }
}

async function payoutTerms(
  merchantId: string,
  businessDate: string,
  closedAt: string,
  { merchants }: SettlingPorts,
): Promise<Pick<Closed, 'payoutCycle' | 'valueDate' | 'account'>> {
  const { state } = await merchants.load(merchantId)
  const { payoutCycle, account } = payoutTermsOf(state)
  return {
    payoutCycle,
    valueDate: valueDate(businessDate, payoutCycle, closedAt),
    ...(account && { account }),
  }
}
