// GET /v1/ledger/accounts/{account}/statement: what an account held, each posting to it, and what it holds. A merchant sees its own.
import { z } from '@hono/zod-openapi'
import { addDays } from '../domain/core/businessDay.ts'
import { currencies } from '../domain/core/money.ts'
import { type Account, isAccount } from '../domain/settlement/accounts.ts'
import type { Caller } from './auth.ts'
import { date, today } from './days.ts'
import { endpoint } from './endpoint.ts'
import { ledgerStatement } from './ledgerStatement.ts'
import { justAfter } from './ledgerTotals.ts'
import { payableStatement } from './payableStatement.ts'
import { invalid, Problem } from './problem.ts'
import { amount, currency, id, instant, pageQuery } from './schemas.ts'
import type { Services } from './services.ts'
import { StatementLine } from './statement.ts'

const dayStart = (day: string): string => new Date(`${day}T00:00:00+07:00`).toISOString()

/** A business date stands for its start, or, where it ends a period, for its end. */
const from = z.union([date.transform(dayStart), instant.transform((value) => new Date(value).toISOString())])
const to = z.union([
  date.transform((day) => dayStart(addDays(day, 1))),
  instant.transform((value) => new Date(value).toISOString()),
])

const Query = z.strictObject({
  merchantId: id('mer', 'mer_7K3MA').optional(),
  currency: z.enum(Object.keys(currencies) as [string, ...string[]]).default('VND'),
  from: from.optional().openapi({
    type: 'string',
    description: 'An instant, included, or a business date; the start of today where it is absent',
  }),
  to: to.optional().openapi({
    type: 'string',
    description: 'An instant, not included, or a business date, included; now where it is absent or later',
  }),
  limit: pageQuery.limit,
  cursor: z
    .string()
    .regex(
      /^[-\d]{10}T[:.\dZ]{5,13}_\w{1,40}(_-?\d{1,30})?$/,
      'Take it from "nextCursor" of the page before.',
    )
    .optional(),
})

export const getStatement = endpoint({
  method: 'get',
  path: '/v1/ledger/accounts/{account}/statement',
  summary: 'The statement of an account',
  tag: 'Ledger',
  access: ['operator', 'merchant'],
  params: z.object({ account: z.string().refine(isAccount).openapi({ example: 'merchant_payable' }) }),
  query: Query,
  reply: {
    status: 200,
    description: 'A page of lines, with what the account held at the start and at the end of the period',
    schema: z
      .object({
        account: z.string(),
        merchantId: id('mer', 'mer_7K3MA').optional(),
        currency,
        from: instant,
        to: instant,
        opening: amount,
        closing: amount,
        data: z.array(StatementLine),
        nextCursor: z.string().nullable(),
      })
      .openapi('AccountStatement'),
  },
  run: async ({ params, query, caller }, services) => {
    const account = params.account as Account
    const merchantId = ownerOf(account, query.merchantId, caller!)
    const asked = { ...query, ...period(query, services), cursor: query.cursor }
    await services.caughtUp()
    const statement =
      merchantId === undefined
        ? await ledgerStatement(account, asked, services)
        : await payableStatement(merchantId, asked, services)
    const { currency, from, to } = asked
    const owner = merchantId === undefined ? {} : { merchantId }
    return { status: 200, body: { account, ...owner, currency, from, to, ...statement } }
  },
})

/** Whose account it is: a merchant sees what it is owed; only that account is kept by merchant. */
function ownerOf(account: Account, named: string | undefined, { merchantId }: Caller): string | undefined {
  if (merchantId !== undefined) {
    if (named !== undefined && named !== merchantId) throw new Problem('not_found')
    if (account !== 'merchant_payable') throw new Problem('forbidden')
    return merchantId
  }
  if (named !== undefined && account !== 'merchant_payable')
    throw invalid({ pointer: 'merchantId', detail: 'Only "merchant_payable" is kept by merchant.' })
  return named
}

function period(query: { from?: string | undefined; to?: string | undefined }, services: Services) {
  const end = justAfter(services.now().toISOString()) // what is recorded now is in it
  const to = query.to === undefined || query.to > end ? end : query.to
  const from = query.from ?? dayStart(today(services))
  if (from > to) throw invalid({ pointer: 'from', detail: 'Not after "to", and not in the future.' })
  return { from, to }
}
