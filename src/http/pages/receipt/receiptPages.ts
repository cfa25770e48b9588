// GET /v1/receipts/{paymentId}: the receipt for whoever has its link, as a page; `.pdf` to print or send; `.json` for the proof.
import { z } from '@hono/zod-openapi'
import type { OpenedPayment } from '../../../domain/payments/payment.ts'
import type { Described } from '../../endpoint.ts'
import { Problem, problemResponse } from '../../problem.ts'
import { hasReceipt, receiptToken, receiptUrl } from '../../receiptUrl.ts'
import { paymentId } from '../../schemas.ts'
import { paymentProof } from '../../seals.ts'
import type { Services } from '../../services.ts'
import { type Html, html, raw } from '../html.ts'
import { show } from '../layout.ts'
import { messagePage } from '../message.ts'
import type { PageRoute } from '../route.ts'
import type { Visit } from '../visit.ts'
import { type Receipt, receiptOf } from './receipt.ts'

export const receiptDescribed: Described = {
  method: 'get',
  path: '/v1/receipts/{file}',
  summary: "A payment's receipt, for whoever has the link: `GET /v1/payments/{id}/receipt` gives it",
  tag: 'Payments',
  access: 'public',
  params: z.object({
    file: z.string().openapi({
      description:
        'The payment id: a page in Vietnamese or English; with `.pdf` to print, with `.json` the proof',
      example: 'pay_7K3MA9QZXW4F2P8R60',
    }),
  }),
  query: z.object({ token: z.string(), lang: z.enum(['vi', 'en']).optional() }),
  reply: { status: 200, description: 'The receipt', type: 'text/html' },
  problems: ['day_not_sealed'],
}

type Proof = Awaited<ReturnType<typeof paymentProof>>

export const receiptPage = (services: Services): PageRoute => ({
  method: 'get',
  path: '/v1/receipts/:file',
  run: async (visit, c) => {
    const [, id = '', form = ''] = /^(pay_[^.]*)(\.pdf|\.json)?$/.exec(c.req.param('file') ?? '') ?? []
    const payment = await paidPayment(id, c.req.query('token') ?? '', services)
    if (!payment) {
      return form === '' ? messagePage(visit, 404, 'paymentNotFound') : problemResponse('not_found')
    }
    const proof = await proofOf(id, services)
    if (form === '.json') return proofAnswer(proof)
    const receipt = await readReceipt(id, payment, proof !== undefined, visit, services)
    return form === '.pdf'
      ? pdfAnswer(id, receipt, services)
      : show(visit, await pageOf(id, receipt, visit, services))
  },
})

/** A wrong link and a payment that was not paid look the same. */
async function paidPayment(
  id: string,
  token: string,
  services: Services,
): Promise<OpenedPayment | undefined> {
  if (!paymentId.safeParse(id).success) return undefined
  if (!services.crypto.equal(token, receiptToken(id, services))) return undefined
  const { state } = await services.gateway.payments.load(id)
  return state.status !== 'new' && hasReceipt(state) ? state : undefined
}

/** Undefined until the day is sealed. */
async function proofOf(id: string, services: Services): Promise<Proof | undefined> {
  try {
    return await paymentProof(id, services)
  } catch (error) {
    if (error instanceof Problem && error.code === 'day_not_sealed') return undefined
    throw error
  }
}

function proofAnswer(proof: Proof | undefined): Response {
  if (!proof) return problemResponse('day_not_sealed')
  return new Response(JSON.stringify(proof), {
    headers: { ...forOneReader, 'content-type': 'application/json' },
  })
}

async function readReceipt(
  id: string,
  payment: OpenedPayment,
  isSealed: boolean,
  { texts, language }: Visit,
  services: Services,
): Promise<Receipt> {
  const { state: merchant } = await services.gateway.merchants.load(payment.merchantId)
  const { state: site } = await services.gateway.sites.load(payment.siteId)
  if (merchant.status === 'new' || site.status === 'new') throw new Error(`${id} has no seller`)
  return receiptOf({ paymentId: id, payment, merchant, site, isSealed }, texts, language, services)
}

/** The link is a secret: no cache between may keep what it leads to, and no page may pass it on. */
const forOneReader = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' }

async function pdfAnswer(
  id: string,
  receipt: Receipt,
  { pictures, receiptPdf }: Services,
): Promise<Response> {
  const { url } = receipt.proof
  const qr = url === undefined ? undefined : await pictures.png(url)
  const pdf = await receiptPdf(receipt, qr)
  const headers = {
    ...forOneReader,
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${id}.pdf"`,
  }
  return new Response(pdf, { headers })
}

async function pageOf(id: string, receipt: Receipt, visit: Visit, services: Services) {
  const { title, amount, seller, lines, proof, notes } = receipt
  const [name, ...rest] = seller
  const pdf = `${receiptUrl(id, services, '.pdf')}&lang=${visit.language}`
  return {
    title: `${title} · ${amount}`,
    kind: 'checkout' as const,
    body: html`<article class="receipt paid">
<header class="screen">
<p class="payee">${title} · <strong>${name}</strong></p>
<h1 class="amount${amount.length > 10 ? ' long' : ''}">${amount}</h1>
<p class="status"><span class="lamp" aria-hidden="true"></span>${visit.texts.checkout.paid}</p>
</header>
<div class="paper ended">
<p>${rest.join(' · ')}</p>
<dl class="facts">${lines.map(({ label, value }) => html`<div><dt>${label}</dt><dd><span>${value}</span></dd></div>`)}</dl>
${await proofView(proof, services)}
${notes.map((note) => html`<p class="hint">${note}</p>`)}
<p class="sandbox-link"><a class="button" href="${pdf}">${visit.texts.receipt.pdf}</a></p>
</div>
</article>`,
  }
}

const proofView = async ({ url, note }: Receipt['proof'], { pictures }: Services): Promise<Html> =>
  html`<p class="hint">${note}</p>
${url === undefined ? '' : html`<a class="proof-qr" href="${url}" aria-label="${note}">${raw(await pictures.svg(url))}</a>`}`
