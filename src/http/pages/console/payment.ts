// /console/payments/{id}: one payment with all that happened to it, and its refunds.
import type { z } from '@hono/zod-openapi'
import type { Problem } from '../../problem.ts'
import { problems } from '../../problem.ts'
import type { RefundView } from '../../refunds.ts'
import { showAmount, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import { isNothing } from './amounts.ts'
import { factList } from './confirm.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import type { List, ShownPayment, ShownSite } from './payments.ts'
import { pill } from './pill.ts'
import { refusalNotice } from './problemPage.ts'
import { refundForm, type TypedRefund } from './refundForm.ts'
import { table } from './table.ts'
import { type ShownEvent, timeline } from './timeline.ts'

type ShownRefund = z.output<typeof RefundView>

/** What was typed into the refund form, and why it was refused. */
export type RefusedRefund = { readonly problem: Problem; readonly typed?: TypedRefund }

export const paymentPage: ConsolePage = {
  method: 'get',
  path: '/payments/:id',
  run: (visit, c) => showPayment(visit, c.req.param('id') ?? '', undefined, c.req.query('done')),
}

export async function showPayment(
  visit: ConsoleVisit,
  id: string,
  refused?: RefusedRefund,
  done?: string,
): Promise<Response> {
  const { api, texts, language } = visit
  const params = { id }
  const payment = await api.call<ShownPayment>('get /v1/payments/{id}', { params })
  const isOwn = isOwnPayment(visit, payment)
  const refunds = isOwn
    ? await api.call<List<ShownRefund>>('get /v1/payments/{id}/refunds', { params })
    : { data: [] }
  const { payment: words, payments } = texts.console
  const amount = showAmount(payment.amount, payment.currency, language)
  const title = words.title(amount)
  const body = html`<h1>${title}</h1>
<p class="lead">${pill(payment.status, payments.statuses[payment.status])} <code>${payment.reference}</code></p>
${doneNotice(done, visit)}${refused ? refusalNotice(refused.problem, visit) : ''}
<div class="columns">
<div>
${await facts(visit, payment)}
${refundTable(visit, payment, refunds.data)}
${isOwn && api.may('post /v1/payments/{id}/refunds') ? refundForm(visit, payment, refused?.typed) : ''}
</div>
${isOwn ? await happened(visit, id) : ''}
</div>`
  const status = refused && problems[refused.problem.code].status
  return showFramed(visit, { area: 'payments', title, body }, status)
}

/** Who takes a payment for another sees it, and neither its money nor its events. */
const isOwnPayment = ({ caller }: ConsoleVisit, { merchantId }: ShownPayment): boolean =>
  caller.merchantId === undefined || caller.merchantId === merchantId

function doneNotice(done: string | undefined, { texts }: ConsoleVisit): Html | '' {
  const { payment, unapplied } = texts.console
  const said = { refund: payment.refundDone, retry: payment.retryDone, applied: unapplied.applied }
  return done !== undefined && Object.hasOwn(said, done)
    ? html`<p class="notice good" role="status">${said[done as keyof typeof said]}</p>`
    : ''
}

async function facts(visit: ConsoleVisit, payment: ShownPayment): Promise<Html> {
  const { texts, language, api } = visit
  const { payment: words, payments } = texts.console
  const amount = (value: string) => showAmount(value, payment.currency, language)
  const isOwn = isOwnPayment(visit, payment)
  const site =
    isOwn && api.may('get /v1/sites/{id}')
      ? await api.call<ShownSite>('get /v1/sites/{id}', { params: { id: payment.siteId } })
      : undefined
  const { card } = payment
  return html`<section class="panel" aria-labelledby="facts">
<h2 id="facts">${words.facts}</h2>
${factList([
  [payments.site, site?.name ?? payment.siteId],
  [words.merchant, visit.merchant && isOwn ? undefined : payment.merchantId],
  [words.agent, payment.agent?.merchantId],
  [words.terminal, payment.terminalId],
  [payments.method, payments.methods[payment.method]],
  [words.card, card && `${card.scheme ?? ''} ${card.first6}******${card.last4}`],
  [words.approvalCode, card?.approvalCode],
  [words.responseCode, card?.responseCode],
  [words.createdAt, showTime(payment.createdAt, language)],
  [words.paidAt, payment.paidAt && showTime(payment.paidAt, language)],
  [words.received, amount(payment.amountReceived)],
  [words.refunded, isNothing(payment.amountRefunded) ? undefined : amount(payment.amountRefunded)],
  [words.fee, amount(payment.fee)],
  [payments.order, payment.orderId],
  [words.description, payment.description],
  [words.bills, payment.bills?.data.map(({ billNumber }) => billNumber).join(', ')],
  [words.id, payment.id],
])}
${await links(visit, payment)}
</section>`
}

async function links(
  { api, texts, to }: ConsoleVisit,
  { id, checkoutUrl, paidAt }: ShownPayment,
): Promise<Html> {
  const { payment } = texts.console
  const receipt =
    paidAt === undefined
      ? undefined
      : await api.call<{ receiptUrl: string }>('get /v1/payments/{id}/receipt', { params: { id } })
  return html`<p class="actions">
${checkoutUrl === undefined ? '' : html`<a href="${to(`/checkout/${id}`)}">${payment.checkout}</a>`}
${receipt === undefined ? '' : html`<a href="${pathOf(receipt.receiptUrl)}">${payment.receipt}</a>`}
</p>`
}

/** The address as this browser reaches the gateway, whatever it calls itself outside. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function refundTable(visit: ConsoleVisit, payment: ShownPayment, refunds: readonly ShownRefund[]): Html | '' {
  if (refunds.length === 0) return ''
  const { texts, language } = visit
  const { payment: words, payments } = texts.console
  return html`<section class="panel" aria-labelledby="refunds">
<h2 id="refunds">${words.refunds}</h2>
${table(
  words.refunds,
  [
    { name: payments.time, cell: ({ createdAt }) => showTime(createdAt, language) },
    { name: words.reason, isHeading: true, cell: ({ reason }) => reason },
    {
      name: payments.status,
      cell: (refund) =>
        html`${pill(refund.status, words.refundStatuses[refund.status])}${refund.status === 'failed' && payment.method === 'qr' ? retryForm(visit, refund) : ''}`,
    },
    {
      name: payments.amount,
      isNumber: true,
      cell: ({ amount, currency }) => showAmount(amount, currency, language),
    },
  ],
  refunds,
  '',
)}
</section>`
}

const retryForm = ({ api, texts, to }: ConsoleVisit, { id, paymentId }: ShownRefund): Html | '' =>
  api.may('post /v1/refunds/{id}/retry')
    ? html`<form class="inline" method="post" action="${to(`/console/payments/${paymentId}/retry`)}">
<input type="hidden" name="refund" value="${id}"><button class="button quiet">${texts.console.payment.retry}</button></form>`
    : ''

async function happened(visit: ConsoleVisit, id: string): Promise<Html | ''> {
  if (!visit.api.may('get /v1/payments/{id}/events')) return ''
  const { data } = await visit.api.call<List<ShownEvent>>('get /v1/payments/{id}/events', { params: { id } })
  return timeline(data, visit)
}
