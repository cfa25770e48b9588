// /console/merchants: everybody who sells through this gateway, for the operator.
import type { z } from '@hono/zod-openapi'
import type { MerchantView } from '../../merchants.ts'
import { showTime } from '../format.ts'
import { html } from '../html.ts'
import type { ConsolePage } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { listPages } from './listPages.ts'
import { given, type List } from './payments.ts'
import { table } from './table.ts'

const pageSize = '25'

export const merchantsPage: ConsolePage = {
  method: 'get',
  path: '/merchants',
  run: async (visit, c) => {
    const { api, texts, language } = visit
    const query = given({ cursor: c.req.query('cursor') ?? '', limit: pageSize })
    const { data, nextCursor } = await api.call<List<z.output<typeof MerchantView>>>('get /v1/merchants', {
      query,
    })
    const { merchants, sites, list } = texts.console
    const body = html`<h1>${merchants.title}</h1>
${table(
  merchants.title,
  [
    { name: merchants.name, isHeading: true, cell: ({ name }) => name },
    { name: merchants.id, cell: ({ id }) => html`<code>${id}</code>` },
    { name: merchants.taxCode, cell: ({ taxCode }) => taxCode },
    { name: sites.sector, cell: ({ sector }) => sites.sectors[sector] },
    { name: sites.district, cell: ({ district }) => district },
    { name: merchants.createdAt, cell: ({ createdAt }) => showTime(createdAt, language) },
  ],
  data,
  list.none,
)}
${listPages(visit, nextCursor)}`
    return showFramed(visit, { area: 'merchants', title: merchants.title, body })
  },
}
