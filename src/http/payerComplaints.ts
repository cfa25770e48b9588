// /v1/receipts/{id}/complaints: payers complain by themselves, with the link to their receipt in hand.
import { z } from '@hono/zod-openapi'
import { complaintsOf, openingProblems } from './complaints.ts'
import { ComplaintView, complaintFields } from './complaintView.ts'
import { endpoint } from './endpoint.ts'
import { openComplaint } from './openComplaint.ts'
import { Problem } from './problem.ts'
import { hasReceipt, receiptToken } from './receiptUrl.ts'
import { paymentId } from './schemas.ts'
import type { Services } from './services.ts'

const params = z.object({ id: paymentId })
const token = z.string().max(40).openapi({ description: 'Of the link to the receipt' })

const openByLink = endpoint({
  method: 'post',
  path: '/v1/receipts/{id}/complaints',
  summary: 'Open a complaint with the link of a receipt',
  tag: 'Complaints',
  access: 'public',
  params,
  body: z.strictObject({ ...complaintFields, token }),
  reply: { status: 201, description: 'The complaint; the merchant has to answer it', schema: ComplaintView },
  problems: [...openingProblems, 'version_differs'],
  run: async ({ params, body: { token, ...wish }, ...intention }, services) => {
    const payment = await receiptedPayment(params.id, token, services)
    return openComplaint(wish, { paymentId: params.id, payment, by: 'payer', ...intention }, services)
  },
})

const listByLink = endpoint({
  method: 'get',
  path: '/v1/receipts/{id}/complaints',
  summary: 'Read the complaints about a payment with the link of its receipt',
  tag: 'Complaints',
  access: 'public',
  params,
  query: z.strictObject({ token }),
  reply: {
    status: 200,
    description: 'All of them, oldest first',
    schema: z.object({ data: z.array(ComplaintView), nextCursor: z.null() }),
  },
  run: async ({ params, query }, services) =>
    complaintsOf(params.id, await receiptedPayment(params.id, query.token, services), services),
})

/** A wrong link and a payment that was not paid look the same. */
async function receiptedPayment(id: string, token: string, services: Services) {
  if (!services.crypto.equal(token, receiptToken(id, services))) throw new Problem('not_found')
  const { state } = await services.gateway.payments.load(id)
  if (state.status === 'new' || !hasReceipt(state)) throw new Problem('not_found')
  return state
}

export const payerComplaintEndpoints = [openByLink, listByLink]
