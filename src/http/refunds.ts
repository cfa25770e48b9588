// Refunds: money of a paid payment goes back to where it came from. Asked for here, carried out by the process sendTransfers.
import { z } from '@hono/zod-openapi'
import { formatMoney, fromData, toData } from '../domain/core/money.ts'
import { amountOf, type OpenedPayment, type PaymentCommand } from '../domain/payments/payment.ts'
import { newRefundId, paymentOfRefund } from '../domain/payments/reference.ts'
import { type Refund, refundStatus } from '../domain/payments/refund.ts'
import { sendersOf } from '../domain/payments/refundSenders.ts'
import type { DataOf } from '../domain/pos/cardPaymentEvents.ts'
import type { CardRefund } from '../domain/pos/cardPaymentState.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { amount, currency, id, instant, paymentId, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'
import { TransferView, transferView } from './transferView.ts'
import { visiblePayment } from './visiblePayment.ts'

const refundId = id('ref', 'ref_7K3MA9QZXW4F2P8R607K3MA9QZ')

const RefundBody = z.strictObject({
  amount,
  currency: currency.optional().openapi({ description: "The payment's, which need not be named" }),
  reason: text(140).openapi({ description: 'Kept for ever in the log. Not for personal data.' }),
})

export const RefundView = z
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
    transfers: z.array(TransferView).openapi({
      description: 'One for each credit that it goes back to; none for a refund to a card',
    }),
  })
  .openapi('Refund')

const bankView = (paymentId: string, refund: Refund) => ({
  id: refund.refundId,
  paymentId,
  amount: formatMoney(fromData(refund.amount)),
  currency: refund.amount.currency,
  reason: refund.reason,
  status: refundStatus(refund),
  createdAt: refund.requestedAt,
  transfers: refund.transfers.map(transferView),
})

const cardView = (paymentId: string, { refundId, amount, reason, requestedAt, status }: CardRefund) => ({
  id: refundId,
  paymentId,
  amount: formatMoney(amount),
  currency: amount.currency,
  reason,
  status,
  createdAt: requestedAt,
  transfers: [],
})

const viewsIn = (paymentId: string, payment: OpenedPayment) =>
  payment.method === 'card'
    ? [...payment.refunds.values()].map((refund) => cardView(paymentId, refund))
    : [...payment.refunds.values()].map((refund) => bankView(paymentId, refund))

const viewIn = (paymentId: string, payment: OpenedPayment, refundId: string) =>
  viewsIn(paymentId, payment).find(({ id }) => id === refundId)!

/** The request in the words of the payment's method, once there is a way for the money to go back. */
async function refundCommand(
  data: CardRefundRequest,
  payment: OpenedPayment,
  { gateway, cards, canSend }: Services,
): Promise<PaymentCommand> {
  if (payment.method === 'card') {
    if (!cards) throw new Problem('cards_unavailable')
    return { type: 'RequestRefund', data }
  }
  if (!canSend) throw new Problem('transfers_unavailable')
  return { type: 'RequestRefund', data: { ...data, senders: await sendersOf(payment, gateway) } }
}
type CardRefundRequest = DataOf<'RequestRefund'>

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
    'cards_unavailable',
    'payment_reversing',
    'payment_reversed',
    'version_differs',
  ],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    const { gateway, now } = services
    const { state: payment } = await visiblePayment(params.id, caller, services)
    const currency = body.currency ?? amountOf(payment).currency
    const data = {
      refundId: newRefundId(params.id, chance),
      amount: toData(readMoney({ amount: body.amount, currency })),
      reason: body.reason,
      requestedAt: now().toISOString(),
    }
    const command = await refundCommand(data, payment, services)
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
    return reply(200, { data: viewsIn(params.id, state), nextCursor: null }, { version })
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
    'payment_method_differs',
    'version_differs',
  ],
  run: async ({ params, caller, metadata, ifVersion }, services) => {
    const { gateway, now, canSend } = services
    const { state: payment, ofPayment } = await visibleRefund(params.id, caller, services)
    if (payment.method === 'card') throw new Problem('payment_method_differs')
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
