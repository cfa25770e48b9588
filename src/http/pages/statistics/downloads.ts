// What can be taken away: each answer of the API that this page shows, and the tables in every format they have.
import { periodAround } from '../../../domain/adoption/tables/period.ts'
import { table } from '../console/table.ts'
import { type Html, html } from '../html.ts'
import { type Table, trendMonths } from './answers.ts'
import { showMonth } from './months.ts'
import type { StatisticsVisit } from './statisticsVisit.ts'

const formats = { json: 'JSON', csv: 'CSV', 'sdmx-csv': 'SDMX-CSV', parquet: 'Parquet' } as const
const openData = 'open-data'

type Row = { readonly name: string; readonly period: string; readonly files: readonly File[] }
type File = { readonly href: string; readonly name: string; readonly saveAs: string }

export function downloads(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { tables } = statistics
  return html`<section class="downloads" aria-labelledby="downloads">
<h2 id="downloads">${tables.title}</h2>
<p>${tables.lead}</p>
${table<Row>(
  tables.title,
  [
    { name: tables.name, isHeading: true, cell: ({ name }) => name },
    { name: tables.period, cell: ({ period }) => period },
    {
      name: tables.files,
      cell: ({ name, files }) =>
        html`<span class="files">${files.map(
          (file) =>
            html`<a class="button quiet" href="${file.href}" download="${file.saveAs}" aria-label="${statistics.downloads(`${name}, ${file.name}`)}">${file.name}</a> `,
        )}</span>`,
    },
  ],
  rowsOf(visit),
  statistics.none,
)}
<p class="hint">${tables.api} <a href="${visit.to('/docs')}">${visit.texts.site.docs}</a>.</p>
</section>`
}

function rowsOf(visit: StatisticsVisit): readonly Row[] {
  const { statistics } = visit.texts
  const { asOf, month, disclosure, tables } = visit.answers
  const payments = { from: `${trendMonths(asOf)[0]}-01`, to: asOf, interval: 'month' }
  const answers: Row[] = [
    { name: statistics.targets.title, period: asOf, files: [json('indicators', { asOf }, visit)] },
    { name: statistics.districts.title, period: asOf, files: [json('acceptance', { asOf }, visit)] },
    { name: statistics.figures.title, period: asOf, files: [json('figures', { asOf }, visit)] },
    { name: statistics.cohorts.title, period: asOf, files: [json('cohorts', { asOf }, visit)] },
    {
      name: statistics.month.title(showMonth(month, visit.language)),
      period: month,
      files: [json('transactions', { month }, visit)],
    },
    {
      name: statistics.trend.title,
      period: `${payments.from}/${asOf}`,
      files: [json('payments', payments, visit), csv(payments, visit)],
    },
  ]
  const open = tables.filter((one) => !disclosure.applied || one.table === openData)
  return [...answers, ...open.map((one) => tableRow(one, visit))]
}

const json = (answer: string, query: Readonly<Record<string, string>>, visit: StatisticsVisit): File => ({
  href: addressOf(answer, query, visit),
  name: formats.json,
  saveAs: `${answer}-${visit.answers.asOf}.json`,
})

const csv = (query: Readonly<Record<string, string>>, visit: StatisticsVisit): File => ({
  href: addressOf('payments', { ...query, by: 'sector,district,method', format: 'csv' }, visit),
  name: formats.csv,
  saveAs: `payments-${visit.answers.asOf}.csv`,
})

function tableRow({ table, title, frequency }: Table, visit: StatisticsVisit): Row {
  const period = periodAround(visit.answers.asOf, frequency)
  const files = Object.entries(formats).map(([format, name]) => ({
    href: addressOf(`tables/${table}`, { period, format }, visit),
    name,
    saveAs: `${table}-${period}.${format === 'sdmx-csv' ? 'sdmx.csv' : format}`,
  }))
  const { frequencies } = visit.texts.statistics.tables
  return { name: title[visit.language], period: `${period} (${frequencies[frequency]})`, files }
}

function addressOf(
  answer: string,
  query: Readonly<Record<string, string>>,
  { answers: { known } }: StatisticsVisit,
): string {
  return `/v1/statistics/${answer}?${new URLSearchParams({ ...query, ...known })}`
}
