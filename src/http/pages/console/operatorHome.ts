// The operator's first page: what the gateway did today, what waits, and the latest payments.
import { businessDate } from '../../../domain/core/businessDay.ts'
import { showAmount, showDay, showNumber } from '../format.ts'
import { html } from '../html.ts'
import { sumOf } from './amounts.ts'
import { attention, type Waiting, waitingFor } from './attention.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { figures } from './figures.ts'
import { showFramed } from './frame.ts'
import { type Readiness, setAsideIn } from './health.ts'
import { latestPayments } from './latestPayments.ts'

type Day = { readonly currency: string; readonly count: number; readonly value: string }

export async function operatorHome(visit: ConsoleVisit): Promise<Response> {
  const { api, texts, language, now } = visit
  const today = businessDate(now)
  const query = { from: today, to: today }
  const [{ data }, ready, waiting, latest] = await Promise.all([
    api.call<{ data: readonly Day[] }>('get /v1/statistics/payments', { query }),
    api.call<Readiness>('get /readyz'),
    waitingFor(visit),
    latestPayments(visit),
  ])
  const { home, frame, health } = texts.console
  const dong = data.filter(({ currency }) => currency === 'VND').map(({ value }) => value)
  const count = data.reduce((sum, day) => sum + day.count, 0)
  const body = html`<h1>${frame.roles.operator}</h1>
<p class="lead">${home.today(showDay(today, language))}</p>
<section class="panel" aria-labelledby="today">
<h2 id="today">${home.gateway}</h2>
${figures([
  { name: home.count, value: showNumber(count, language) },
  { name: home.value, value: showAmount(sumOf(dong, 'VND'), 'VND', language) },
  { name: health.state, value: health[ready.status] },
])}
</section>
${attention(visit, [...unhealthy(ready, visit), ...waiting])}
${latest}`
  return showFramed(visit, { area: 'home', title: frame.areas.home, body })
}

function unhealthy(ready: Readiness, { texts, language }: ConsoleVisit): readonly Waiting[] {
  const { home } = texts.console
  const aside = setAsideIn(ready)
  const path = '/console/health'
  return [
    ...(ready.status === 'lagging' ? [{ text: home.lagging, path }] : []),
    ...(aside === 0 ? [] : [{ text: home.setAside(showNumber(aside, language)), path }]),
  ]
}
