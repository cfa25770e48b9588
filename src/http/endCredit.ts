// Ending unapplied money by hand: apply it to a payment, or return it to its sender.
import { z } from '@hono/zod-openapi'
import { base32 } from '../domain/core/base32.ts'
import { formatMoney } from '../domain/core/money.ts'
import { applyUnapplied } from '../domain/payments/applyUnapplied.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, refusal, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { amount, currency, id, paymentId, text } from './schemas.ts'
import type { Services } from './services.ts'
import { TransferView, transferView } from './transferView.ts'
import { ownCredit } from './visibleCredit.ts'

const creditId = id('crd', 'crd_7K3MA9QZXW4F2P8R6T7K3MA9QZ')
const params = z.object({ id: creditId })
const reason = text(140).optional().openapi({ description: 'Why. Kept for ever. Not for personal data.' })

const apply = endpoint({
  method: 'post',
  path: '/v1/unapplied-credits/{id}/apply',
  summary: 'Apply unapplied money to a payment',
  tag: 'Unapplied money',
  access: ['operator', 'merchant'],
  params,
  body: z.strictObject({ paymentId, reason }),
  reply: {
    status: 200,
    description: 'What the payment took; what is more than it was due stays unapplied',
    schema: z.object({ creditId, paymentId, amount, currency, left: amount }).openapi('AppliedCredit'),
  },
  problems: [
    'credit_not_unapplied',
    'credit_elsewhere',
    'payment_not_found',
    'payment_already_paid',
    'payment_canceled',
    'credit_mismatch',
    'credit_too_small',
    'version_differs',
  ],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    await ownCredit(params.id, caller!, services)
    await knownPayment(body.paymentId, caller!, services)
    const wish = {
      creditId: params.id,
      applicationId: base32(chance('application', 10), 16),
      paymentId: body.paymentId,
      ...(body.reason !== undefined && { reason: body.reason }),
      requestedAt: services.now().toISOString(),
    }
    const outcome = await applyUnapplied(services.gateway, wish, metadata, ifVersion)
    if (!outcome.ok) throw refusal(outcome)
    const { applied, amount, paymentId } = outcome.application
    const left = { ...amount, minor: amount.minor - applied.minor }
    return {
      status: 200,
      body: {
        creditId: params.id,
        paymentId,
        amount: formatMoney(applied),
        currency: applied.currency,
        left: formatMoney(left),
      },
      ...(outcome.replayed && { headers: { 'idempotent-replayed': 'true' } }),
    }
  },
})

/** A merchant's money goes to its own payments. */
async function knownPayment(paymentId: string, { merchantId }: Caller, { gateway }: Services): Promise<void> {
  const { state } = await gateway.payments.load(paymentId)
  const foreign = merchantId !== undefined && state.status !== 'new' && state.merchantId !== merchantId
  if (state.status === 'new' || foreign) throw new Problem('payment_not_found')
}

const giveBack = endpoint({
  method: 'post',
  path: '/v1/unapplied-credits/{id}/return',
  summary: 'Return unapplied money to its sender',
  tag: 'Unapplied money',
  access: ['operator', 'merchant'],
  params,
  body: z.strictObject({ reason }),
  reply: { status: 200, description: 'The transfer, requested', schema: TransferView },
  problems: [
    'credit_not_unapplied',
    'credit_elsewhere',
    'sender_unknown',
    'transfers_unavailable',
    'version_differs',
  ],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    await ownCredit(params.id, caller!, services)
    if (!services.canSend) throw new Problem('transfers_unavailable')
    const why = body.reason === undefined ? {} : { reason: body.reason }
    const data = { creditId: params.id, ...why, requestedAt: services.now().toISOString() }
    const command = { type: 'RequestReturn', data } as const
    const { state, ...done } = accepted(
      await services.gateway.credits.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, transferView([...existing(state).returns.values()].at(-1)!), done)
  },
})

export const endCreditEndpoints = [apply, giveBack]
