// A merchant's statement: what it is owed, and by which sale, refund or payout; the parts of each event on one line.
import type { PayableLineRow } from '../../projections/payableLines.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import type { Services } from './services.ts'
import type { Statement, StatementQuery } from './statement.ts'

export async function payableStatement(
  merchantId: string,
  { currency, from, to, limit, cursor }: StatementQuery,
  { readModels }: Services,
): Promise<Statement> {
  const show = (minor: bigint): string => formatMoney(money(minor, currency as Currency))
  const before = (instant: string, position: string) =>
    readModels.payableUpTo(merchantId, currency, instant, position)
  const opening = await before(from, '')
  const closing = await before(to, '')
  const filter = { merchantId, currency, from, to }
  const { rows, nextCursor } = await readModels.listPayableLines(filter, { limit, cursor })
  const [instant, position] = cursor?.split('_') ?? [from, '']
  let balance = await before(instant!, position!)
  const data = rows.map((row) => {
    balance += row.amount
    return lineView(row, balance, show)
  })
  return { opening: show(opening), closing: show(closing), data, nextCursor }
}

const lineView = (row: PayableLineRow, balance: bigint, show: (minor: bigint) => string) => ({
  recordedAt: row.recordedAt,
  event: row.event,
  source: row.source,
  merchantId: row.merchantId,
  amount: show(row.amount),
  balance: show(balance),
  gross: show(row.gross),
  refund: show(row.refund),
  fee: show(row.fee),
  vat: show(row.vat),
})
