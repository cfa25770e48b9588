// A terminal's first page: its key sees payments only.
import { html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { latestPayments } from './latestPayments.ts'

export async function terminalHome(visit: ConsoleVisit): Promise<Response> {
  const { frame, home } = visit.texts.console
  const body = html`<h1>${frame.roles.terminal} ${visit.caller.terminalId}</h1>
<p class="lead">${home.terminalLead}</p>
${await latestPayments(visit)}`
  return showFramed(visit, { area: 'home', title: frame.areas.home, body })
}
