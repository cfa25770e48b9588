// POST /v1/payments: a merchant or terminal asks for money, by QR or by card.
import { z } from '@hono/zod-openapi'
import { CardPaymentBody, requestCardPayment } from './cardRequest.ts'
import { endpoint } from './endpoint.ts'
import { PaymentView } from './paymentView.ts'
import { QrPaymentBody, requestQrPayment } from './qrRequest.ts'

const PaymentBody = z.discriminatedUnion('method', [QrPaymentBody, CardPaymentBody], 'One of qr, card.')

export const createPayment = endpoint({
  method: 'post',
  path: '/v1/payments',
  summary: 'Ask for a payment, by QR or by card',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  body: PaymentBody,
  reply: {
    status: 201,
    description:
      'The payment: by QR, pending, with its QR; by card, as the card network answered (a declined card is no error: see "status")',
    schema: PaymentView,
  },
  problems: ['provider_failed', 'cards_unavailable', 'card_token_unknown', 'amount_too_large'],
  run: ({ body, caller, metadata, ...intention }, services) =>
    body.method === 'card'
      ? requestCardPayment(body, caller!, intention, metadata, services)
      : requestQrPayment(body, caller!, intention, metadata, services),
})
