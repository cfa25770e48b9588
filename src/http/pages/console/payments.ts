// /console/payments: all of them, newest first, by state, site and order number.
import type { z } from '@hono/zod-openapi'
import { type PaymentView, paymentStatuses } from '../../paymentView.ts'
import type { SiteView } from '../../sites.ts'
import { showAmount, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { pill } from './pill.ts'
import { type Column, table } from './table.ts'

export type ShownPayment = z.output<typeof PaymentView>
export type ShownSite = z.output<typeof SiteView>
export type List<Item> = { readonly data: readonly Item[]; readonly nextCursor: string | null }

const pageSize = '25'
/** A merchant with more sites chooses among the first of them. */
const sitesMax = '200'

export const paymentsPage: ConsolePage = {
  method: 'get',
  path: '/payments',
  run: async (visit, c) => {
    const { status = '', siteId = '', orderId = '', cursor = '' } = c.req.query()
    const query = given({ status, siteId, orderId: orderId.trim(), cursor, limit: pageSize })
    const { data, nextCursor } = await visit.api.call<List<ShownPayment>>('get /v1/payments', { query })
    const sites = await sitesOf(visit)
    const { title } = visit.texts.console.payments
    const body = html`<h1>${title}</h1>
${filterForm(visit, { status, siteId, orderId }, sites)}
${paymentTable(visit, data, sites)}
${listPages(visit, nextCursor)}`
    return showFramed(visit, { area: 'payments', title, body })
  },
}

/** The parameters that were filled in. */
export const given = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))

export async function sitesOf({ api }: ConsoleVisit): Promise<readonly ShownSite[]> {
  if (!api.may('get /v1/sites')) return []
  return (await api.call<List<ShownSite>>('get /v1/sites', { query: { limit: sitesMax } })).data
}

type Chosen = { readonly status: string; readonly siteId: string; readonly orderId: string }

function filterForm(visit: ConsoleVisit, chosen: Chosen, sites: readonly ShownSite[]): Html {
  const { texts, to, language } = visit
  const { payments, list } = texts.console
  const option = (value: string, text: string, now: string) =>
    html`<option value="${value}"${value === now ? html` selected` : ''}>${text}</option>`
  const isFiltered = Object.values(chosen).some((value) => value !== '')
  return html`<form class="filter" method="get" action="/console/payments" aria-label="${payments.filter}">
${to('/') === '/' ? '' : html`<input type="hidden" name="lang" value="${language}">`}
<label>${payments.status}<select name="status">${option('', list.all, chosen.status)}${paymentStatuses.map((status) => option(status, payments.statuses[status], chosen.status))}</select></label>
${
  sites.length < 2
    ? ''
    : html`<label>${payments.site}<select name="siteId">${option('', list.all, chosen.siteId)}${sites.map(({ id, name }) => option(id, name, chosen.siteId))}</select></label>`
}
<label>${payments.order}<input name="orderId" value="${chosen.orderId}" maxlength="60" autocomplete="off"></label>
<p class="actions"><button class="button quiet">${payments.apply}</button>${isFiltered ? html` <a href="${to('/console/payments')}">${payments.clear}</a>` : ''}</p>
</form>`
}

export function paymentTable(
  { texts, to, language }: ConsoleVisit,
  rows: readonly ShownPayment[],
  sites: readonly ShownSite[],
): Html {
  const { payments, list } = texts.console
  const names = new Map(sites.map(({ id, name }) => [id, name]))
  const site: Column<ShownPayment> = {
    name: payments.site,
    cell: ({ siteId }) => names.get(siteId) ?? siteId,
  }
  return table(
    payments.title,
    [
      { name: payments.time, cell: ({ createdAt }) => showTime(createdAt, language) },
      {
        name: payments.reference,
        isHeading: true,
        cell: ({ id, reference }) =>
          html`<a href="${to(`/console/payments/${id}`)}"><code>${reference}</code></a>`,
      },
      ...(sites.length === 1 ? [] : [site]),
      { name: payments.order, cell: ({ orderId }) => orderId ?? '' },
      { name: payments.method, cell: ({ method }) => payments.methods[method] },
      { name: payments.status, cell: ({ status }) => pill(status, payments.statuses[status]) },
      {
        name: payments.amount,
        isNumber: true,
        cell: ({ amount, currency }) => showAmount(amount, currency, language),
      },
    ],
    rows,
    list.none,
  )
}
