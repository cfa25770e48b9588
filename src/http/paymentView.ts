// A payment as the API shows it, whether it comes from its stream or from the list's rows.
import { z } from '@hono/zod-openapi'
import { cardText, type PaymentRow } from '../../projections/payments.ts'
import type { BillOrder } from '../domain/bills/billOrder.ts'
import { costOf } from '../domain/core/fees.ts'
import { type Currency, formatMoney, money } from '../domain/core/money.ts'
import { amountOf, type OpenedPayment, receivedOf } from '../domain/payments/payment.ts'
import type { Agent, OpenedQrPayment } from '../domain/payments/qrPayment.ts'
import { referenceOf } from '../domain/payments/reference.ts'
import { chargeFor } from '../domain/pos/cardPaid.ts'
import { isReversing, type OpenedCardPayment, refundedOf } from '../domain/pos/cardPaymentState.ts'
import type { Fulfillment } from '../domain/pos/fulfillmentEvents.ts'
import { meaningOfResponse } from '../domain/pos/responseCodes.ts'
import { FulfillmentView, fulfillmentView } from './fulfillmentView.ts'
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
  .record(plainText(40).regex(/^[\w.-]+$/), plainText(500))
  .refine((pairs) => Object.keys(pairs).length <= 20, 'At most 20 pairs.')
  .openapi({ description: "The caller's own pairs, returned as sent. Not for personal data." })

const bilingual = z.object({ vi: z.string(), en: z.string() })

const CardView = z.object({
  scheme: z.string().optional(),
  first6: z.string(),
  last4: z.string(),
  approvalCode: z.string().optional(),
  responseCode: z.string().optional().openapi({ description: 'ISO 8583 DE39', example: '51' }),
  messages: z
    .object({ payer: bilingual, cashier: bilingual })
    .optional()
    .openapi({ description: 'What to say about the answer' }),
})

const BillsView = z.object({
  customerCode: z.string(),
  data: z.array(
    z.object({
      billId: id('bil', 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ'),
      billNumber: z.string(),
      amount: z.string().openapi({ description: 'Of the bill, without the late fee' }),
      lateFee: z.string(),
    }),
  ),
  payerFee: amount.optional().openapi({ description: 'What the payer pays over the bills' }),
  advance: amount.optional().openapi({ description: 'What is paid over what is owed' }),
})

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
    fee: amount.openapi({ description: 'What the payment costs the merchant, tax on it included' }),
    qr: z
      .object({
        payload: z.string(),
        expiresAt: instant,
        svgUrl: z.url(),
        pngUrl: z.url(),
      })
      .optional(),
    card: CardView.optional(),
    capture: z.enum(['automatic', 'manual']).optional(),
    amountAuthorized: amount.optional().openapi({ description: 'What the issuer of the card holds or held' }),
    authorizationExpiresAt: instant.optional().openapi({ description: 'Capture before' }),
    reversing: z.literal(true).optional().openapi({
      description:
        'The authorization is being reversed until the card network says so: nothing can be taken.',
    }),
    outcomeUnknown: z.literal(true).optional().openapi({
      description:
        'No answer came in time: the card may be charged or not, and is being reversed until the network says so. Hand out nothing.',
    }),
    fulfillment: FulfillmentView.optional(),
    bills: BillsView.optional().openapi({ description: 'What of it pays which bill' }),
    agent: z
      .object({
        merchantId: id('mer', 'mer_7K3MA'),
        terminalId: id('ter', 'ter_9QZXW4F2').optional(),
      })
      .optional()
      .openapi({ description: 'Who takes it, where that is not the merchant whose money it is' }),
    connectorId: id('con', 'con_7K3MA9QZXW4F').optional(),
    payUrl: z.url().optional().openapi({ description: "The provider's page, where a provider collects it" }),
    checkoutUrl: z.url().optional(),
    createdAt: instant,
    paidAt: instant.optional(),
  })
  .openapi('Payment')

export const checkoutUrl = (paymentId: string, { publicUrl }: { readonly publicUrl: string }): string =>
  `${publicUrl}/checkout/${paymentId}`

type ShownRow = Omit<PaymentRow, 'version' | 'dueAt' | 'payerHashes' | 'attemptId' | 'handsOut' | 'pickupAt'>

