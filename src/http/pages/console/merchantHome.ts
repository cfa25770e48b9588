// A merchant's first page: the takings of today, what waits, and the latest payments.
import { businessDate } from '../../../domain/core/businessDay.ts'
import { showAmount, showDay, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import { sumOf } from './amounts.ts'
import { attention, waitingFor } from './attention.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { figures } from './figures.ts'
import { showFramed } from './frame.ts'
import { latestPayments } from './latestPayments.ts'
import type { List } from './payments.ts'

type Taking = {
  readonly currency: string
  readonly count: number
  readonly gross: string
  readonly fees: string
  readonly net: string
}

export async function merchantHome(visit: ConsoleVisit): Promise<Response> {
  const { texts, merchant, language, now } = visit
  const today = businessDate(now)
  const [takings, waiting, latest] = await Promise.all([
    visit.api.call<List<Taking>>('get /v1/takings', { query: { from: today, to: today } }),
    waitingFor(visit),
    latestPayments(visit),
  ])
  const { home, frame } = texts.console
  const body = html`<h1>${merchant!.name}</h1>
<p class="lead">${home.today(showDay(today, language))}</p>
<section class="panel" aria-labelledby="takings">
<h2 id="takings">${home.takings}</h2>
${takingsOf(takings.data, visit)}
<p class="hint">${home.takingsNote}</p>
</section>
${attention(visit, waiting)}
${latest}`
  return showFramed(visit, { area: 'home', title: frame.areas.home, body })
}

/** A row of figures for each currency, đồng always. */
function takingsOf(rows: readonly Taking[], { texts, language }: ConsoleVisit): readonly Html[] {
  const { home } = texts.console
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  const currencies = new Set(['VND', ...byCurrency.keys()])
  return [...currencies].map((currency) => {
    const of = byCurrency.get(currency) ?? []
    const sum = (field: 'gross' | 'fees' | 'net') =>
      showAmount(
        sumOf(
          of.map((row) => row[field]),
          currency,
        ),
        currency,
        language,
      )
    const count = of.reduce((total, row) => total + row.count, 0)
    return figures([
      { name: home.count, value: showNumber(count, language) },
      { name: home.gross, value: sum('gross') },
      { name: home.fees, value: sum('fees') },
      { name: home.net, value: sum('net') },
    ])
  })
}
