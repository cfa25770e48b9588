// A payment by QR is asked for: with a dynamic VietQR, or through a provider.
import { z } from '@hono/zod-openapi'
import type { Metadata } from '../domain/core/eventStore.ts'
import { chargeOn } from '../domain/core/fees.ts'
import { type Money, toData } from '../domain/core/money.ts'
import { derivedReference, newReference, paymentIdOf, transferText } from '../domain/payments/reference.ts'
import { writeVietQr } from '../domain/qr/writeVietQr.ts'
import type { Caller } from './auth.ts'
import type { Reply } from './endpoint.ts'
import { readFulfillment } from './fulfillmentTerms.ts'
import type { Intention } from './idempotency.ts'
import { accepted, existing, reply } from './outcome.ts'
import { checkoutUrl, paymentViewOf } from './paymentView.ts'
import { openOrder } from './providerOrder.ts'
import { saleFields } from './saleFields.ts'
import { id, readMoney } from './schemas.ts'
import { sellerOf } from './seller.ts'
import type { Services } from './services.ts'
import { expectTransferable } from './transferable.ts'

const expirySecondsMax = 604_800

export const QrPaymentBody = z.strictObject({
  ...saleFields,
  method: z.literal('qr'),
  expiresInSeconds: z.int().min(1).max(expirySecondsMax).default(900),
  connectorId: id('con', 'con_7K3MA9QZXW4F').optional().openapi({
    description: 'The provider that is to collect it; without, a VietQR to the settlement account',
  }),
})
export type QrPaymentBody = z.output<typeof QrPaymentBody>

/** Asks for a payment by QR in the name of a caller, who is the merchant or one of its terminals. */
export async function requestQrPayment(
  body: QrPaymentBody,
  caller: Caller,
  { chance, commandId }: Intention,
  metadata: Metadata,
  services: Services,
): Promise<Reply> {
  const { gateway, now, settings } = services
  const money = readQrMoney(body)
  const merchant = await sellerOf(body, caller, gateway)
  const merchantId = caller.merchantId!
  const { terms, planned } = await services.fees.termsFor({ ...merchant, merchantId }, 'qr', money.currency)
  const at = now()
  const reference = commandId ? derivedReference(merchantId, chance) : newReference(merchantId, at, chance)
  const { bankBin, accountNumber } = merchant.settlementAccount
  const { siteId, terminalId = caller.terminalId, description, orderId, connectorId } = body
  const fulfillment = readFulfillment(body.fulfillment, money.currency, terminalId)
  const expiresAt = new Date(at.getTime() + body.expiresInSeconds * 1000)
  const paymentId = paymentIdOf(reference)
  const order = { reference, amount: money.minor, at, expiresAt, returnUrl: checkoutUrl(paymentId, settings) }
  const ways =
    connectorId === undefined
      ? { payload: ownQr(bankBin, accountNumber, order) }
      : { connectorId, ...(await providersWay(connectorId, paymentId, commandId, order, services)) }
  const data = {
    merchantId,
    siteId,
    ...(terminalId !== undefined && { terminalId }),
    method: 'qr',
    amount: toData(money),
    ...chargeOn(money, terms),
    ...(planned && { feePlan: terms }),
    payTo: { bankBin, accountNumber },
    ...(description !== undefined && { description }),
    ...(orderId !== undefined && { orderId }),
    ...(body.metadata && { metadata: body.metadata }),
    ...fulfillment,
    latePolicy: merchant.latePolicy,
    expiresAt: expiresAt.toISOString(),
    ...(merchant.autoReturnOverpayments && { autoReturnOverpayments: true }),
    requestedAt: at.toISOString(),
    ...ways,
  } as const
  const command = { type: 'RequestPayment', data } as const
  const { state, ...done } = accepted(
    await gateway.payments.handle(paymentId, command, metadata, { expectNew: true }),
  )
  return reply(201, paymentViewOf(paymentId, existing(state), settings.publicUrl), done)
}

type AskedOrder = Parameters<typeof openOrder>[1]

const ownQr = (bankBin: string, accountNumber: string, { amount, reference }: AskedOrder): string =>
  writeVietQr({
    bankBin,
    accountNumber,
    amount: amount.toString(),
    purpose: transferText(reference),
  })

/** How a provider wants it paid. A repeated request has its payment already: the provider is not asked again. */
async function providersWay(
  connectorId: string,
  paymentId: string,
  commandId: string | undefined,
  order: AskedOrder,
  services: Services,
): Promise<{ payload: string; payUrl?: string }> {
  const made = commandId !== undefined && (await services.gateway.payments.load(paymentId)).version > 0
  if (made) return { payload: '' } // what stands in the log is the answer
  const { payUrl, qrText = payUrl } = await openOrder(connectorId, order, services) // a camera opens an address too
  return { payload: qrText, payUrl }
}

function readQrMoney(body: QrPaymentBody): Money {
  const money = readMoney(body)
  expectTransferable(money)
  return money
}
