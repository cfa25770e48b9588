// In SQL: the payments of the latest business date with payouts, each with the payout of its settlement.
import { type Kysely, sql } from 'kysely'
import type { ReadModels } from '../../../projections/readModels.ts'
import type { SettledPayment } from '../../domain/adoption/definitions/timeToSettlement.ts'
import { addDays } from '../../domain/core/businessDay.ts'
import type { Tables } from './tables.ts'

export const settlementTimeQueries = (
  db: Kysely<Tables>,
  { lastBefore }: Pick<ReadModels, 'lastBefore'>,
): Pick<ReadModels, 'settledPayments'> => ({
  settledPayments: async (after, asOf) => {
    const settled = db.selectFrom('settlement_times_v1').select('businessDate')
    const found = await settled
      .where('businessDate', '>', after)
      .where('businessDate', '<=', asOf)
      .where('requestedAt', 'is not', null)
      .orderBy('businessDate', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!found) return []
    const [from, to] = [
      await lastBefore(midnight(found.businessDate)),
      await lastBefore(nextMidnight(found.businessDate)),
    ]
    const query = sql<SettledPayment>`select "entry"."occurredAt" as "paidAt", "time"."requestedAt", "time"."settledAt"
      from "settlement_entries_v1" as "entry" join "settlement_times_v1" as "time" on "time"."id" = (
        select "id" from "settlement_times_v1" as "t" where "t"."merchantId" = "entry"."merchantId"
          and "t"."currency" = "entry"."currency" and "t"."toPosition" >= "entry"."position"
        order by "t"."toPosition" limit 1)
      where "entry"."position" > ${from} and "entry"."position" <= ${to} and "entry"."kind" = 'payment'`
    return (await query.execute(db)).rows
  },
})

/** The instants at which a business date begins and ends in Hanoi: both are full minutes. */
const midnight = (date: string): string => `${addDays(date, -1)}T17:00:00.000Z`
const nextMidnight = (date: string): string => midnight(addDays(date, 1))
