// The latest payments, with the way to all of them.
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { type List, paymentTable, type ShownPayment, sitesOf } from './payments.ts'

const shown = '8'

export async function latestPayments(visit: ConsoleVisit): Promise<Html> {
  const { api, texts, to } = visit
  const [{ data }, sites] = await Promise.all([
    api.call<List<ShownPayment>>('get /v1/payments', { query: { limit: shown } }),
    sitesOf(visit),
  ])
  const { home } = texts.console
  return html`<section class="panel" aria-labelledby="latest">
<div class="panel-head"><h2 id="latest">${home.latest}</h2> <a href="${to('/console/payments')}">${home.allPayments}</a></div>
${paymentTable(visit, data, sites)}
</section>`
}
