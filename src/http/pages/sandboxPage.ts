// /sandbox: a till and a bank app beside each other, as plain forms. Only where there is a sandbox.
import { readQr } from '../../domain/qr/readQr.ts'
import type { Services } from '../services.ts'
import { bankAnswers } from './bankAnswers.ts'
import { bankApp, type Scanned } from './bankApp.ts'
import { duePayload } from './dueQr.ts'
import { type Html, html } from './html.ts'
import { show } from './layout.ts'
import { payForm } from './payForm.ts'
import type { PageRoute } from './route.ts'
import { findPayment } from './sale.ts'
import { shopsOf, type TillInput, tillForm, tillView } from './till.ts'
import type { Visit } from './visit.ts'

type SandboxView = {
  readonly scanned?: Scanned
  /** Ids of the credits that the bank app has just made. */
  readonly credits?: readonly string[]
  /** What was typed at the till, where it was refused. */
  readonly till?: TillInput
  /** Why the bank app could not pay. */
  readonly refusal?: string
}
export type ShowSandbox = (visit: Visit, view: SandboxView, status?: number) => Promise<Response>

export function sandboxPages(services: Services): PageRoute[] {
  const shops = shopsOf(services)
  const showSandbox: ShowSandbox = async (visit, view, status) => {
    const { title, heading, lead } = visit.texts.sandbox
    const known = await shops()
    const till = tillView(known, view.till, visit)
    const bank = await bankSection(view, visit, services)
    const body = html`<h1>${heading}</h1>
<p class="lead">${lead}</p>
${known.length === 0 ? '' : html`<p><a href="${visit.to('/sandbox/machines')}">${visit.texts.machines.open}</a></p>`}
<div class="sandbox">
${view.scanned ? [bank, till] : [till, bank]}
</div>`
    return show(visit, { title, body }, status)
  }
  return [
    opening(showSandbox, services),
    tillForm(showSandbox, shops, services),
    payForm(showSandbox, services),
  ]
}

async function bankSection(view: SandboxView, visit: Visit, services: Services): Promise<Html> {
  const { scanned, credits = [], refusal } = view
  return html`<section class="bank-app" id="bank" aria-labelledby="bank-title">
<h2 id="bank-title">${visit.texts.sandbox.bankTitle}</h2>
${refusal === undefined ? '' : html`<p class="notice bad" role="alert">${refusal}</p>`}
${await bankAnswers(credits, scanned, visit, services)}
${bankApp(scanned, visit)}
</section>`
}

/** `?payment=` from a checkout, `?qr=` from the text field, `?credit=` after paying. */
const opening = (showSandbox: ShowSandbox, services: Services): PageRoute => ({
  method: 'get',
  path: '/sandbox',
  run: async (visit, c) => {
    const { payment = '', qr = '' } = c.req.query()
    const credits = (c.req.queries('credit') ?? []).slice(0, 2)
    if (payment === '') return showSandbox(visit, { ...(qr && { scanned: scan(qr) }), credits })
    const found = await findPayment(payment, services)
    if (!found) return showSandbox(visit, { refusal: visit.texts.sandbox.paymentGone }, 404)
    return showSandbox(visit, { scanned: scan(duePayload(payment, found), payment), credits })
  },
})

export const scan = (payload: string, paymentId?: string): Scanned => ({
  payload,
  reading: readQr(payload.trim()),
  ...(paymentId !== undefined && { paymentId }),
})
