// Twelve months as two lines, payments and their value, with the table behind them.
import { table } from '../console/table.ts'
import { type Html, html } from '../html.ts'
import type { Language } from '../language.ts'
import { type Sum, trendMonths } from './answers.ts'
import { lineChart } from './lineChart.ts'
import { showMonth } from './months.ts'
import { amount, behind, count, definition, type StatisticsVisit } from './statisticsVisit.ts'

export function trend(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { trend } = statistics
  return html`<section aria-labelledby="trend">
<h2 id="trend">${trend.title}</h2>
<div class="charts">
<figure><figcaption>${trend.count}</figcaption>${chart(trend.count, ({ count }) => count, visit)}</figure>
<figure><figcaption>${trend.value}</figcaption>${chart(trend.value, ({ value }) => (value === null ? null : Number(value)), visit)}</figure>
</div>
${visit.answers.disclosure.applied ? '' : html`<p class="hint">${trend.partial}</p>`}
${behind(trendTable(visit), visit)}
${definition(['method-mix'], visit)}
</section>`
}

/** Of đồng; a month of which there is no row had no payment. */
function chart(what: string, measure: (sum: Sum) => number | null, visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { answers, language } = visit
  const months = trendMonths(answers.asOf)
  const points = months.map((month) => {
    const sum = answers.trend.find(({ period, currency }) => period === month && currency === 'VND')
    const name = showMonth(month, language)
    return { name, value: sum ? (measure(sum) ?? undefined) : 0 }
  })
  const [first, last] = [points[0]!.name, points.at(-1)!.name]
  const says = statistics.trend.picture(what, first, last)
  return lineChart({ says, points, show: (value) => short(value, language), hidden: statistics.suppressed })
}

const short = (value: number, language: Language): string =>
  new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-US', {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value)

function trendTable(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { trend } = statistics
  return table<Sum>(
    trend.title,
    [
      { name: trend.month, isHeading: true, cell: ({ period }) => showMonth(period, visit.language) },
      { name: trend.payments, isNumber: true, cell: (sum) => count(sum.count, sum.suppressed, visit) },
      {
        name: trend.amount,
        isNumber: true,
        cell: ({ value, currency, suppressed }) => amount(value, currency, suppressed, visit),
      },
    ],
    visit.answers.trend,
    statistics.none,
  )
}
