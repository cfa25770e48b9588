// Disputes of card payments: an operator opens one as the acquirer tells it, both answer with evidence, and it is won or lost.
import { z } from '@hono/zod-openapi'
import { formatMoney, toData } from '../domain/core/money.ts'
import { asCardPayment, type OpenedPayment } from '../domain/payments/payment.ts'
import { newDisputeId, paymentOfRefund } from '../domain/payments/reference.ts'
import {
  type Dispute,
  type DisputeCommand,
  disputeReasons,
  evidenceKinds,
} from '../domain/pos/cardDisputes.ts'
import type { Caller } from './auth.ts'
import { date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { amount, currency, id, instant, paymentId, readMoney } from './schemas.ts'
import type { Services } from './services.ts'
import { visiblePayment } from './visiblePayment.ts'

const disputeId = id('dsp', 'dsp_7K3MA9QZXW4F2P8R607K3MA9QZ')

const evidence = {
  kind: z.enum(evidenceKinds),
  documentHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'The SHA-256 of the document, in lower-case hex.')
    .openapi({ description: 'The document itself goes to the acquirer: it may hold personal data' }),
}

const DisputeView = z
  .object({
    id: disputeId,
    paymentId,
    amount,
    currency,
    reason: z.enum(disputeReasons),
    status: z.enum(['open', 'won', 'lost']),
    respondBy: date.optional(),
    openedAt: instant,
    closedAt: instant.optional(),
    evidence: z.array(z.object({ ...evidence, submittedAt: instant })),
  })
  .openapi('Dispute')

const view = (paymentId: string, { disputeId, amount, respondBy, closedAt, ...rest }: Dispute) => ({
  id: disputeId,
  paymentId,
  amount: formatMoney(amount),
  currency: amount.currency,
  reason: rest.reason,
  status: rest.status,
  ...(respondBy !== undefined && { respondBy }),
  openedAt: rest.openedAt,
  ...(closedAt !== undefined && { closedAt }),
  evidence: rest.evidence,
})

const disputesOf = (payment: OpenedPayment): Dispute[] => [
  ...(asCardPayment(payment)?.disputes.values() ?? []),
]

const viewIn = (paymentId: string, payment: OpenedPayment, disputeId: string) =>
  view(paymentId, asCardPayment(payment)!.disputes.get(disputeId)!)

const openDispute = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/disputes',
  summary: 'Record that a card payment is disputed',
  tag: 'Disputes',
  access: ['operator'],
  params: z.object({ id: paymentId }),
  body: z.strictObject({
    amount,
    reason: z.enum(disputeReasons),
    respondBy: date.optional().openapi({ description: 'By when the issuer wants an answer' }),
  }),
  reply: {
    status: 201,
    description: 'The dispute; as much of what the merchant is owed is kept back until it is decided',
    schema: DisputeView,
  },
  problems: [
    'payment_method_differs',
    'payment_not_paid',
    'payment_reversed',
    'payment_reversing',
    'dispute_exceeds_rest',
    'version_differs',
  ],
  run: async ({ params, body, caller, chance, metadata, ifVersion }, services) => {
    const { state: payment } = await visiblePayment(params.id, caller, services)
    if (payment.method !== 'card') throw new Problem('payment_method_differs')
    const { currency } = payment.amount
    const data = {
      disputeId: newDisputeId(params.id, chance),
      amount: toData(readMoney({ amount: body.amount, currency })),
      reason: body.reason,
      ...(body.respondBy !== undefined && { respondBy: body.respondBy }),
      openedAt: services.now().toISOString(),
    }
    const command = { type: 'OpenDispute', data } as const
    const { payments } = services.gateway
    const { state, ...done } = accepted(await payments.handle(params.id, command, metadata, ifVersion))
    return reply(201, viewIn(params.id, existing(state), data.disputeId), done)
  },
})

const listDisputes = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/disputes',
  summary: "A payment's disputes, oldest first",
  tag: 'Disputes',
  access: ['merchant', 'operator'],
  params: z.object({ id: paymentId }),
  reply: {
    status: 200,
    description: 'All of them',
    schema: z.object({ data: z.array(DisputeView), nextCursor: z.null() }),
  },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visiblePayment(params.id, caller, services)
    const data = disputesOf(state).map((dispute) => view(params.id, dispute))
    return reply(200, { data, nextCursor: null }, { version })
  },
})

/** The payment of a dispute that the caller may see. A dispute's id names its payment. */
async function visibleDispute(disputeId: string, caller: Caller | undefined, services: Services) {
  const ofPayment = paymentOfRefund(disputeId)
  const { state, version } = await visiblePayment(ofPayment, caller, services)
  if (!disputesOf(state).some((one) => one.disputeId === disputeId)) throw new Problem('not_found')
  return { state, version, ofPayment }
}

const getDispute = endpoint({
  method: 'get',
  path: '/v1/disputes/{id}',
  summary: 'Read a dispute',
  tag: 'Disputes',
  access: ['merchant', 'operator'],
  params: z.object({ id: disputeId }),
  reply: { status: 200, description: "The dispute; the ETag is its payment's", schema: DisputeView },
  run: async ({ params, caller }, services) => {
    const { state, version, ofPayment } = await visibleDispute(params.id, caller, services)
    return reply(200, viewIn(ofPayment, state, params.id), { version })
  },
})

/** An act on a dispute that is there: its command, made of the request's body. */
const act = <Body extends z.ZodType>(
  name: 'evidence' | 'won' | 'lost',
  summary: string,
  access: readonly ('merchant' | 'operator')[],
  body: Body,
  commandOf: (disputeId: string, body: z.output<Body>, at: string) => DisputeCommand,
) =>
  endpoint({
    method: 'post',
    path: `/v1/disputes/{id}/${name}`,
    summary,
    tag: 'Disputes',
    access,
    params: z.object({ id: disputeId }),
    body,
    reply: { status: 200, description: 'The dispute', schema: DisputeView },
    problems: [
      'dispute_closed',
      'version_differs',
      ...(name === 'evidence' ? (['dispute_evidence_full'] as const) : []),
    ],
    run: async ({ params, body, caller, metadata, ifVersion }, services) => {
      const { ofPayment } = await visibleDispute(params.id, caller, services)
      const command = commandOf(params.id, body as z.output<Body>, services.now().toISOString())
      const { payments } = services.gateway
      const { state, ...done } = accepted(await payments.handle(ofPayment, command, metadata, ifVersion))
      return reply(200, viewIn(ofPayment, existing(state), params.id), done)
    },
  })

const nothing = z.strictObject({})

export const disputeEndpoints = [
  openDispute,
  listDisputes,
  getDispute,
  act(
    'evidence',
    'Answer a dispute with a document',
    ['merchant', 'operator'],
    z.strictObject(evidence),
    (disputeId, document, submittedAt) => ({
      type: 'SubmitEvidence',
      data: { disputeId, ...document, submittedAt },
    }),
  ),
  act('won', 'Record that a dispute is won', ['operator'], nothing, (disputeId, _body, at) => ({
    type: 'WinDispute',
    data: { disputeId, at },
  })),
  act('lost', 'Record that a dispute is lost', ['operator'], nothing, (disputeId, _body, at) => ({
    type: 'LoseDispute',
    data: { disputeId, at },
  })),
]
