// The report of a settlement from the entries: the same lines whenever and wherever it is made, or none.
import {
  carriedIn,
  columnLine,
  headText,
  lineText,
  type ReportLine,
  reportFacts,
  reportLine,
  reportTerms,
} from './report.ts'
import { pagesOf, type SettlingPorts } from './settleAccount.ts'
import type { Closed } from './settlement.ts'

type ReportPorts = Pick<SettlingPorts, 'reads' | 'hasher' | 'nextTurn'>

/** Some of the lines, in order; and the same as CSV. */
type Piece = { readonly lines: readonly ReportLine[]; readonly text: string }

/** The lines piece by piece, none empty. Throws at the end where they are not those that were hashed when it was closed. */
export async function* readLines(settlement: Closed, ports: ReportPorts): AsyncGenerator<Piece> {
  const { merchantId, currency, fromPosition, toPosition } = settlement
  const terms = reportTerms(settlement)
  const hasher = ports.hasher()
  hasher.add(columnLine)
  const hashed = (lines: readonly ReportLine[]): Piece => {
    const text = lines.map((line) => lineText(line, terms)).join('')
    hasher.add(text)
    return { lines, text }
  }
  let n = 0
  for await (const page of pagesOf({ merchantId, currency, after: fromPosition, upTo: toPosition }, ports))
    yield hashed(page.map((entry) => reportLine(++n, entry, terms)))
  const carried = BigInt(settlement.carriedIn)
  if (carried !== 0n) yield hashed([carriedIn(n + 1, carried)])
  if (hasher.hex() !== settlement.hash)
    throw new Error(
      `the entries of ${merchantId} on ${settlement.businessDate} are not those it was closed with`,
    )
}

/** The report as CSV, piece by piece. */
export async function* readReport(settlement: Closed, ports: ReportPorts): AsyncGenerator<string> {
  yield headText(reportFacts(settlement)) + columnLine
  for await (const { text } of readLines(settlement, ports)) yield text
}
