// The report of a settlement from the entries: the same bytes whenever and wherever it is made, or none.
import { carriedLine, columnLine, entryLine, reportHead, reportTerms } from './report.ts'
import { pagesOf, type SettlingPorts } from './settleAccount.ts'
import type { Closed } from './settlement.ts'

type ReportPorts = Pick<SettlingPorts, 'reads' | 'hasher' | 'nextTurn'>

/** The text piece by piece. Throws at the end where the lines are not those that were hashed when it was closed. */
export async function* readReport(settlement: Closed, ports: ReportPorts): AsyncGenerator<string> {
  const { merchantId, currency, fromPosition, toPosition } = settlement
  const terms = reportTerms(settlement)
  const hasher = ports.hasher()
  const hashed = (text: string): string => {
    hasher.add(text)
    return text
  }
  yield reportHead(settlement) + hashed(columnLine)
  let line = 0
  for await (const page of pagesOf({ merchantId, currency, after: fromPosition, upTo: toPosition }, ports))
    yield hashed(page.map((entry) => entryLine(++line, entry, terms)).join(''))
  const carried = carriedLine(line + 1, BigInt(settlement.carriedIn), terms)
  if (carried !== '') yield hashed(carried)
  if (hasher.hex() !== settlement.hash)
    throw new Error(
      `the entries of ${merchantId} on ${settlement.businessDate} are not those it was closed with`,
    )
}
