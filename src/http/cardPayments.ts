// What is done with a payment by card that is authorized: captured, incremented or voided.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import { toData } from '../domain/core/money.ts'
import { asCardPayment } from '../domain/payments/payment.ts'
import type { OpenedCardPayment } from '../domain/pos/cardPaymentState.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { PaymentView, paymentViewOf } from './paymentView.ts'
import { Problem } from './problem.ts'
import { amount, paymentId, readMoney } from './schemas.ts'
import type { Services } from './services.ts'
import { visiblePayment } from './visiblePayment.ts'
import { mustBeWhole, whole } from './whole.ts'

const params = z.object({ id: paymentId })

async function visibleCardPayment(
  id: string,
  caller: Caller | undefined,
  services: Services,
): Promise<OpenedCardPayment> {
  const { state } = await visiblePayment(id, caller, services)
  const payment = asCardPayment(state)
  if (!payment) throw new Problem('payment_method_differs')
  return payment
}

const capture = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/capture',
  summary: 'Capture what is held, all or a part; the rest is released',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  params,
  body: z.strictObject({
    amount: amount.optional().openapi({ description: 'All that is held unless said' }),
  }),
  reply: { status: 200, description: 'The payment, paid', schema: PaymentView },
  problems: [
    'payment_not_authorized',
    'payment_already_paid',
    'payment_declined',
    'payment_voided',
    'payment_reversing',
    'payment_reversed',
    'authorization_expired',
    'capture_exceeds_authorized',
    'capture_differs',
    'payment_method_differs',
    'version_differs',
  ],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    const { gateway, now, settings } = services
    const { authorized } = await visibleCardPayment(params.id, caller, services)
    const { currency } = authorized
    const taken = body.amount === undefined ? authorized : readMoney({ amount: body.amount, currency })
    const captureId = `cap_${base32(chance('capture', 8), 12)}`
    const data = { captureId, amount: toData(taken), capturedAt: now().toISOString() }
    const command = { type: 'CapturePayment', data } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, paymentViewOf(params.id, existing(state), settings.publicUrl), done)
  },
})

const voidPayment = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/void',
  summary: 'Release what is held, and take nothing',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  params,
  body: whole,
  reply: { status: 200, description: 'The payment, voided', schema: PaymentView },
  problems: [
    'payment_not_authorized',
    'payment_already_paid',
    'payment_declined',
    'payment_reversing',
    'payment_reversed',
    'authorization_expired',
    'payment_method_differs',
    'version_differs',
  ],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { gateway, now, settings } = services
    mustBeWhole(body, (await visibleCardPayment(params.id, caller, services)).authorized)
    const command = { type: 'VoidPayment', data: { at: now().toISOString() } } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, paymentViewOf(params.id, existing(state), settings.publicUrl), done)
  },
})

const increment = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/increment',
  summary: 'Ask the issuer to hold more',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  params,
  body: z.strictObject({ amount: amount.openapi({ description: 'By how much more' }) }),
  reply: {
    status: 200,
    description:
      'The payment; "amountAuthorized" says whether more is held now (a declined increment is no error)',
    schema: PaymentView,
  },
  problems: [
    'payment_not_authorized',
    'payment_reversing',
    'payment_method_differs',
    'amount_too_large',
    'cards_unavailable',
    'version_differs',
  ],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { cards, settings } = services
    const { authorized } = await visibleCardPayment(params.id, caller, services)
    const more = readMoney({ amount: body.amount, currency: authorized.currency })
    if (!cards) throw new Problem('cards_unavailable')
    const { state, ...done } = accepted(await cards.increment(params.id, more, metadata, ifVersion))
    return reply(200, paymentViewOf(params.id, existing(state), settings.publicUrl), done)
  },
})

export const cardPaymentEndpoints = [capture, voidPayment, increment]