/** The JSON of a row. */
export function paymentView(row: ShownRow, publicUrl: string) {
  const show = (minor: bigint) => formatMoney(money(minor, row.currency as Currency))
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
    ...(row.method === 'card' ? cardView(row, show) : qrView(row, publicUrl)),
    ...(row.fulfillment !== null && {
      fulfillment: fulfillmentView(JSON.parse(row.fulfillment) as Fulfillment),
    }),
    ...(row.bills !== null && { bills: billsView(JSON.parse(row.bills) as BillOrder, show) }),
    ...(row.agent !== null && { agent: JSON.parse(row.agent) as Agent }),
    ...(row.connectorId !== null && { connectorId: row.connectorId }),
    ...(row.payUrl !== null && { payUrl: row.payUrl }),
    createdAt: row.createdAt,
    ...(row.paidAt !== null && { paidAt: row.paidAt }),
  }
}

function billsView({ customerCode, shares, payerFee, advance }: BillOrder, show: (minor: bigint) => string) {
  return {
    customerCode,
    data: shares.map(({ billId, billNumber, amount, lateFee }) => ({
      billId,
      billNumber,
      amount: show(BigInt(amount)),
      lateFee: show(BigInt(lateFee)),
    })),
    ...(payerFee !== undefined && { payerFee: show(BigInt(payerFee)) }),
    ...(advance !== undefined && { advance: show(BigInt(advance)) }),
  }
}

function qrView({ id, payload, expiresAt }: ShownRow, publicUrl: string) {
  const url = `${publicUrl}/v1/payments/${id}`
  const qr = { payload, expiresAt, svgUrl: `${url}/qr.svg`, pngUrl: `${url}/qr.png` }
  return { qr, checkoutUrl: checkoutUrl(id, { publicUrl }) }
}

function cardView(row: ShownRow, show: (minor: bigint) => string) {
  const { card, capture, authorized, approvalCode, responseCode, status, expiresAt, reversing } = row
  const facts = JSON.parse(card!) as z.output<typeof CardView>
  const answer = responseCode === null ? {} : { responseCode, messages: messagesOf(responseCode) }
  return {
    card: { ...facts, ...(approvalCode !== null && { approvalCode }), ...answer },
    capture: capture as OpenedCardPayment['capture'],
    ...(authorized !== null && { amountAuthorized: show(authorized) }),
    ...(status === 'authorized' && { authorizationExpiresAt: expiresAt }),
    ...(reversing === 1 && { reversing: true as const }),
    ...(reversing === 1 && status === 'pending' && { outcomeUnknown: true as const }),
  }
}

const messagesOf = (responseCode: string) => {
  const { payer, cashier } = meaningOfResponse(responseCode)
  return { payer, cashier }
}

/** The JSON of a payment as its stream has it. */
export const paymentViewOf = (paymentId: string, state: OpenedPayment, publicUrl: string) => {
  const asked = amountOf(state)
  const row: ShownRow = {
    id: paymentId,
    merchantId: state.merchantId,
    siteId: state.siteId,
    terminalId: state.terminalId ?? null,
    method: state.method,
    status: state.status,
    currency: asked.currency,
    amount: asked.minor,
    received: receivedOf(state).minor,
    description: state.description ?? null,
    orderId: state.orderId ?? null,
    metadata: state.metadata ? JSON.stringify(state.metadata) : null,
    fulfillment: state.fulfillment ? JSON.stringify(state.fulfillment) : null,
    createdAt: state.requestedAt,
    paidAt: state.paidAt ?? null,
    ...(state.method === 'card' ? cardCells(state) : qrCells(state)),
  }
  return paymentView(row, publicUrl)
}

const noCard = {
  card: null,
  capture: null,
  authorized: null,
  approvalCode: null,
  responseCode: null,
  reversing: 0,
}

const qrCells = (state: OpenedQrPayment) => ({
  refunded: state.refunded.minor,
  fee: costOf(state),
  payload: state.payload,
  connectorId: state.connectorId ?? null,
  payUrl: state.payUrl ?? null,
  bills: state.bills ? JSON.stringify(state.bills) : null,
  agent: state.agent ? JSON.stringify(state.agent) : null,
  expiresAt: state.expiresAt,
  ...noCard,
})

const open = new Set<OpenedCardPayment['status']>(['pending', 'authorized', 'paid'])

const isBeingReversed = (state: OpenedCardPayment): boolean => open.has(state.status) && isReversing(state)

function cardCells(state: OpenedCardPayment) {
  const { approvalCode, responseCode, outcome } = state.attempts.get(state.attemptId)!
  return {
    refunded: refundedOf(state).minor,
    fee: costOf(chargeFor(state)),
    payload: '',
    connectorId: null,
    payUrl: null,
    bills: null,
    agent: null,
    card: cardText(state.card),
    capture: state.capture,
    authorized: outcome === 'approved' ? state.authorized.minor : null,
    approvalCode: approvalCode ?? null,
    responseCode: responseCode ?? null,
    reversing: isBeingReversed(state) ? 1 : 0,
    expiresAt: state.heldUntil ?? state.expiresAt,
  }
}
