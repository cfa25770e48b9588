// GET /v1/unapplied-credits: money that arrived and is on no payment, oldest first, with why and for how long.
import { z } from '@hono/zod-openapi'
import type { UnappliedCreditRow } from '../../projections/unappliedCredits.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import type { Caller } from './auth.ts'
import { creditOutcomes } from './creditReply.ts'
import { endpoint } from './endpoint.ts'
import { amount, currency, id, instant, page, pageQuery, paymentId } from './schemas.ts'
import type { Services } from './services.ts'

const candidatesMax = 5
const dayMs = 86_400_000

const UnappliedCreditView = z
  .object({
    id: id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
    amount,
    currency,
    reason: z.enum(creditOutcomes).exclude(['applied']),
    ageDays: z.int(),
    receivedAt: instant,
    merchantId: id('mer', 'mer_7K3MA').optional(),
    paymentId: paymentId.optional().openapi({ description: 'The payment that the transfer named' }),
    candidates: z.array(z.object({ paymentId, amount, createdAt: instant })).openapi({
      description: 'Open payments it may have been meant for, nearest amount first',
    }),
  })
  .openapi('UnappliedCredit')

const listUnapplied = endpoint({
  method: 'get',
  path: '/v1/unapplied-credits',
  summary: 'List unapplied money',
  tag: 'Payments',
  access: ['operator', 'merchant'],
  query: z.strictObject(pageQuery),
  reply: { status: 200, description: 'A page of unapplied credits', schema: page(UnappliedCreditView) },
  run: async ({ query: { limit, cursor }, caller }, services) => {
    const { rows, nextCursor } = await services.readModels.listUnapplied(caller!.merchantId, {
      limit,
      cursor,
    })
    const data = await Promise.all(rows.map((row) => view(row, caller!, services)))
    return { status: 200, body: { data, nextCursor } }
  },
})

async function view(row: UnappliedCreditRow, { merchantId: own }: Caller, { readModels, now }: Services) {
  const show = (minor: bigint) => formatMoney(money(minor, row.currency as Currency))
  const candidates = await readModels.candidates(row, own, candidatesMax)
  return {
    id: row.id,
    amount: show(row.amount),
    currency: row.currency,
    reason: row.reason,
    ageDays: Math.floor((now().getTime() - Date.parse(row.receivedAt)) / dayMs),
    receivedAt: row.receivedAt,
    ...(row.merchantId !== null && { merchantId: row.merchantId }),
    ...(row.paymentId !== null && { paymentId: row.paymentId }),
    candidates: candidates.map(({ id, amount, createdAt }) => ({
      paymentId: id,
      amount: show(amount),
      createdAt,
    })),
  }
}

export const unappliedCreditEndpoints = [listUnapplied]
