// Complaints of payers about payments: opened and read by shops and tills, answered by the merchant or an operator.
import { z } from '@hono/zod-openapi'
import { complaintIn } from '../domain/complaints/complaint.ts'
import {
  type ComplaintCommand,
  type ComplaintParty,
  complaintStatuses,
} from '../domain/complaints/complaintEvents.ts'
import { toData } from '../domain/core/money.ts'
import { amountOf, type OpenedPayment } from '../domain/payments/payment.ts'
import { paymentOfComplaint } from '../domain/payments/reference.ts'
import type { Caller } from './auth.ts'
import { ComplaintView, complaintFields, complaintId, complaintView, impersonal } from './complaintView.ts'
import { endpoint, type Request } from './endpoint.ts'
import { openComplaint, restOf } from './openComplaint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem, type ProblemCode } from './problem.ts'
import { amount, page, pageQuery, paymentId, readMoney } from './schemas.ts'
import type { Services } from './services.ts'
import { visiblePayment, visibleToAgent } from './visiblePayment.ts'

export const openingProblems = [
  'complaint_payment_unpaid',
  'complaint_payment_paid',
  'complaint_too_early',
  'complaint_open',
  'complaints_exceeded',
  'complaint_amount_missing',
  'complaint_amount_unexpected',
  'complaint_exceeds_payment',
] as const satisfies readonly ProblemCode[]

const openOne = endpoint({
  method: 'post',
  path: '/v1/payments/{id}/complaints',
  summary: 'Open a complaint of the payer',
  tag: 'Complaints',
  access: ['merchant', 'terminal', 'operator'],
  params: z.object({ id: paymentId }),
  body: z.strictObject(complaintFields),
  reply: { status: 201, description: 'The complaint; the merchant has to answer it', schema: ComplaintView },
  problems: [...openingProblems, 'version_differs'],
  run: async ({ params, body, caller, ...intention }, services) => {
    const { state: payment } = await visibleToAgent(params.id, caller, services)
    const opening = { paymentId: params.id, payment, by: partyOf(caller!, payment), ...intention }
    return openComplaint(body, opening, services)
  },
})

const listOfPayment = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/complaints',
  summary: "A payment's complaints, oldest first",
  tag: 'Complaints',
  access: ['merchant', 'terminal', 'operator'],
  params: z.object({ id: paymentId }),
  reply: {
    status: 200,
    description: 'All of them',
    schema: z.object({ data: z.array(ComplaintView), nextCursor: z.null() }),
  },
  run: async ({ params, caller }, services) => {
    const { state: payment } = await visibleToAgent(params.id, caller, services)
    return complaintsOf(params.id, payment, services)
  },
})

export async function complaintsOf(paymentId: string, payment: OpenedPayment, { gateway, now }: Services) {
  const { state, version } = await gateway.complaints.load(paymentId)
  const all = state.status === 'new' ? [] : [...state.byId.values()]
  const data = all.map((complaint) => complaintView(complaint, payment, now()))
  return reply(200, { data, nextCursor: null }, { version })
}

const listAll = endpoint({
  method: 'get',
  path: '/v1/complaints',
  summary: 'List complaints with their age and deadline, oldest first',
  tag: 'Complaints',
  access: ['merchant', 'operator'],
  query: z.strictObject({ ...pageQuery, status: z.enum(complaintStatuses).optional() }),
  reply: { status: 200, description: 'A page of complaints', schema: page(ComplaintView) },
  run: async ({ query: { limit, cursor, status }, caller }, services) => {
    const { merchantId } = caller!
    const filter = {
      ...(merchantId !== undefined && { merchantId }),
      ...(status !== undefined && { status }),
    }
    const { rows, nextCursor } = await services.readModels.listComplaints(filter, { limit, cursor })
    const data = await Promise.all(rows.map(({ id }) => viewOf(id, caller, services)))
    return { status: 200, body: { data: data.map(({ view }) => view), nextCursor } }
  },
})

/** A complaint whose payment the caller may see. `visible`: who that is. */
async function visibleComplaint(
  complaintId: string,
  caller: Caller | undefined,
  services: Services,
  visible: typeof visiblePayment,
) {
  const ofPayment = paymentOfComplaint(complaintId)
  const { state: payment } = await visible(ofPayment, caller, services)
  const { state, version } = await services.gateway.complaints.load(ofPayment)
  const complaint = complaintIn(state, complaintId)
  if (!complaint) throw new Problem('not_found')
  return { complaint, payment, version }
}

