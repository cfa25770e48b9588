// GET /v1/ledger/trial-balance: every account as of an instant, and that debits and credits are the same.
import { z } from '@hono/zod-openapi'
import { sumName } from '../../projections/ledger.ts'
import type { LedgerTotal } from '../../projections/readModels.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { accountNames, accounts } from '../domain/settlement/accounts.ts'
import { endpoint } from './endpoint.ts'
import { balanceOf, differenceOf, justAfter, totalsBefore } from './ledgerTotals.ts'
import { invalid } from './problem.ts'
import { amount, currency, instant } from './schemas.ts'
import type { Services } from './services.ts'

export const getTrialBalance = endpoint({
  method: 'get',
  path: '/v1/ledger/trial-balance',
  summary: 'The books as of an instant',
  tag: 'Ledger',
  access: ['operator'],
  query: z.strictObject({
    asOf: instant.optional().openapi({
      description: 'What was recorded (recordedAt) at or before it; now where it is absent',
    }),
  }),
  reply: {
    status: 200,
    description: 'Every account in đồng and in each other currency posted by then; "difference" is "0"',
    schema: z
      .object({
        asOf: instant,
        accounts: z.array(
          z.object({
            account: z.enum(accountNames as [string, ...string[]]),
            side: z.enum(['debit', 'credit']).openapi({ description: 'On which it grows' }),
            currency,
            debits: amount,
            credits: amount,
            balance: amount.openapi({ description: 'On its side; negative where the other is larger' }),
          }),
        ),
        totals: z.array(z.object({ currency, debits: amount, credits: amount })),
        difference: z.string().openapi({
          description: 'Debits less credits, without sign, over all currencies, in minor units',
          example: '0',
        }),
      })
      .openapi('TrialBalance'),
  },
  run: async ({ query }, services) => {
    const asOf = pastInstant(query.asOf, 'asOf', services)
    await services.caughtUp()
    const totals = await totalsBefore(justAfter(asOf), services)
    return {
      status: 200,
      body: {
        asOf,
        accounts: totals.flatMap(accountViews),
        totals: totals.map(totalView),
        difference: differenceOf(totals).toString(),
      },
    }
  },
})

/** An instant as the log writes them: to the millisecond, UTC. */
export function pastInstant(value: string | undefined, name: string, { now }: Services): string {
  const latest = now().toISOString()
  if (value === undefined) return latest
  const instant = new Date(value).toISOString()
  if (instant > latest) throw invalid({ pointer: name, detail: 'Not in the future.' })
  return instant
}

const accountViews = (total: LedgerTotal) =>
  accountNames.map((account) => ({
    account,
    side: accounts[account],
    currency: total.currency,
    debits: show(total[sumName(account, 'debit')], total.currency),
    credits: show(total[sumName(account, 'credit')], total.currency),
    balance: show(balanceOf(account, total), total.currency),
  }))

const totalView = (total: LedgerTotal) => {
  const sumOf = (side: 'debit' | 'credit') =>
    accountNames.reduce((sum, account) => sum + total[sumName(account, side)], 0n)
  return {
    currency: total.currency,
    debits: show(sumOf('debit'), total.currency),
    credits: show(sumOf('credit'), total.currency),
  }
}

const show = (minor: bigint, currency: string): string => formatMoney(money(minor, currency as Currency))
