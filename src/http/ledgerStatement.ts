// The statement of an account of the books, read from the log: only the minutes in which something was posted to it are.
import { minuteOf } from '../../projections/ledger.ts'
import type { LedgerTotal } from '../../projections/readModels.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { type Account, accounts } from '../domain/settlement/accounts.ts'
import { balanceOf, linesOf, type PostedLine, totalsBefore } from './ledgerTotals.ts'
import type { Services } from './services.ts'
import type { Statement, StatementQuery } from './statement.ts'

const minutesAtOnce = 100

export async function ledgerStatement(
  account: Account,
  query: StatementQuery,
  services: Services,
): Promise<Statement> {
  const { currency, from, to, limit } = query
  const show = (minor: bigint): string => formatMoney(money(minor, currency as Currency))
  const heldBefore = async (instant: string) =>
    heldIn(account, currency, await totalsBefore(instant, services))
  const [opening, closing] = [await heldBefore(from), await heldBefore(to)]
  const start = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const data: Statement['data'][number][] = []
  let balance = start?.balance ?? opening
  let end: string | undefined
  for await (const line of postedTo(account, query, start, services)) {
    // A page ends between two events, never between the postings of one.
    if (data.length >= limit && line.event.position !== end?.split('_')[1])
      return { opening: show(opening), closing: show(closing), data, nextCursor: end! }
    const more = line.side === accounts[account] ? line.amount.minor : -line.amount.minor
    balance += more
    data.push(lineView(line, show(more), show(balance)))
    end = `${minuteOf(line.event.recordedAt)}_${line.event.position}_${balance}`
  }
  return { opening: show(opening), closing: show(closing), data, nextCursor: null }
}

/** Where the page before ended, and what the account held there. */
type Place = { readonly minute: string; readonly position: string; readonly balance: bigint }

/** A cursor carries the balance, so that a page costs no more the further on it is. */
function readCursor(cursor: string): Place {
  const [minute = '', position = '', balance = '0'] = cursor.split('_')
  return { minute, position, balance: BigInt(balance) }
}

async function* postedTo(
  account: Account,
  { currency, from, to }: StatementQuery,
  start: Place | undefined,
  services: Services,
): AsyncGenerator<PostedLine> {
  let next = start?.minute ?? minuteOf(from)
  for (;;) {
    const filter = { from: next, to: minuteOf(to), currency, account }
    const minutes = await services.readModels.ledgerMinutes(filter, minutesAtOnce)
    for (const minute of minutes) {
      const after = minute.period === start?.minute ? start.position : minute.after
      for await (const line of linesOf(minute, services, after)) {
        const { recordedAt } = line.event
        if (line.account === account && recordedAt >= from && recordedAt < to) yield line
      }
    }
    if (minutes.length < minutesAtOnce) return
    next = `${minutes.at(-1)!.period}~` // after every minute that begins so
  }
}

const heldIn = (account: Account, currency: string, totals: readonly LedgerTotal[]): bigint => {
  const total = totals.find((one) => one.currency === currency)
  return total ? balanceOf(account, total) : 0n
}

const lineView = ({ event, kind, merchantId }: PostedLine, amount: string, balance: string) => ({
  recordedAt: event.recordedAt,
  event: event.type,
  source: event.stream.slice(event.stream.indexOf('-') + 1),
  ...(merchantId !== undefined && { merchantId }),
  kind,
  amount,
  balance,
})