async function viewOf(complaintId: string, caller: Caller | undefined, services: Services) {
  const { complaint, payment, version } = await visibleComplaint(
    complaintId,
    caller,
    services,
    visibleToAgent,
  )
  return { view: complaintView(complaint, payment, services.now()), version }
}

const params = z.object({ id: complaintId })
const description = 'The complaint; the ETag is that of all complaints about its payment'
const answered = { status: 200, description, schema: ComplaintView }

const getOne = endpoint({
  method: 'get',
  path: '/v1/complaints/{id}',
  summary: 'Read a complaint',
  tag: 'Complaints',
  access: ['merchant', 'terminal', 'operator'],
  params,
  reply: answered,
  run: async ({ params, caller }, services) => {
    const { view, version } = await viewOf(params.id, caller, services)
    return reply(200, view, { version })
  },
})

const note = impersonal(140)

const resolveOne = endpoint({
  method: 'post',
  path: '/v1/complaints/{id}/resolve',
  summary: 'The payer is right: money goes back, or it was put right',
  tag: 'Complaints',
  access: ['merchant', 'operator'],
  params,
  body: z.strictObject({
    remedy: z.enum(['refund', 'corrected']).openapi({
      description: '`corrected`: put right without money, e.g. the account is updated or the service is back',
    }),
    amount: amount.optional().openapi({ description: 'Of a refund; without it, what was claimed' }),
    note: note.optional(),
  }),
  reply: answered,
  problems: [
    'complaint_closed',
    'complaint_amount_missing',
    'complaint_amount_unexpected',
    'complaint_exceeds_payment',
    'version_differs',
  ],
  run: (request, services) =>
    answer(request, services, (base, payment) => {
      const { remedy, amount, note } = request.body
      const { currency } = amountOf(payment)
      const data = {
        ...base,
        remedy,
        ...(amount !== undefined && { amount: toData(readMoney({ amount, currency })) }),
        rest: toData(restOf(payment)),
        ...(note !== undefined && { note }),
      }
      return { type: 'ResolveComplaint', data }
    }),
})

const rejectOne = endpoint({
  method: 'post',
  path: '/v1/complaints/{id}/reject',
  summary: 'The payer is not right, and why',
  tag: 'Complaints',
  access: ['merchant', 'operator'],
  params,
  body: z.strictObject({ reason: note }),
  reply: answered,
  problems: ['complaint_closed', 'complaint_overdue', 'version_differs'],
  run: (request, services) =>
    answer(request, services, (base) => ({
      type: 'RejectComplaint',
      data: { ...base, reason: request.body.reason },
    })),
})

const addEvidence = endpoint({
  method: 'post',
  path: '/v1/complaints/{id}/evidence',
  summary: 'Add what speaks for or against it',
  tag: 'Complaints',
  access: ['merchant', 'terminal', 'operator'],
  params,
  body: z.strictObject({ text: impersonal(280) }),
  reply: answered,
  problems: ['complaint_closed', 'complaint_evidence_exceeded', 'version_differs'],
  run: (request, services) =>
    answer(
      request,
      services,
      (base) => ({ type: 'AddEvidence', data: { ...base, text: request.body.text } }),
      visibleToAgent,
    ),
})

type Answering = Pick<
  Request<typeof params, undefined, undefined>,
  'params' | 'caller' | 'metadata' | 'ifVersion'
>
type Base = { complaintId: string; by: ComplaintParty; at: string }

/** Handles a command about a complaint that the caller may see, and answers the complaint. */
async function answer(
  { params, caller, metadata, ifVersion }: Answering,
  services: Services,
  commandOf: (base: Base, payment: OpenedPayment) => ComplaintCommand,
  visible = visiblePayment,
) {
  const { gateway, now } = services
  const { payment } = await visibleComplaint(params.id, caller, services, visible)
  const base = { complaintId: params.id, by: partyOf(caller!, payment), at: now().toISOString() }
  const { state, ...done } = accepted(
    await gateway.complaints.handle(
      paymentOfComplaint(params.id),
      commandOf(base, payment),
      metadata,
      ifVersion,
    ),
  )
  return reply(200, complaintView(complaintIn(existing(state), params.id)!, payment), done)
}

function partyOf({ role, merchantId }: Caller, payment: OpenedPayment): ComplaintParty {
  if (merchantId === undefined) return 'operator'
  if (merchantId !== payment.merchantId) return 'agent'
  return role === 'terminal' ? 'terminal' : 'merchant'
}

export const complaintEndpoints = [
  openOne,
  listOfPayment,
  listAll,
  getOne,
  resolveOne,
  rejectOne,
  addEvidence,
]
