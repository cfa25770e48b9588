// /console/unapplied: money that is on no payment, oldest first, each with where it may belong.
import type { z } from '@hono/zod-openapi'
import { type Problem, problems } from '../../problem.ts'
import type { UnappliedCreditView } from '../../unappliedCredits.ts'
import { showAmount, showNumber, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import { factList } from './confirm.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { given, type List } from './payments.ts'
import { refusalNotice } from './problemPage.ts'

export type ShownCredit = z.output<typeof UnappliedCreditView>

const pageSize = '10'

export const unappliedPage: ConsolePage = {
  method: 'get',
  path: '/unapplied',
  run: (visit, c) => showUnapplied(visit, c.req.query()),
}

export async function showUnapplied(
  visit: ConsoleVisit,
  { cursor = '', done }: Readonly<Record<string, string>>,
  refused?: Problem,
): Promise<Response> {
  const { data, nextCursor } = await visit.api.call<List<ShownCredit>>('get /v1/unapplied-credits', {
    query: given({ cursor, limit: pageSize }),
  })
  const { unapplied, list } = visit.texts.console
  const body = html`<h1>${unapplied.title}</h1>
<p class="lead">${unapplied.lead}</p>
${done === 'returned' ? html`<p class="notice good" role="status">${unapplied.returned}</p>` : ''}${refused ? refusalNotice(refused, visit) : ''}
${data.length === 0 ? html`<p class="none">${list.none}</p>` : data.map((credit) => creditCard(credit, visit))}
${listPages(visit, nextCursor)}`
  const status = refused && problems[refused.code].status
  return showFramed(visit, { area: 'unapplied', title: unapplied.title, body }, status)
}

function creditCard(credit: ShownCredit, visit: ConsoleVisit): Html {
  const { texts, language, to } = visit
  const { unapplied } = texts.console
  const { id, amount, currency, reason, ageDays, receivedAt, merchantId, paymentId } = credit
  return html`<article class="panel credit" aria-labelledby="${id}">
<div class="panel-head"><h2 id="${id}">${showAmount(amount, currency, language)}</h2> <span class="pill warn">${unapplied.reasons[reason]}</span></div>
${factList([
  [unapplied.receivedAt, showTime(receivedAt, language)],
  [unapplied.age, unapplied.days(showNumber(ageDays, language))],
  [unapplied.merchant, visit.merchant ? undefined : merchantId],
  [unapplied.credit, id],
])}
${paymentId === undefined ? '' : html`<p>${unapplied.named}: <a href="${to(`/console/payments/${paymentId}`)}"><code>${paymentId}</code></a></p>`}
<div class="columns even">
${applyForm(credit, visit)}
${returnForm(credit, visit)}
</div>
</article>
`
}

/** The candidates as one choice, and an id for what is none of them. */
function applyForm({ id, currency, candidates }: ShownCredit, { texts, to, language }: ConsoleVisit): Html {
  const { unapplied } = texts.console
  const because = (reasons: ShownCredit['candidates'][number]['reasons']) =>
    reasons.map((reason) => unapplied.candidateReasons[reason])
  return html`<form class="stack" method="post" action="${to(`/console/unapplied/${id}/apply`)}">
<fieldset><legend>${unapplied.candidates}</legend>
${candidates.length === 0 ? html`<p class="hint">${unapplied.noCandidate}</p>` : ''}
${candidates.map(
  ({ paymentId, amount, createdAt, reasons }) =>
    html`<label class="choice"><input type="radio" name="payment" value="${paymentId}"> <span>${showAmount(amount, currency, language)} <code>${paymentId}</code> <span class="hint">${[unapplied.createdAt(showTime(createdAt, language)), ...because(reasons)].join(' · ')}</span></span></label>\n`,
)}</fieldset>
<label>${unapplied.other}
<input name="other" maxlength="40" spellcheck="false" autocapitalize="off" autocomplete="off" placeholder="pay_…" aria-describedby="${id}-other"></label>
<p class="hint" id="${id}-other">${unapplied.otherHint}</p>
<p><button class="button quiet">${unapplied.apply}</button></p>
</form>`
}

const returnForm = ({ id, returnable }: ShownCredit, { texts, to }: ConsoleVisit): Html => {
  const { unapplied } = texts.console
  return returnable
    ? html`<form class="stack" method="post" action="${to(`/console/unapplied/${id}/return`)}">
<label>${unapplied.note}
<input name="reason" maxlength="140" autocomplete="off"></label>
<p><button class="button quiet">${unapplied.giveBack}</button></p>
</form>`
    : html`<p class="hint">${unapplied.notReturnable}</p>`
}
