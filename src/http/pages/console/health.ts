// /console/health: how far each reader is behind the log, and what was set aside.
import { showNumber, showTime } from '../format.ts'
import { html } from '../html.ts'
import type { ConsolePage } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { pill } from './pill.ts'
import { table } from './table.ts'

export type Readiness = {
  readonly status: 'ready' | 'lagging' | 'draining'
  readonly lagMaxMs: number
  readonly lags: readonly { readonly name: string; readonly behindMs: number }[]
  readonly setAside: readonly { readonly reader: string; readonly count: number }[]
}

export const setAsideIn = ({ setAside }: Readiness): number =>
  setAside.reduce((sum, { count }) => sum + count, 0)

export const healthPage: ConsolePage = {
  method: 'get',
  path: '/health',
  run: async (visit) => {
    const { api, texts, language, now } = visit
    await api.call('get /v1/merchants', { query: { limit: '1' } }) // who may not see all merchants has no business here
    const { status, lagMaxMs, lags, setAside } = await api.call<Readiness>('get /readyz')
    const { health, list } = texts.console
    const body = html`<h1>${health.title}</h1>
<p class="lead">${status === 'ready' ? pill('active', health.ready) : pill('failed', health[status])} ${health.limit(showNumber(lagMaxMs, language))} · ${health.asOf} ${showTime(now, language)}</p>
<section class="panel" aria-labelledby="readers">
<h2 id="readers">${health.readers}</h2>
${table(
  health.readers,
  [
    { name: health.reader, isHeading: true, cell: ({ name }) => name },
    {
      name: health.behind,
      isNumber: true,
      cell: ({ behindMs }) => `${showNumber(behindMs, language)} ms`,
    },
    {
      name: health.state,
      cell: ({ behindMs }) =>
        behindMs <= lagMaxMs ? pill('active', health.fine) : pill('failed', health.lagging),
    },
  ],
  lags,
  list.none,
)}
</section>
<section class="panel" aria-labelledby="aside">
<h2 id="aside">${health.setAside}</h2>
<p class="hint">${health.setAsideHow}</p>
${table(
  health.setAside,
  [
    { name: health.reader, isHeading: true, cell: ({ reader }) => reader },
    { name: health.setAside, isNumber: true, cell: ({ count }) => showNumber(count, language) },
  ],
  setAside.filter(({ count }) => count > 0),
  list.none,
)}
</section>`
    return showFramed(visit, { area: 'health', title: health.title, body })
  },
}
