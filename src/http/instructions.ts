// What a machine is told to hand out, once the money is there.
import { z } from '@hono/zod-openapi'
import { formatMoney, fromData } from '../domain/core/money.ts'
import { fundsOf } from '../domain/payments/funds.ts'
import type { OpenedPayment } from '../domain/payments/payment.ts'
import { deadlineOf, handedOutBy, isAfter, isOpen } from '../domain/pos/fulfillment.ts'
import { endpoint } from './endpoint.ts'
import { existing } from './outcome.ts'
import { amount, currency, instant, paymentId } from './schemas.ts'
import type { Services } from './services.ts'
import { params, visibleTerminal } from './terminalView.ts'

/** More than these a machine has not to do at once. */
const listMax = 100

export const Instruction = z
  .object({
    id: paymentId,
    mode: z.enum(['dispense', 'pump', 'pickup']),
    amount: amount.openapi({ description: 'What may be handed out, in money: of a pump at most' }),
    currency,
    deadline: instant.openapi({ description: 'Begin only what can be reported before' }),
    product: z.string().optional(),
    unitPrice: amount.optional().openapi({ description: 'Of a liter' }),
    orderId: z.string().optional(),
    description: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Instruction')

/** What a terminal is to hand out for a payment at an instant; undefined where that is nothing. */
export function instructionOf(
  id: string,
  payment: OpenedPayment,
  terminalId: string,
  now: Date,
): z.output<typeof Instruction> | undefined {
  const { fulfillment, orderId, description, metadata } = payment
  if (!fulfillment || !isOpen(fulfillment) || !fundsOf(payment)) return undefined
  const deadline = deadlineOf(fulfillment)!
  if (handedOutBy(fulfillment, payment.terminalId) !== terminalId) return undefined
  if (isAfter(deadline, now.toISOString())) return undefined
  const worth = fromData(fulfillment.worth!)
  return {
    id,
    mode: fulfillment.mode,
    amount: formatMoney(worth),
    currency: worth.currency,
    deadline,
    ...(fulfillment.mode === 'pump' && {
      product: fulfillment.product,
      unitPrice: formatMoney(fromData(fulfillment.unitPrice)),
    }),
    ...(orderId !== undefined && { orderId }),
    ...(description !== undefined && { description }),
    ...(metadata && { metadata }),
  }
}

export const terminalInstructions = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}/instructions',
  summary: 'What a terminal is to hand out now',
  tag: 'Terminals',
  access: ['merchant', 'terminal'],
  params,
  reply: {
    status: 200,
    description: 'The first deadline first; gone once it is reported',
    schema: z.object({ data: z.array(Instruction) }),
  },
  run: async ({ params, caller }, services) => {
    await visibleTerminal(params.id, caller!, services)
    return { status: 200, body: { data: await instructionsOf(params.id, services) } }
  },
})

/** What a terminal is to hand out now. */
export async function instructionsOf(
  terminalId: string,
  { gateway, readModels, now }: Pick<Services, 'gateway' | 'readModels' | 'now'>,
) {
  const ids = await readModels.toHandOut(terminalId, listMax)
  const loaded = await Promise.all(ids.map((id) => gateway.payments.load(id)))
  return loaded.flatMap(
    ({ state }, index) => instructionOf(ids[index]!, existing(state), terminalId, now()) ?? [],
  )
}
