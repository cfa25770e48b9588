// A payment as the API shows it, whether it comes from its stream or from the list's rows.
import { z } from '@hono/zod-openapi'
import type { PaymentRow } from '../../projections/payments.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import type { OpenedQrPayment } from '../domain/payments/qrPayment.ts'
import { referenceOf } from '../domain/payments/reference.ts'
import { amount, currency, id, instant, paymentId, plainText } from './schemas.ts'

export const paymentStatuses = [
  'pending',
  'authorized',
  'paid',
  'declined',
  'expired',
  'canceled',
  'voided',
  'reversed',
  'partially_refunded',
  'refunded',
] as const

export const metadata = z
  .record(z.string().regex(/^[\w.-]{1,40}$/), plainText(500))
  .refine((pairs) => Object.keys(pairs).length <= 20, 'At most 20 pairs.')
  .openapi({ description: "The caller's own pairs, returned as sent. Not for personal data." })

export const PaymentView = z
  .object({
    id: paymentId,
    status: z.enum(paymentStatuses),
    amount,
    amountReceived: amount,
    amountRefunded: amount,
    currency,
    method: z.enum(['qr', 'card']),
    merchantId: id('mer', 'mer_7K3MA'),
    siteId: id('sit', 'sit_7K3MA9QZXW4F2'),
    terminalId: id('ter', 'ter_9QZXW4F2').optional(),
    reference: z.string().openapi({ description: 'What the transfer text names, after "TN".' }),
    description: z.string().optional(),
    orderId: z.string().optional(),
    metadata: metadata.optional(),
    fee: amount,
    qr: z.object({
      payload: z.string(),
      expiresAt: instant,
      svgUrl: z.url(),
      pngUrl: z.url(),
    }),
    connectorId: id('con', 'con_7K3MA9QZXW4F').optional(),
    payUrl: z.url().optional().openapi({ description: "The provider's page, where a provider collects it" }),
    checkoutUrl: z.url(),
    createdAt: instant,
    paidAt: instant.optional(),
  })
  .openapi('Payment')

export const checkoutUrl = (paymentId: string, { publicUrl }: { readonly publicUrl: string }): string =>
  `${publicUrl}/checkout/${paymentId}`

/** The JSON of a row. */
export function paymentView(row: Omit<PaymentRow, 'version' | 'dueAt' | 'payerHashes'>, publicUrl: string) {
  const show = (minor: bigint) => formatMoney(money(minor, row.currency as Currency))
  const url = `${publicUrl}/v1/payments/${row.id}`
  return {
    id: row.id,
    status: row.status,
    amount: show(row.amount),
    amountReceived: show(row.received),
    amountRefunded: show(row.refunded),
    currency: row.currency,
    method: row.method,
    merchantId: row.merchantId,
    siteId: row.siteId,
    ...(row.terminalId !== null && { terminalId: row.terminalId }),
    reference: referenceOf(row.id),
    ...(row.description !== null && { description: row.description }),
    ...(row.orderId !== null && { orderId: row.orderId }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Record<string, string> }),
    fee: show(row.fee),
    qr: {
      payload: row.payload,
      expiresAt: row.expiresAt,
      svgUrl: `${url}/qr.svg`,
      pngUrl: `${url}/qr.png`,
    },
    ...(row.connectorId !== null && { connectorId: row.connectorId }),
    ...(row.payUrl !== null && { payUrl: row.payUrl }),
    checkoutUrl: checkoutUrl(row.id, { publicUrl }),
    createdAt: row.createdAt,
    ...(row.paidAt !== null && { paidAt: row.paidAt }),
  }
}

/** The JSON of a payment as its stream has it. */
export const paymentViewOf = (paymentId: string, state: OpenedQrPayment, publicUrl: string) =>
  paymentView(
    {
      id: paymentId,
      merchantId: state.merchantId,
      siteId: state.siteId,
      terminalId: state.terminalId ?? null,
      method: state.method,
      status: state.status,
      currency: state.due.currency,
      amount: state.due.minor,
      received: state.received.minor,
      refunded: state.refunded.minor,
      fee: BigInt(state.fee.amount),
      description: state.description ?? null,
      orderId: state.orderId ?? null,
      metadata: state.metadata ? JSON.stringify(state.metadata) : null,
      payload: state.payload,
      connectorId: state.connectorId ?? null,
      payUrl: state.payUrl ?? null,
      expiresAt: state.expiresAt,
      createdAt: state.requestedAt,
      paidAt: state.paidAt ?? null,
    },
    publicUrl,
  )
