// /v1/unapplied-credits: money that arrived and is on no payment, oldest first, with why, for how long, and what it may be for.
import { z } from '@hono/zod-openapi'
import type { PaymentRow } from '../../projections/payments.ts'
import type { UnappliedCreditRow } from '../../projections/unappliedCredits.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { ageBuckets, bucketOf, daysBetween, receivedWithin } from '../domain/payments/creditAge.ts'
import { candidateReasons, rankCandidates } from '../domain/payments/rankCandidates.ts'
import { referenceOf } from '../domain/payments/reference.ts'
import type { Caller } from './auth.ts'
import { creditOutcomes } from './creditReply.ts'
import { endpoint } from './endpoint.ts'
import { reply } from './outcome.ts'
import { amount, currency, id, instant, page, pageQuery, paymentId } from './schemas.ts'
import type { Services } from './services.ts'
import { TransferView, transferView } from './transferView.ts'
import { visibleCredit } from './visibleCredit.ts'

const candidatesMax = 5
/** Candidates are ranked among so many open payments, those nearest in amount. */
const rankedMax = 100

const fields = {
  id: id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ'),
  amount: amount.openapi({ description: 'What is unapplied now' }),
  currency,
  reason: z.enum(creditOutcomes).exclude(['applied']),
  ageDays: z.int(),
  ageBucket: z.enum(ageBuckets),
  receivedAt: instant,
  merchantId: id('mer', 'mer_7K3MA').optional(),
  returnable: z
    .boolean()
    .openapi({ description: "The bank named the sender's account, so it can be returned" }),
}

export const UnappliedCreditView = z
  .object({
    ...fields,
    paymentId: paymentId.optional().openapi({ description: 'The payment that the transfer named' }),
    candidates: z
      .array(z.object({ paymentId, amount, createdAt: instant, reasons: z.array(z.enum(candidateReasons)) }))
      .openapi({ description: 'Open payments it may have been meant for, the likeliest first, and why' }),
  })
  .openapi('UnappliedCredit')

const listUnapplied = endpoint({
  method: 'get',
  path: '/v1/unapplied-credits',
  summary: 'List unapplied money',
  tag: 'Unapplied money',
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

async function view(row: UnappliedCreditRow, caller: Caller, services: Services) {
  return {
    id: row.id,
    amount: formatMoney(money(row.amount, row.currency as Currency)),
    currency: row.currency,
    reason: row.reason,
    ...ageOf(row.receivedAt, services),
    ...(row.merchantId !== null && { merchantId: row.merchantId }),
    returnable: row.payerHash !== null,
    ...(row.paymentId !== null && { paymentId: row.paymentId }),
    candidates: await candidatesOf(row, caller, services),
  }
}

function ageOf(receivedAt: string, { now }: Services) {
  const ageDays = daysBetween(receivedAt, now())
  return { ageDays, ageBucket: bucketOf(ageDays), receivedAt }
}

async function candidatesOf(row: UnappliedCreditRow, { merchantId }: Caller, { readModels }: Services) {
  const open = await readModels.candidates(row, merchantId, rankedMax)
  const stray = {
    amount: row.amount,
    paidAt: row.paidAt,
    nearReferences: row.nearReferences?.split(' ') ?? [],
    payerHash: row.payerHash ?? undefined,
  }
  return rankCandidates(stray, open.map(openPayment))
    .slice(0, candidatesMax)
    .map(({ payment, reasons }) => ({
      paymentId: payment.row.id,
      amount: formatMoney(money(payment.row.amount, payment.row.currency as Currency)),
      createdAt: payment.row.createdAt,
      reasons,
    }))
}

const openPayment = (row: PaymentRow) => ({
  row,
  reference: referenceOf(row.id),
  due: row.amount - row.received,
  requestedAt: row.createdAt,
  payerHashes: row.payerHashes?.split(' ') ?? [],
})

const sumUnapplied = endpoint({
  method: 'get',
  path: '/v1/unapplied-credits/totals',
  summary: 'Add unapplied money up by age',
  tag: 'Unapplied money',
  access: ['operator', 'merchant'],
  reply: {
    status: 200,
    description: 'One line for each age and currency in which there is any, the youngest first',
    schema: z.object({
      data: z.array(z.object({ ageBucket: z.enum(ageBuckets), currency, count: z.int(), amount })),
      nextCursor: z.null(),
    }),
  },
  run: async ({ caller }, { readModels, now }) => {
    const lines = ageBuckets.map(async (ageBucket) => {
      const { after, upTo } = receivedWithin(ageBucket, now())
      const sums = await readModels.sumUnapplied(caller!.merchantId, after, upTo)
      return sums.map(({ currency, count, amount }) => ({
        ageBucket,
        currency,
        count,
        amount: formatMoney(money(amount, currency as Currency)),
      }))
    })
    return { status: 200, body: { data: (await Promise.all(lines)).flat(), nextCursor: null } }
  },
})

const getUnapplied = endpoint({
  method: 'get',
  path: '/v1/unapplied-credits/{id}',
  summary: 'Read a credit that was left unapplied, and how it ended',
  tag: 'Unapplied money',
  access: ['operator', 'merchant'],
  params: z.object({ id: fields.id }),
  reply: {
    status: 200,
    description: 'The credit, up to date',
    schema: z
      .object({
        ...fields,
        amountReceived: amount,
        escheated: amount,
        applications: z.array(
          z.object({ paymentId, status: z.enum(['requested', 'completed', 'refused']), amount }),
        ),
        returns: z.array(TransferView),
      })
      .openapi('UnappliedCreditDetails'),
  },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleCredit(params.id, caller!, services)
    const body = {
      id: params.id,
      amount: formatMoney(state.unapplied),
      currency: state.amount.currency,
      reason: state.reason,
      ...ageOf(state.receivedAt, services),
      ...(state.merchantId !== undefined && { merchantId: state.merchantId }),
      returnable: state.payerHash !== undefined,
      amountReceived: formatMoney(money(BigInt(state.amount.amount), state.amount.currency)),
      escheated: formatMoney(state.escheated),
      applications: [...state.applications.values()].map(({ paymentId, status, amount, applied }) => ({
        paymentId,
        status,
        amount: formatMoney(status === 'completed' ? applied : amount),
      })),
      returns: [...state.returns.values()].map(transferView),
    }
    return reply(200, body, { version })
  },
})

export const unappliedCreditEndpoints = [listUnapplied, sumUnapplied, getUnapplied]
