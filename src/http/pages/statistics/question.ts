// Which day the figures are about, and as known when: the form, how its address is read, and what is said of a wrong one.
import type { Context } from 'hono'
import { lastDay } from '../../../domain/adoption/definitions/cohorts.ts'
import { lastPublished, previous } from '../../../domain/adoption/disclosure/publication.ts'
import { today } from '../../days.ts'
import { disclosureOf } from '../../disclosure.ts'
import type { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import type { Cut } from './answers.ts'
import { showMonth } from './months.ts'

/** As the fields hold it. */
export type Question = { readonly asOf: string; readonly knownAt: string }

const monthsOffered = 24

export const questionOf = ({ req }: Context): Question => ({
  asOf: req.query('asOf') ?? '',
  knownAt: req.query('knownAt') ?? '',
})

/** A browser's field has no zone: the clock is Hanoi's. */
export const cutOf = ({ asOf, knownAt }: Question): Cut => ({
  ...(asOf !== '' && { asOf }),
  ...(knownAt !== '' && {
    knownAt: /T\d\d:\d\d(:\d\d)?$/.test(knownAt) ? `${filled(knownAt)}+07:00` : knownAt,
  }),
})

const filled = (local: string): string => (local.length === '2026-04-05T00:00'.length ? `${local}:00` : local)

export function questionForm(question: Question, visit: Visit, services: Services): Html {
  const { ask } = visit.texts.statistics
  const isProtected = disclosureOf(services.settings) === 'on'
  const language = new URL(visit.to('/'), 'http://page').searchParams.get('lang')
  return html`<form class="ask" method="get" action="/statistics">
${language === null ? '' : html`<input type="hidden" name="lang" value="${language}">`}
${isProtected ? monthField(question, visit, services) : dayFields(question, visit, services)}
<button class="button">${ask.show}</button>
</form>`
}

function dayFields({ asOf, knownAt }: Question, { texts }: Visit, services: Services): Html {
  const { ask } = texts.statistics
  return html`<label>${ask.asOf}
<input type="date" name="asOf" value="${asOf}" max="${today(services)}" aria-describedby="as-of-hint"><span class="hint" id="as-of-hint">${ask.asOfHint}</span></label>
<label>${ask.knownAt}
<input type="datetime-local" name="knownAt" value="${localOf(knownAt)}" aria-describedby="known-at-hint"><span class="hint" id="known-at-hint">${ask.knownAtHint}</span></label>`
}

/** What a field of a browser takes: an instant with a zone as Hanoi's clock shows it. */
function localOf(knownAt: string): string {
  const instant = Date.parse(knownAt)
  if (!/(Z|[+-]\d\d:\d\d)$/.test(knownAt) || Number.isNaN(instant)) return knownAt
  return new Date(instant + 7 * 3_600_000).toISOString().slice(0, 16)
}

function monthField({ asOf }: Question, { texts, language }: Visit, services: Services): Html {
  const months = [lastPublished(services.now().toISOString())]
  while (months.length < monthsOffered) months.push(previous(months.at(-1)!))
  return html`<label>${texts.statistics.ask.month}
<select name="asOf">${months.map(
    (month) =>
      html`<option value="${lastDay(month)}"${lastDay(month) === asOf ? ' selected' : ''}>${showMonth(month, language)}</option>`,
  )}</select></label>`
}

/** Words for what the API refuses. */
export function faultOf({ code, extra }: Problem, { texts }: Visit): string {
  const { faults, other } = texts.statistics.ask
  const [error] = extra.errors ?? []
  if (code === 'not_published') return faults.notPublished
  if (error?.code === 'after_known_at') return faults.after
  return error?.pointer === 'asOf' || error?.pointer === 'knownAt' ? faults[error.pointer] : other
}
