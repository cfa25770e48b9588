// /console/bills: a biller's file goes in, what became of each row comes out.
import type { Services } from '../../services.ts'
import { showNumber, showTime } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { ConsolePage, ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import type { List } from './payments.ts'
import { pill } from './pill.ts'
import { findBiller } from './profile.ts'
import { receiveBills } from './receiveBills.ts'
import { table } from './table.ts'
import { uploadForm } from './uploadForm.ts'

type Upload = {
  readonly uploadId: string
  readonly status: 'receiving' | 'recording' | 'done' | 'refused' | 'failed'
  readonly startedAt: string
  readonly rows: number
  readonly accepted: number
  readonly unchanged: number
  readonly rejectedCount: number
}

export const billsPages = (services: Services): readonly ConsolePage[] => [
  { method: 'get', path: '/bills', run: (visit) => showBills(visit, services) },
  { method: 'post', path: '/bills', run: (visit, c) => receiveBills(visit, c, services) },
  {
    method: 'get',
    path: '/bills/uploads/:id',
    run: async ({ api }, c) => {
      const params = { uploadId: c.req.param('id') ?? '' }
      const progress = await api.call<object>('get /v1/bills/uploads/{uploadId}', { params })
      return Response.json(progress, { headers: { 'cache-control': 'no-store' } })
    },
  },
]

/** `refused`: why the file that was just sent was not taken. */
export async function showBills(
  visit: ConsoleVisit,
  services: Services,
  refused?: Html,
  status?: number,
): Promise<Response> {
  const { bills, profile } = visit.texts.console
  const biller = await findBiller(visit)
  const to = visit.to('/console/bills/profile')
  const body = html`<h1>${bills.title}</h1>
${refused === undefined ? '' : html`<div class="notice bad" role="alert" id="refused"><p><strong>${bills.refused}.</strong> ${bills.refusedHow}</p>${refused}</div>`}
${
  biller
    ? html`${biller.setAt === undefined ? html`<p class="notice warn">${profile.notSet}</p>` : ''}
${uploadForm(visit, services)}
${await uploadList(visit)}
${columnHelp(visit)}`
    : html`<p class="notice warn">${profile.notBiller}</p>`
}
<p><a class="button quiet" href="${to}">${profile.open}</a></p>`
  const page = { area: 'bills', title: bills.title, body, scripts: [visit.asset('upload.js')] } as const
  return showFramed(visit, page, status)
}

async function uploadList({ api, texts, language }: ConsoleVisit): Promise<Html | ''> {
  const { data } = await api.call<List<Upload>>('get /v1/bills/uploads')
  if (data.length === 0) return ''
  const { bills, payments } = texts.console
  const number = (field: 'rows' | 'accepted' | 'unchanged' | 'rejectedCount', name: string) => ({
    name,
    isNumber: true as const,
    cell: (upload: Upload) => showNumber(upload[field], language),
  })
  return html`<section class="panel" aria-labelledby="uploads">
<h2 id="uploads">${bills.uploads}</h2>
${table(
  bills.uploads,
  [
    { name: payments.time, cell: ({ startedAt }) => showTime(startedAt, language) },
    { name: bills.uploadId, isHeading: true, cell: ({ uploadId }) => html`<code>${uploadId}</code>` },
    { name: payments.status, cell: ({ status }) => pill(tones[status], bills.uploadStatuses[status]) },
    number('rows', bills.rows),
    number('accepted', bills.accepted),
    number('unchanged', bills.unchanged),
    number('rejectedCount', bills.rejected),
  ],
  data,
  '',
)}
<p class="hint">${bills.uploadsNote}</p>
</section>`
}

const tones = {
  receiving: 'pending',
  recording: 'pending',
  done: 'completed',
  refused: 'failed',
  failed: 'failed',
} as const

const columnHelp = ({ texts }: ConsoleVisit): Html => {
  const { bills } = texts.console
  return html`<details class="panel"><summary>${bills.columns}</summary>
<p class="hint">${bills.columnsHow}</p>
<dl class="facts">${Object.entries(bills.columnHelp).map(
    ([name, what]) => html`<div><dt><code>${name}</code></dt><dd><span>${what}</span></dd></div>\n`,
  )}</dl>
</details>`
}
