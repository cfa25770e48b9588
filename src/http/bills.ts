// /v1/bills/{id}: a bill and its printed QR for its biller, who books what was paid or refuses it.
import { z } from '@hono/zod-openapi'
import type { BillPostingRow } from '../../projections/billPostings.ts'
import type { BillPaymentCommand } from '../domain/bills/billPayment.ts'
import { paperPayload } from '../domain/bills/paperBill.ts'
import { formatMoney, money } from '../domain/core/money.ts'
import type { Caller } from './auth.ts'
import { billLink } from './billLink.ts'
import { BillPaymentView, BillView, billId, billPaymentView, billView, refusals } from './billView.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { page, pageQuery, paymentId, text } from './schemas.ts'
import type { Services } from './services.ts'

const params = z.object({ id: billId })

/** The bill, if it is the caller's own: bill ids are no secret. */
async function ownBill(id: string, caller: Caller, { gateway }: Services) {
  const { state, version } = await gateway.bills.load(id)
  if (state.status === 'new' || (caller.role === 'merchant' && state.billerId !== caller.merchantId))
    throw new Problem('not_found')
  const { state: merchant } = await gateway.merchants.load(state.billerId)
  return { bill: state, version, account: existing(merchant).settlementAccount }
}

const getBill = endpoint({
  method: 'get',
  path: '/v1/bills/{id}',
  summary: 'Read a bill',
  tag: 'Bills',
  access: ['merchant', 'operator'],
  params,
  reply: { status: 200, description: 'The bill', schema: BillView },
  run: async ({ params, caller }, services) => {
    const { bill, version, account } = await ownBill(params.id, caller!, services)
    const { publicUrl } = services.settings
    const payUrl = billLink(params.id, services)
    const at = services.now().toISOString()
    const view = billView(params.id, bill, account, { at, publicUrl, payUrl })
    return reply(200, view, { version })
  },
})

const picture = (form: 'svg' | 'png', type: string) =>
  endpoint({
    method: 'get',
    path: `/v1/bills/{id}/qr.${form}`,
    summary: `The QR to print on a bill, as ${form.toUpperCase()}`,
    tag: 'Bills',
    access: ['merchant', 'operator'],
    params,
    reply: { status: 200, description: 'The picture', type },
    run: async ({ params, caller }, services) => {
      const { bill, account } = await ownBill(params.id, caller!, services)
      const body = await services.pictures[form](paperPayload(bill.billerId, params.id, account))
      return { status: 200, body, headers: { 'content-type': type } }
    },
  })

const PostingBody = z.discriminatedUnion('outcome', [
  z.strictObject({ paymentId, outcome: z.literal('posted'), receiptNumber: text(40) }),
  z.strictObject({ paymentId, outcome: z.literal('refused'), reason: z.enum(refusals) }),
])

const postPayment = endpoint({
  method: 'post',
  path: '/v1/bills/{id}/postings',
  summary: 'Say that a payment of a bill is booked, or refuse it',
  tag: 'Bills',
  access: ['merchant'],
  params,
  body: PostingBody,
  reply: {
    status: 200,
    description: 'The payment of the bill; where it is refused, its money goes back to the payer',
    schema: BillPaymentView,
  },
  problems: ['bill_payment_unknown', 'bill_payment_posted', 'bill_payment_refused', 'version_differs'],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { gateway, now } = services
    await ownBill(params.id, caller!, services)
    const about = {
      billerId: caller!.merchantId!,
      paymentId: body.paymentId,
      at: now().toISOString(),
    }
    const command: BillPaymentCommand =
      body.outcome === 'posted'
        ? { type: 'PostBillPayment', data: { ...about, receiptNumber: body.receiptNumber } }
        : { type: 'RefuseBillPayment', data: { ...about, reason: body.reason } }
    const { state, ...done } = accepted(await gateway.bills.handle(params.id, command, metadata, ifVersion))
    const payment = existing(state).payments.get(body.paymentId)!
    return reply(200, billPaymentView(params.id, body.paymentId, payment), done)
  },
})

const listPostings = endpoint({
  method: 'get',
  path: '/v1/bills/postings',
  summary: 'What was paid of bills, oldest first',
  tag: 'Bills',
  access: ['merchant'],
  query: z.strictObject({
    ...pageQuery,
    posting: z.enum(['awaited', 'posted', 'refused']).default('awaited'),
  }),
  reply: { status: 200, description: 'A page of it', schema: page(BillPaymentView) },
  run: async ({ query: { limit, cursor, posting }, caller }, { readModels }) => {
    const filter = { billerId: caller!.merchantId!, posting }
    const { rows, nextCursor } = await readModels.listBillPostings(filter, { limit, cursor })
    return { status: 200, body: { data: rows.map(rowView), nextCursor } }
  },
})

const rowView = (row: BillPostingRow) => ({
  billId: row.billId,
  paymentId: row.paymentId,
  amount: formatMoney(money(row.amount, 'VND')),
  lateFee: formatMoney(money(row.lateFee, 'VND')),
  currency: 'VND',
  receivedAt: row.receivedAt,
  posting: row.posting,
  ...(row.receiptNumber !== null && { receiptNumber: row.receiptNumber }),
  ...(row.refusal !== null && { refusal: row.refusal }),
})

export const billEndpoints = [
  listPostings,
  getBill,
  picture('svg', 'image/svg+xml'),
  picture('png', 'image/png'),
  postPayment,
]
