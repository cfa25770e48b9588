// Payouts in SQL: what each file holds, which files there are, and what waits for an account.
import type { Kysely } from 'kysely'
import type { Page, Paged, PayoutFile, ReadModels } from '../../../projections/readModels.ts'
import type { PayoutFileName } from '../../domain/settlement/payoutFile.ts'
import { type Tables, typed } from './tables.ts'

type Queries = Pick<ReadModels, 'payoutFile' | 'payoutFiles' | 'unpaidSettlements'>

export const payoutQueries = (db: Kysely<Tables>): Queries => ({
  payoutFile: (name, merchantId) => payoutFile(db, name, merchantId),
  payoutFiles: (page) => payoutFiles(db, page),
  unpaidSettlements: async (after, limit) => {
    const rows = await db
      .selectFrom('settlements_v1')
      .select('id')
      .where('unpaid', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  },
})

async function payoutFile(
  db: Kysely<Tables>,
  name: PayoutFileName,
  merchantId: string | undefined,
): Promise<PayoutFile> {
  const { businessDate, cut } = name
  const found = cut === undefined ? await ofDate(db, businessDate) : await ofCut(db, { businessDate, cut })
  if (!found) return { final: false, rows: [] }
  const own = merchantId === undefined ? found.payouts : found.payouts.where('merchantId', '=', merchantId)
  const rows = await own.selectAll().orderBy('endToEndId').execute()
  return { final: found.final, rows: rows.map((row) => typed('payouts_v1', row)) }
}

/**
 * First payouts are in the file of their business date, but for those to be carried out on that very day; one that is asked
 * for again, in that of the first date that ended after it was. The end of a date is a place in the log, so a file that is
 * final stays as it is. Dates before the first that ended have no payouts that were asked for again.
 */
async function ofDate(db: Kysely<Tables>, businessDate: string) {
  const ends = db.selectFrom('settlement_cuts_v1').select('position').where('final', '=', 1)
  const before = ends.where('date', '<', businessDate).orderBy('date', 'desc').limit(1)
  const start = (await before.executeTakeFirst())?.position ?? ''
  const end = (await ends.where('date', '=', businessDate).executeTakeFirst())?.position
  const isBeforeAll = end === undefined && (await ends.where('date', '>', businessDate).executeTakeFirst())
  const payouts = db.selectFrom('payouts_v1').where((where) => {
    const first = where.and([
      where('attempt', '=', 1),
      where('businessDate', '=', businessDate),
      where('valueDate', '>', businessDate),
    ])
    const since = [where('attempt', '>', 1), where('position', '>', start)]
    if (isBeforeAll) return first
    return where.or([first, where.and(end === undefined ? since : [...since, where('position', '<=', end)])])
  })
  return { final: end !== undefined, payouts }
}

/** What a cut asked for to be carried out on its own day: between the one before it and itself in the log. */
async function ofCut(db: Kysely<Tables>, { businessDate, cut }: Required<PayoutFileName>) {
  const cuts = db.selectFrom('settlement_cuts_v1').select('position')
  const own = cuts.where('number', '=', cut).where('date', '=', businessDate)
  const end = (await own.executeTakeFirst())?.position
  if (end === undefined) return undefined
  const start = (await cuts.where('number', '=', cut - 1).executeTakeFirst())?.position ?? ''
  const payouts = db
    .selectFrom('payouts_v1')
    .where('attempt', '=', 1)
    .where('businessDate', '=', businessDate)
    .where('valueDate', '=', businessDate)
    .where('position', '>', start)
    .where('position', '<=', end)
  return { final: true, payouts }
}

async function payoutFiles(
  db: Kysely<Tables>,
  { limit, cursor }: Page,
): Promise<Paged<PayoutFileName & { payouts: number }>> {
  let cuts = db.selectFrom('settlement_cuts_v1').selectAll()
  if (cursor !== undefined) cuts = cuts.where('number', '<', Number(cursor))
  const found = await cuts
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const rows = []
  for (const { number, date: businessDate, final } of found.slice(0, limit)) {
    const name = { businessDate, cut: Number(number) }
    const isOver = Number(final) === 1
    const { payouts } = (isOver ? await ofDate(db, businessDate) : await ofCut(db, name))!
    const { count } = await payouts.select(db.fn.countAll().as('count')).executeTakeFirstOrThrow()
    if (Number(count) > 0) rows.push({ ...(isOver ? { businessDate } : name), payouts: Number(count) })
  }
  const last = found[limit - 1]
  return { rows, nextCursor: found.length > limit && last ? String(last.number) : null }
}
