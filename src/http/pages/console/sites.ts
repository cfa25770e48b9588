// /console/sites: where a merchant sells, and whether its terminals are there.
import type { z } from '@hono/zod-openapi'
import type { PresentTerminal } from '../../terminalView.ts'
import { showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { given, type List, type ShownSite } from './payments.ts'
import { pill } from './pill.ts'
import { table } from './table.ts'

type ShownTerminal = z.output<typeof PresentTerminal>

const pageSize = '10'
const terminalsMax = '200'

export const sitesPage: ConsolePage = {
  method: 'get',
  path: '/sites',
  run: async (visit, c) => {
    const { api, texts } = visit
    const query = given({ cursor: c.req.query('cursor') ?? '', limit: pageSize })
    const { data, nextCursor } = await api.call<List<ShownSite>>('get /v1/sites', { query })
    const sections = await Promise.all(data.map((site) => siteSection(visit, site)))
    const { title } = texts.console.sites
    const body = html`<h1>${title}</h1>
${sections.length === 0 ? html`<p class="none">${texts.console.list.none}</p>` : sections}
${listPages(visit, nextCursor)}`
    return showFramed(visit, { area: 'sites', title, body })
  },
}

async function siteSection(visit: ConsoleVisit, site: ShownSite): Promise<Html> {
  const { id, name, sector, district, address } = site
  const query = { siteId: id, limit: terminalsMax }
  const { data, nextCursor } = await visit.api.call<List<ShownTerminal>>('get /v1/terminals', { query })
  const { sites } = visit.texts.console
  return html`<section class="panel" aria-labelledby="${id}">
<h2 id="${id}">${name}</h2>
<p class="hint">${sites.sectors[sector]} · ${address}, ${district} · <code>${id}</code></p>
${terminalTable(visit, name, data)}
${nextCursor === null ? '' : html`<p class="hint">${sites.more(data.length)}</p>`}
</section>
`
}

function terminalTable(
  { texts, language }: ConsoleVisit,
  site: string,
  rows: readonly ShownTerminal[],
): Html {
  const { sites } = texts.console
  return table(
    `${sites.terminals}, ${site}`,
    [
      { name: sites.terminal, isHeading: true, cell: ({ terminalId }) => html`<code>${terminalId}</code>` },
      { name: sites.kind, cell: ({ kind }) => sites.kinds[kind] },
      { name: sites.serial, cell: ({ serialNumber }) => serialNumber },
      { name: sites.status, cell: ({ status }) => pill(status, sites.statuses[status]) },
      { name: sites.state, cell: ({ state }) => pill(state, sites.presences[state]) },
      {
        name: sites.lastSeen,
        cell: ({ lastSeenAt }) => (lastSeenAt === undefined ? sites.never : showTime(lastSeenAt, language)),
      },
    ],
    rows,
    sites.noTerminals,
  )
}
