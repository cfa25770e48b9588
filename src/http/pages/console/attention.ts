// What waits for a person, as links to where it is dealt with.
import { showAmount, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import { sumOf } from './amounts.ts'
import type { ConsoleVisit } from './consolePage.ts'
import type { List } from './payments.ts'

type Total = { readonly currency: string; readonly count: number; readonly amount: string }
export type Waiting = { readonly text: string; readonly path: string }

const countMax = '200'

export function attention({ texts, to }: ConsoleVisit, waiting: readonly Waiting[]): Html {
  const { home } = texts.console
  return html`<section class="panel" aria-labelledby="attention">
<h2 id="attention">${home.attention}</h2>
${
  waiting.length === 0
    ? html`<p class="none">${home.nothing}</p>`
    : html`<ul class="waiting-list">${waiting.map(({ text, path }) => html`<li><a href="${to(path)}">${text}</a></li>\n`)}</ul>`
}
</section>`
}

/** Unapplied money, exceptions and lost terminals of whoever this is. */
export async function waitingFor(visit: ConsoleVisit): Promise<readonly Waiting[]> {
  const [unapplied, exceptions, lost] = await Promise.all([
    unappliedSums(visit),
    counted(visit, 'get /v1/fulfillment-exceptions', {}),
    counted(visit, 'get /v1/terminals', { state: 'lost' }),
  ])
  const { home } = visit.texts.console
  return [
    ...unapplied.map((text) => ({ text, path: '/console/unapplied' })),
    ...(exceptions === undefined ? [] : [{ text: home.exceptions(exceptions), path: '/console/exceptions' }]),
    ...(lost === undefined ? [] : [{ text: home.lost(lost), path: '/console/sites' }]),
  ]
}

/** One line for each currency. */
async function unappliedSums({ api, texts, language }: ConsoleVisit): Promise<readonly string[]> {
  const { data } = await api.call<List<Total>>('get /v1/unapplied-credits/totals')
  return [...Map.groupBy(data, ({ currency }) => currency)].map(([currency, totals]) => {
    const count = totals.reduce((sum, each) => sum + each.count, 0)
    const amount = sumOf(
      totals.map((each) => each.amount),
      currency,
    )
    return texts.console.home.unapplied(showNumber(count, language), showAmount(amount, currency, language))
  })
}

/** How many there are, `200+` where there are more; undefined where there is none. */
async function counted(
  { api, language }: ConsoleVisit,
  list: 'get /v1/fulfillment-exceptions' | 'get /v1/terminals',
  query: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { data, nextCursor } = await api.call<List<unknown>>(list, { query: { ...query, limit: countMax } })
  if (data.length === 0) return undefined
  return `${showNumber(data.length, language)}${nextCursor === null ? '' : '+'}`
}
