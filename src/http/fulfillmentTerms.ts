// What a request for payment says of what is to be handed out.
import { z } from '@hono/zod-openapi'
import { type Currency, toData } from '../domain/core/money.ts'
import type { FulfillmentTerms } from '../domain/pos/fulfillmentEvents.ts'
import { invalid } from './problem.ts'
import { amount, readMoney, text } from './schemas.ts'

const daySeconds = 86_400
/** A card's money is held for seven days: a pick-up must be over before. */
const pickupSecondsMax = 6 * daySeconds

export const product = text(40).openapi({ example: 'RON 95-III' })
const machineSeconds = z.int().min(1).max(daySeconds)

export const FulfillmentBody = z
  .discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('dispense'), timeoutSeconds: machineSeconds }),
    z.strictObject({
      mode: z.literal('pump'),
      timeoutSeconds: machineSeconds,
      product,
      unitPrice: amount.openapi({ description: 'Of a liter', example: '23450' }),
    }),
    z.strictObject({
      mode: z.literal('pickup'),
      timeoutSeconds: z.int().min(1).max(pickupSecondsMax),
    }),
  ])
  .openapi({
    description:
      'What is handed out once the money is there: what does not come out within `timeoutSeconds` goes back by itself. Of a pump, the amount of the payment is the most it may deliver.',
  })

/** `{fulfillment}` for the command, or nothing. A machine and a pump must be named: nobody else may report. */
export function readFulfillment(
  body: z.output<typeof FulfillmentBody> | undefined,
  currency: Currency,
  terminalId: string | undefined,
): { readonly fulfillment?: FulfillmentTerms } {
  if (!body) return {}
  if (body.mode === 'pickup') return { fulfillment: body }
  if (terminalId === undefined)
    throw invalid({ pointer: '/terminalId', detail: 'Name the terminal that hands it out.' })
  if (body.mode === 'dispense') return { fulfillment: body }
  const unitPrice = toData(readMoney({ amount: body.unitPrice, currency }, '/fulfillment/unitPrice'))
  return { fulfillment: { ...body, unitPrice } }
}
