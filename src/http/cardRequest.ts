// A payment by card is asked for, by a till that knows the card by a token only.
import { z } from '@hono/zod-openapi'
import type { Metadata } from '../domain/core/eventStore.ts'
import { toData } from '../domain/core/money.ts'
import { derivedReference, newReference, paymentIdOf } from '../domain/payments/reference.ts'
import type { Caller } from './auth.ts'
import type { Reply } from './endpoint.ts'
import { readFulfillment } from './fulfillmentTerms.ts'
import type { Intention } from './idempotency.ts'
import { accepted, existing, reply } from './outcome.ts'
import { paymentViewOf } from './paymentView.ts'
import { Problem } from './problem.ts'
import { saleFields } from './saleFields.ts'
import { readMoney } from './schemas.ts'
import { sellerOf } from './seller.ts'
import type { Services } from './services.ts'

export const CardPaymentBody = z.strictObject({
  ...saleFields,
  method: z.literal('card'),
  card: z.strictObject({
    token: z
      .string()
      .regex(/^tok_\w{1,60}$/, 'A token, never a card number.')
      .openapi({ example: 'tok_approve' }),
  }),
  capture: z.enum(['automatic', 'manual']).default('automatic').openapi({
    description: '`manual`: the money is held, for a capture within seven days',
  }),
  acceptsPartial: z.boolean().default(false).openapi({
    description: 'Take what the card can pay, if it is less: the till collects the rest another way',
  }),
})
type CardPaymentBody = z.output<typeof CardPaymentBody>

/** Asks for a payment by card in the name of a caller, who is the merchant or one of its terminals. */
export async function requestCardPayment(
  body: CardPaymentBody,
  caller: Caller,
  { chance, commandId }: Intention,
  metadata: Metadata,
  services: Services,
): Promise<Reply> {
  const { cards, cardOf, gateway, now, settings } = services
  const amount = toData(readMoney(body))
  const merchant = await sellerOf(body, caller, gateway)
  if (!cards) throw new Problem('cards_unavailable')
  const card = cardOf(body.card.token)
  if (!card) throw new Problem('card_token_unknown')
  const merchantId = caller.merchantId!
  const { terms } = await services.fees.termsFor({ ...merchant, merchantId }, 'card', amount.currency)
  const reference = commandId ? derivedReference(merchantId, chance) : newReference(merchantId, now(), chance)
  const paymentId = paymentIdOf(reference)
  const { siteId, terminalId = caller.terminalId, description, orderId, capture, acceptsPartial } = body
  const request = {
    merchantId,
    siteId,
    ...(terminalId !== undefined && { terminalId }),
    amount,
    feePlan: terms,
    card,
    capture,
    acceptsPartial,
    ...(description !== undefined && { description }),
    ...(orderId !== undefined && { orderId }),
    ...(body.metadata && { metadata: body.metadata }),
    ...readFulfillment(body.fulfillment, amount.currency, terminalId),
  }
  const { outcome } = await cards.authorize(paymentId, request, metadata)
  const { state, ...done } = accepted(outcome)
  return reply(201, paymentViewOf(paymentId, existing(state), settings.publicUrl), done)
}
