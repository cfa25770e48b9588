// What became of a file of bills: the counts, and of each wrong row where it is, what is wrong and what to do.
import type { z } from '@hono/zod-openapi'
import type { UploadResult } from '../../uploadBills.ts'
import { showAmount, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import { factList } from './confirm.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { csvText } from './csvText.ts'
import { cureOf, faultText } from './faultTexts.ts'
import { figures } from './figures.ts'
import { showFramed } from './frame.ts'
import { table } from './table.ts'

export type UploadAnswer = z.output<typeof UploadResult>
export type Fault = UploadAnswer['rejected'][number]

/** More faults than these are in the CSV only. */
const shownMax = 200

export function showUpload(visit: ConsoleVisit, answer: UploadAnswer): Promise<Response> {
  const { texts, language, to } = visit
  const { bills } = texts.console
  const { uploadId, accepted, unchanged, rejectedCount, controlTotals } = answer
  const number = (value: number) => showNumber(value, language)
  const body = html`<h1>${bills.resultTitle}</h1>
<p class="notice ${rejectedCount === 0 ? 'good' : 'warn'}" role="status">${rejectedCount === 0 ? bills.allTaken : bills.someRejected(number(rejectedCount))}</p>
<section class="panel" aria-labelledby="result">
<h2 id="result">${bills.result}</h2>
${figures([
  { name: bills.accepted, value: number(accepted) },
  { name: bills.unchanged, value: number(unchanged) },
  { name: bills.rejected, value: number(rejectedCount) },
])}
${factList([
  [bills.rows, number(controlTotals.count)],
  [bills.sum, showAmount(controlTotals.sum, 'VND', language)],
  [bills.uploadId, uploadId],
  [bills.hash, controlTotals.hash],
])}
</section>
${faultList(visit, answer)}
<p><a class="button" href="${to('/console/bills')}">${bills.again}</a></p>`
  return showFramed(visit, { area: 'bills', title: bills.resultTitle, body })
}

function faultList(visit: ConsoleVisit, { uploadId, rejected }: UploadAnswer): Html | '' {
  if (rejected.length === 0) return ''
  const { texts, language } = visit
  const { bills } = texts.console
  const shown = rejected.slice(0, shownMax)
  return html`<section class="panel" aria-labelledby="faults">
<div class="panel-head"><h2 id="faults">${bills.faults}</h2> <a download="${uploadId}.csv" href="${csvOf(rejected, visit)}">${bills.download}</a></div>
${shown.length < rejected.length ? html`<p class="hint">${bills.faultsShown(showNumber(shown.length, language))}</p>` : ''}
${table(
  bills.faults,
  [
    { name: bills.line, isHeading: true, cell: ({ line }) => String(line) },
    { name: bills.field, cell: (fault) => html`<code>${fieldOf(fault) || bills.wholeRow}</code>` },
    { name: bills.wrong, cell: ({ detail }) => faultText(detail, language) },
    { name: bills.cure, cell: (fault) => cureOf(fault, fieldOf(fault), visit) },
  ],
  shown,
  '',
)}
</section>`
}

const fieldOf = ({ pointer }: Fault): string => pointer.slice(1)

/** A link that holds the file: nothing of it is kept here. The mark in front tells spreadsheets that it is UTF-8. */
function csvOf(faults: readonly Fault[], visit: ConsoleVisit): string {
  const { bills } = visit.texts.console
  const rows = faults.map((fault) => [
    String(fault.line),
    fieldOf(fault) || bills.wholeRow,
    faultText(fault.detail, visit.language),
    cureOf(fault, fieldOf(fault), visit),
  ])
  const text = csvText([[bills.line, bills.field, bills.wrong, bills.cure], ...rows])
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${text}`)}`
}
