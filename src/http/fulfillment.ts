// POST /v1/payments/{id}/fulfillment: a machine or pump reports what came out, and the money follows.
import { z } from '@hono/zod-openapi'
import { type Currency, type MoneyData, toData, zero } from '../domain/core/money.ts'
import { amountOf } from '../domain/payments/payment.ts'
import type { Delivery } from '../domain/pos/fulfillmentEvents.ts'
import { parseVolume } from '../domain/pos/volume.ts'
import { endpoint } from './endpoint.ts'
import { product } from './fulfillmentTerms.ts'
import { accepted, existing, reply } from './outcome.ts'
import { PaymentView, paymentViewOf } from './paymentView.ts'
import { invalid } from './problem.ts'
import { amount, paymentId, readMoney, text } from './schemas.ts'
import { visiblePayment } from './visiblePayment.ts'

const ReportBody = z.strictObject({
  outcome: z.enum(['dispensed', 'partial', 'failed']),
  amount: amount.optional().openapi({
    description: 'What came out, in money: needed for a part and from a pump; "0" is a failure',
  }),
  detail: text(140).optional().openapi({ description: 'Kept for ever in the log', example: 'coil 7 empty' }),
  volume: z
    .string()
    .refine((value) => parseVolume(value) !== undefined, 'Liters with up to three decimals, e.g. "40.125".')
    .optional(),
  unitPrice: amount.optional(),
  product: product.optional(),
})
type ReportBody = z.output<typeof ReportBody>

/** No amount elsewhere may be zero; here it says that nothing came out. */
const isNothing = /^0(\.0{1,3})?$/

const amountIn = (said: string, currency: Currency): MoneyData =>
  toData(isNothing.test(said) ? zero(currency) : readMoney({ amount: said, currency }))

/** Volume, unit price and product go together. */
function deliveryIn({ volume, unitPrice, product }: ReportBody, currency: Currency): Delivery | undefined {
  if (volume === undefined && unitPrice === undefined && product === undefined) return undefined
  if (volume === undefined || unitPrice === undefined || product === undefined)
    throw invalid({ pointer: '', detail: 'Send volume, unitPrice and product together.' })
  return {
    milliliters: parseVolume(volume)!,
    unitPrice: toData(readMoney({ amount: unitPrice, currency }, '/unitPrice')),
    product,
  }
}

const reportFulfillment = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/fulfillment',
  summary: 'Report what was handed out',
  tag: 'Fulfillment',
  access: ['terminal'],
  params: z.object({ id: paymentId }),
  body: ReportBody,
  reply: {
    status: 200,
    description:
      'The payment. What was held on a card is captured or released with the report; what was paid and did not come out goes back right after.',
    schema: PaymentView,
  },
  problems: [
    'fulfillment_not_requested',
    'fulfillment_not_due',
    'fulfillment_elsewhere',
    'fulfillment_differs',
    'fulfillment_amount_required',
    'fulfillment_amount_differs',
    'fulfillment_exceeds_amount',
    'delivery_required',
    'delivery_differs',
    'delivery_amount_differs',
    'version_differs',
  ],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { gateway, now, settings } = services
    const { state: payment } = await visiblePayment(params.id, caller, services)
    const { currency } = amountOf(payment)
    const delivery = deliveryIn(body, currency)
    const data = {
      outcome: body.outcome,
      ...(body.amount !== undefined && { amount: amountIn(body.amount, currency) }),
      ...(delivery && { delivery }),
      ...(body.detail !== undefined && { detail: body.detail }),
      terminalId: caller!.terminalId!,
      reportedAt: now().toISOString(),
    }
    const command = { type: 'ReportFulfillment', data } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, paymentViewOf(params.id, existing(state), settings.publicUrl), done)
  },
})

export const fulfillmentEndpoints = [reportFulfillment]
