// Asks once more before money moves. The second form carries a key of its own, so that pressing twice does it once.
import { base32 } from '../../../domain/core/base32.ts'
import type { Services } from '../../services.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { type Area, showFramed } from './frame.ts'

type Question = {
  readonly area: Area
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string | undefined])[]
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  readonly yes: string
  readonly back: string
}

export function confirm(visit: ConsoleVisit, question: Question, { crypto }: Services): Promise<Response> {
  const { area, title, facts, action, fields, yes, back } = question
  const { texts, to } = visit
  const all = { ...fields, confirmed: base32(crypto.random(10), 16) }
  const body = html`<section class="panel confirm">
<h1>${title}</h1>
${factList(facts)}
<p class="hint">${texts.console.confirm.note}</p>
<form method="post" action="${to(action)}">
${Object.entries(all).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="actions"><button class="button">${yes}</button> <a class="button quiet" href="${to(back)}">${texts.console.confirm.back}</a></p>
</form>
</section>`
  return showFramed(visit, { area, title, body })
}

export const factList = (facts: Question['facts']): Html =>
  html`<dl class="facts">${facts.map(([name, value]) =>
    value === undefined ? '' : html`<div><dt>${name}</dt><dd><span>${value}</span></dd></div>\n`,
  )}</dl>`
