// Refunds: money of a paid payment goes back to where it came from. Asked for here, carried out by the process sendTransfers.
import { z } from '@hono/zod-openapi'
import { formatMoney, fromData, toData } from '../domain/core/money.ts'
import type { Gateway } from '../domain/gateway.ts'
import type { OpenedQrPayment } from '../domain/payments/qrPayment.ts'
import { newRefundId, paymentOfRefund } from '../domain/payments/reference.ts'
import { type Refund, refundStatus } from '../domain/payments/refund.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { visiblePayment } from './payments.ts'
import { Problem } from './problem.ts'
import { amount, currency, id, instant, paymentId, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'
import { TransferView, transferView } from './transferView.ts'

const refundId = id('ref', 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ')

const RefundBody = z.strictObject({
  amount,
  currency: currency.optional().openapi({ description: "The payment's, which need not be named" }),
  reason: text(140).openapi({ description: 'Kept for ever in the log. Not for personal data.' }),
})

const RefundView = z
  .object({
    id: refundId,
    paymentId,
    amount,
    currency,
    reason: z.string(),
    status: z.enum(['requested', 'sent', 'unknown', 'completed', 'failed']).openapi({
      description:
        '`unknown`: the bank gave no answer and is asked again until it does; nothing is sent twice. `failed`: try again with retry.',
    }),
    createdAt: instant,
    transfers: z.array(TransferView).openapi({ description: 'One for each credit that it goes back to' }),
  })
  .openapi('Refund')

const view = (paymentId: string, refund: Refund) => ({
  id: refund.refundId,
  paymentId,
  amount: formatMoney(fromData(refund.amount)),
  currency: refund.amount.currency,
  reason: refund.reason,
  status: refundStatus(refund),
  createdAt: refund.requestedAt,
  transfers: refund.transfers.map(transferView),
})

const viewIn = (paymentId: string, { refunds }: OpenedQrPayment, refundId: string) =>
  view(paymentId, refunds.get(refundId)!)

/** The credits of a payment whose sender's account the bank has named. */
async function sendersOf({ credits }: OpenedQrPayment, gateway: Gateway): Promise<string[]> {
  const ids = [...credits.keys()]
  const loaded = await Promise.all(ids.map((creditId) => gateway.credits.load(creditId)))
  return ids.filter((_, index) => {
    const { state } = loaded[index]!
    return state.status !== 'new' && state.payerHash !== undefined
  })
}

const refundPayment = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/refunds',
  summary: 'Refund a part or all of a paid payment',
  tag: 'Refunds',
  access: ['merchant', 'operator'],
  params: z.object({ id: paymentId }),
  body: RefundBody,
  reply: { status: 201, description: 'The refund, requested', schema: RefundView },
  problems: [
    'payment_not_paid',
    'refund_exceeds_rest',
    'refund_currency_differs',
    'sender_unknown',
    'transfers_unavailable',
    'version_differs',
  ],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    const { gateway, now, canSend } = services
    const { state: payment } = await visiblePayment(params.id, caller, services)
    const money = readMoney({ amount: body.amount, currency: body.currency ?? payment.due.currency })
    if (!canSend) throw new Problem('transfers_unavailable')
    const data = {
      refundId: newRefundId(params.id, chance),
      amount: toData(money),
      reason: body.reason,
      requestedAt: now().toISOString(),
      senders: await sendersOf(payment, gateway),
    }
    const command = { type: 'RequestRefund', data } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(params.id, command, metadata, ifVersion),
    )
    return reply(201, viewIn(params.id, existing(state), data.refundId), done)
  },
})

const listRefunds = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/refunds',
  summary: "A payment's refunds, oldest first",
  tag: 'Refunds',
  access: ['merchant', 'terminal', 'operator'],
  params: z.object({ id: paymentId }),
  reply: {
    status: 200,
    description: 'All of them',
    schema: z.object({ data: z.array(RefundView), nextCursor: z.null() }),
  },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visiblePayment(params.id, caller, services)
    const data = [...state.refunds.values()].map((refund) => view(params.id, refund))
    return reply(200, { data, nextCursor: null }, { version })
  },
})

/** The payment of a refund that the caller may see. A refund's id names its payment. */
async function visibleRefund(refundId: string, caller: Caller | undefined, services: Services) {
  const ofPayment = paymentOfRefund(refundId)
  const { state, version } = await visiblePayment(ofPayment, caller, services)
  if (!state.refunds.has(refundId)) throw new Problem('not_found')
  return { state, version, ofPayment }
}

const getRefund = endpoint({
  method: 'get',
  path: '/v1/refunds/{id}',
  summary: 'Read a refund',
  tag: 'Refunds',
  access: ['merchant', 'terminal', 'operator'],
  params: z.object({ id: refundId }),
  reply: { status: 200, description: "The refund; the ETag is its payment's", schema: RefundView },
  run: async ({ params, caller }, services) => {
    const { state, version, ofPayment } = await visibleRefund(params.id, caller, services)
    return reply(200, viewIn(ofPayment, state, params.id), { version })
  },
})

const retryRefund = endpoint({
  method: 'post',
  path: '/v1/refunds/{id}/retry',
  summary: 'Try again what failed of a refund',
  tag: 'Refunds',
  access: ['merchant', 'operator'],
  params: z.object({ id: refundId }),
  body: z.strictObject({}),
  reply: { status: 200, description: 'The refund, requested anew', schema: RefundView },
  problems: [
    'refund_not_failed',
    'refund_exceeds_rest',
    'sender_unknown',
    'transfers_unavailable',
    'version_differs',
  ],
  run: async ({ params, caller, metadata, ifVersion }, services) => {
    const { gateway, now, canSend } = services
    const { state: payment, ofPayment } = await visibleRefund(params.id, caller, services)
    if (!canSend) throw new Problem('transfers_unavailable')
    const senders = await sendersOf(payment, gateway)
    const data = { refundId: params.id, retriedAt: now().toISOString(), senders }
    const command = { type: 'RetryRefund', data } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(ofPayment, command, metadata, ifVersion),
    )
    return reply(200, viewIn(ofPayment, existing(state), params.id), done)
  },
})

export const refundEndpoints = [refundPayment, listRefunds, getRefund, retryRefund]
