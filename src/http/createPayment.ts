// POST /v1/payments: a merchant or terminal asks for money with a dynamic VietQR.
import { z } from '@hono/zod-openapi'
import type { Metadata } from '../domain/core/eventStore.ts'
import { feeOn } from '../domain/core/fees.ts'
import { type Money, toData } from '../domain/core/money.ts'
import type { Gateway } from '../domain/gateway.ts'
import type { RegisteredMerchant } from '../domain/merchants/merchant.ts'
import { derivedReference, newReference, paymentIdOf, transferText } from '../domain/payments/reference.ts'
import { transferAmountMax } from '../domain/qr/vietQrRules.ts'
import { writeVietQr } from '../domain/qr/writeVietQr.ts'
import type { Caller } from './auth.ts'
import { endpoint, type Reply } from './endpoint.ts'
import type { Intention } from './idempotency.ts'
import { accepted, existing, reply } from './outcome.ts'
import { PaymentView, metadata as pairs, paymentViewOf } from './paymentView.ts'
import { invalid } from './problem.ts'
import { amount, currency, id, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'

const expirySecondsMax = 604_800

const PaymentBody = z.strictObject({
  siteId: id('sit', 'sit_7K3MA9QZXW4F2'),
  terminalId: id('ter', 'ter_9QZXW4F2').optional(),
  method: z.literal('qr', 'Only "qr" is taken so far.'),
  amount,
  currency,
  description: text(140).optional(),
  orderId: text(60).optional(),
  expiresInSeconds: z.int().min(1).max(expirySecondsMax).default(900),
  metadata: pairs.optional(),
})
type PaymentBody = z.output<typeof PaymentBody>

/** Asks for a payment in the name of a caller, who is the merchant or one of its terminals. */
export async function requestPayment(
  body: PaymentBody,
  caller: Caller,
  { chance, commandId }: Intention,
  metadata: Metadata,
  { gateway, now, settings }: Services,
): Promise<Reply> {
  const money = readQrMoney(body)
  const merchant = await sellerOf(body, caller, gateway)
  const merchantId = caller.merchantId!
  const at = now()
  const reference = commandId ? derivedReference(merchantId, chance) : newReference(merchantId, at, chance)
  const { bankBin, accountNumber } = merchant.settlementAccount
  const { siteId, terminalId = caller.terminalId, description, orderId } = body
  const data = {
    merchantId,
    siteId,
    ...(terminalId !== undefined && { terminalId }),
    method: 'qr',
    amount: toData(money),
    fee: toData(feeOn(money, merchant.feePlan)),
    payTo: { bankBin, accountNumber },
    ...(description !== undefined && { description }),
    ...(orderId !== undefined && { orderId }),
    ...(body.metadata && { metadata: body.metadata }),
    latePolicy: merchant.latePolicy,
    ...(merchant.autoReturnOverpayments && { autoReturnOverpayments: true }),
    expiresAt: new Date(at.getTime() + body.expiresInSeconds * 1000).toISOString(),
    requestedAt: at.toISOString(),
    payload: writeVietQr({
      bankBin,
      accountNumber,
      amount: money.minor.toString(),
      purpose: transferText(reference),
    }),
  } as const
  const paymentId = paymentIdOf(reference)
  const command = { type: 'RequestPayment', data } as const
  const { state, ...done } = accepted(
    await gateway.payments.handle(paymentId, command, metadata, { expectNew: true }),
  )
  return reply(201, paymentViewOf(paymentId, existing(state), settings.publicUrl), done)
}

export const createPayment = endpoint({
  method: 'post',
  path: '/v1/payments',
  summary: 'Ask for a payment by QR',
  tag: 'Payments',
  access: ['merchant', 'terminal'],
  body: PaymentBody,
  reply: { status: 201, description: 'The payment, pending, with its QR', schema: PaymentView },
  run: ({ body, caller, metadata, ...intention }, services) =>
    requestPayment(body, caller!, intention, metadata, services),
})

function readQrMoney(body: PaymentBody): Money {
  const money = readMoney(body)
  if (money.currency !== 'VND')
    throw invalid({
      pointer: '/currency',
      detail: 'A VietQR is paid in VND.',
      code: 'currency_not_supported',
    })
  if (money.minor > transferAmountMax)
    throw invalid({
      pointer: '/amount',
      detail: `A VietQR transfer moves at most ${transferAmountMax} VND.`,
      code: 'amount_over_transfer_limit',
    })
  return money
}

/** The merchant, once the site, and the terminal where one is named, prove to be its own. */
async function sellerOf(body: PaymentBody, caller: Caller, gateway: Gateway): Promise<RegisteredMerchant> {
  const { merchantId, terminalId: callingTerminal } = caller
  const { state: site } = await gateway.sites.load(body.siteId)
  if (site.status === 'new' || site.merchantId !== merchantId)
    throw invalid({ pointer: '/siteId', detail: 'This merchant has no such site.' })
  const terminalId = body.terminalId ?? callingTerminal
  if (callingTerminal && terminalId !== callingTerminal)
    throw invalid({ pointer: '/terminalId', detail: 'A terminal asks for itself only.' })
  if (terminalId) {
    const { state: terminal } = await gateway.terminals.load(terminalId)
    if (terminal.status === 'new' || terminal.siteId !== body.siteId)
      throw invalid({ pointer: '/terminalId', detail: 'This site has no such terminal.' })
  }
  const { state: merchant } = await gateway.merchants.load(merchantId!)
  if (merchant.status === 'new') throw new Error(`key of an unknown merchant ${merchantId}`)
  return merchant
}
