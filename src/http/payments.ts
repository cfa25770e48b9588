// /v1/payments: reading, listing, canceling, the recorded events, the picture and the live stream.
import { z } from '@hono/zod-openapi'
import { amountOf, asQrPayment, type PaymentCommand } from '../domain/payments/payment.ts'
import { cardPaymentEndpoints } from './cardPayments.ts'
import { createPayment } from './createPayment.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { PaymentView, paymentStatuses, paymentView, paymentViewOf } from './paymentView.ts'
import { waitingCode } from './pickupCode.ts'
import { Problem } from './problem.ts'
import { hasReceipt, receiptUrl } from './receiptUrl.ts'
import { id, instant, page, pageQuery, paymentId } from './schemas.ts'
import type { Services } from './services.ts'
import { statusStream } from './statusStream.ts'
import { visiblePayment, visibleToAgent } from './visiblePayment.ts'
import { mustBeWhole, whole } from './whole.ts'

const params = z.object({ id: paymentId })

const getPayment = endpoint({
  method: 'get',
  path: '/v1/payments/{id}',
  summary: 'Read a payment',
  tag: 'Payments',
  access: ['merchant', 'terminal', 'operator'],
  params,
  reply: { status: 200, description: 'The payment', schema: PaymentView },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleToAgent(params.id, caller, services)
    const view = paymentViewOf(params.id, state, services.settings.publicUrl)
    const code = caller!.role === 'merchant' ? waitingCode(params.id, state, services) : undefined
    return reply(200, withPickupCode(view, code), { version })
  },
})

const withPickupCode = (view: ReturnType<typeof paymentViewOf>, pickupCode: string | undefined) =>
  pickupCode === undefined ? view : { ...view, fulfillment: { ...view.fulfillment!, pickupCode } }

const getReceipt = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/receipt',
  summary: "Where the payer reads a payment's receipt",
  tag: 'Payments',
  access: ['merchant', 'terminal', 'operator'],
  params,
  reply: {
    status: 200,
    description: 'Links that nobody can guess: whoever has one sees the receipt',
    schema: z.object({ receiptUrl: z.url(), pdfUrl: z.url() }),
  },
  problems: ['payment_not_paid'],
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleToAgent(params.id, caller, services)
    if (!hasReceipt(state)) throw new Problem('payment_not_paid')
    const links = {
      receiptUrl: receiptUrl(params.id, services),
      pdfUrl: receiptUrl(params.id, services, '.pdf'),
    }
    return reply(200, links, { version })
  },
})

const listPayments = endpoint({
  method: 'get',
  path: '/v1/payments',
  summary: 'List payments, newest first',
  tag: 'Payments',
  access: ['merchant', 'terminal', 'operator'],
  query: z.strictObject({
    ...pageQuery,
    siteId: id('sit', 'sit_7K3MA9QZXW4F2').optional(),
    status: z.enum(paymentStatuses).optional(),
    orderId: z.string().max(60).optional(),
    from: instant.optional(),
    to: instant.optional(),
  }),
  reply: { status: 200, description: 'A page of payments', schema: page(PaymentView) },
  run: async ({ query, caller }, { readModels, settings }) => {
    const { limit, cursor, siteId, status, orderId, from, to } = query
    const filter = {
      ...(caller!.merchantId !== undefined && { merchantId: caller!.merchantId }),
      ...(siteId !== undefined && { siteId }),
      ...(status !== undefined && { status }),
      ...(orderId !== undefined && { orderId }),
      ...(from !== undefined && { from: utc(from) }),
      ...(to !== undefined && { to: utc(to) }),
    }
    const { rows, nextCursor } = await readModels.listPayments(filter, { limit, cursor })
    return {
      status: 200,
      body: { data: rows.map((row) => paymentView(row, settings.publicUrl)), nextCursor },
    }
  },
})

const utc = (value: string): string => new Date(value).toISOString()

const cancelPayment = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/cancel',
  summary: 'Cancel a pending payment, or reverse one by card that is not captured',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  params,
  body: whole,
  reply: {
    status: 200,
    description: 'The payment: canceled, or, by card, being reversed until the network says so',
    schema: PaymentView,
  },
  problems: [
    'payment_already_paid',
    'payment_expired',
    'payment_declined',
    'payment_voided',
    'authorization_expired',
    'version_differs',
  ],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { state: payment } = await visibleToAgent(params.id, caller, services)
    mustBeWhole(body, amountOf(payment))
    const at = services.now().toISOString()
    const cancel: PaymentCommand =
      payment.method === 'card'
        ? { type: 'RequestReversal', data: { reason: 'customer_canceled', at } }
        : { type: 'CancelPayment', data: { at } }
    const { state, ...done } = accepted(
      await services.gateway.payments.handle(params.id, cancel, metadata, ifVersion),
    )
    return reply(200, paymentViewOf(params.id, existing(state), services.settings.publicUrl), done)
  },
})

const getEvents = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/events',
  summary: "A payment's events, as recorded",
  tag: 'Payments',
  access: ['merchant', 'operator'],
  params,
  reply: {
    status: 200,
    description: 'The stream, oldest first; amounts in minor units',
    schema: z.object({
      data: z.array(
        z.object({
          id: z.string(),
          type: z.string(),
          stream: z.string(),
          version: z.int(),
          position: z.string(),
          recordedAt: instant,
          hash: z.string(),
          data: z.record(z.string(), z.unknown()),
          metadata: z.record(z.string(), z.string()),
        }),
      ),
      nextCursor: z.null(),
    }),
  },
  run: async ({ params, caller }, services) => {
    const { version } = await visiblePayment(params.id, caller, services)
    const data = await services.readStream(`payment-${params.id}`)
    return reply(200, { data, nextCursor: null }, { version })
  },
})

const getStream = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/stream',
  summary: 'Follow the status (server-sent events)',
  tag: 'Payments',
  access: 'public',
  params,
  reply: { status: 200, description: '`status` now and on every change', type: 'text/event-stream' },
  run: async ({ params, signal }, services) => {
    await visiblePayment(params.id, undefined, services)
    return statusStream(params.id, signal(), services)
  },
})

/** A payment by card has no QR. */
async function qrPayload(paymentId: string, services: Services): Promise<string> {
  const { state } = await visiblePayment(paymentId, undefined, services)
  const payment = asQrPayment(state)
  if (!payment) throw new Problem('not_found')
  return payment.payload
}

const immutable = { 'cache-control': 'public, max-age=31536000, immutable' } // a payment's QR never changes

const getSvg = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/qr.svg',
  summary: 'The QR as SVG',
  tag: 'Payments',
  access: 'public',
  params,
  reply: { status: 200, description: 'The picture', type: 'image/svg+xml' },
  run: async ({ params }, services) => {
    const body = await services.pictures.svg(await qrPayload(params.id, services))
    return { status: 200, body, headers: { 'content-type': 'image/svg+xml', ...immutable } }
  },
})

const getPng = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/qr.png',
  summary: 'The QR as PNG',
  tag: 'Payments',
  access: 'public',
  params,
  reply: { status: 200, description: 'The picture', type: 'image/png' },
  run: async ({ params }, services) => {
    const body = await services.pictures.png(await qrPayload(params.id, services))
    return { status: 200, body, headers: { 'content-type': 'image/png', ...immutable } }
  },
})

export const paymentEndpoints = [
  createPayment,
  listPayments,
  getSvg,
  getPng,
  getPayment,
  getReceipt,
  getEvents,
  getStream,
  cancelPayment,
  ...cardPaymentEndpoints,
]
