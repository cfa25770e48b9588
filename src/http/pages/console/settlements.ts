// /console/settlements: what was settled, with its reports to download, and the report of a period.
import type { z } from '@hono/zod-openapi'
import { businessDate } from '../../../domain/core/businessDay.ts'
import type { SettlementView } from '../../settlementView.ts'
import { showAmount, showDate } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { SettlementTexts } from '../settlements/vietnamese.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { given, type List } from './payments.ts'
import { pill } from './pill.ts'
import { table } from './table.ts'

type Settlement = z.output<typeof SettlementView>

const pageSize = '25'

export const settlementsPage: ConsolePage = {
  method: 'get',
  path: '/settlements',
  run: async (visit, c) => {
    const { cursor = '' } = c.req.query()
    const query = given({ cursor, limit: pageSize })
    const { data, nextCursor } = await visit.api.call<List<Settlement>>('get /v1/settlements', { query })
    const { listTitle: title, listLead } = visit.texts.settlements
    const body = html`<h1>${title}</h1>
<p class="lead">${listLead}</p>
${settlementTable(visit, data)}
${listPages(visit, nextCursor)}
${periodForm(visit)}`
    return showFramed(visit, { area: 'settlements', title, body })
  },
}

function settlementTable(visit: ConsoleVisit, rows: readonly Settlement[]): Html {
  const { texts, language, merchant } = visit
  const t = texts.settlements
  const whose = { name: t.merchant, cell: ({ merchantId }: Settlement) => merchantId }
  return table(
    t.listTitle,
    [
      { name: t.businessDate, isHeading: true, cell: (row) => showDate(row.businessDate, language) },
      ...(merchant ? [] : [whose]),
      { name: t.status, cell: ({ payout }) => pill(toneOf[payout.status], t.statuses[payout.status]) },
      {
        name: t.net,
        isNumber: true,
        cell: ({ net, currency }) => showAmount(net, currency, language),
      },
      { name: t.downloads, cell: ({ id }) => downloads(id, t, visit) },
    ],
    rows,
    texts.console.list.none,
  )
}

/** The state of the list's pills that looks like it. */
const toneOf: Readonly<Record<keyof SettlementTexts['statuses'], string>> = {
  none: 'none',
  no_account: 'pending',
  carried_over: 'none',
  requested: 'requested',
  accepted: 'requested',
  settled: 'completed',
  rejected: 'failed',
}

const downloads = (id: string, t: SettlementTexts, { to }: ConsoleVisit): Html => {
  const at = (form: string) => to(`/console/settlements/${id}/report.${form}`)
  return html`<span class="downloads"><a href="${at('html')}">${t.print}</a> · <a href="${at('csv')}">CSV</a> · <a href="${at('parquet')}">Parquet</a></span>`
}

/** The dates of this month so far. */
function periodForm({ texts, merchant, now }: ConsoleVisit): Html {
  const t = texts.settlements
  const today = businessDate(now)
  return html`<section class="panel" aria-labelledby="period">
<h2 id="period">${t.periodTitle}</h2>
<p class="hint">${t.periodLead}</p>
<form class="filter" method="get" action="/console/reports/payments.csv">
${merchant ? '' : html`<label>${t.merchantId}<input name="merchantId" maxlength="9" required spellcheck="false" autocomplete="off"></label>`}
<label>${t.from}<input type="date" name="from" value="${today.slice(0, 8)}01" required></label>
<label>${t.to}<input type="date" name="to" value="${today}" required></label>
<p class="actions"><button class="button quiet">${t.download}</button></p>
</form>
</section>`
}
