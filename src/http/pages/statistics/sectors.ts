// The sectors as bars in their table: acceptance on the day, and what was paid in the month.
import type { Sector } from '../../../domain/merchants/sectors.ts'
import { table } from '../console/table.ts'
import { type Html, html } from '../html.ts'
import type { Sum } from './answers.ts'
import { showMonth } from './months.ts'
import { pointsTable } from './pointsTable.ts'
import { amount, bar, count, definition, type StatisticsVisit } from './statisticsVisit.ts'

export function sectors(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { answers } = visit
  const month = showMonth(answers.month, visit.language)
  return html`<section aria-labelledby="sectors">
<h2 id="sectors">${statistics.sectors.title}</h2>
${pointsTable(statistics.points.sector, ({ sector = '' }) => sectorName(sector, visit), answers.sectors, visit)}
${definition(['acceptance-installed', 'acceptance-active'], visit)}
<h3>${statistics.sectors.sales(month)}</h3>
${salesTable(statistics.sectors.sales(month), visit)}
</section>`
}

const sectorName = (sector: string, { texts }: StatisticsVisit): string =>
  texts.console.sites.sectors[sector as Sector] ?? sector

function salesTable(caption: string, visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { sales } = visit.answers
  const most = sales.reduce((max, { count }) => Math.max(max, count ?? 0), 1)
  const length = ({ count }: Sum) => (count === null ? null : Math.round((count * 1000) / most) / 10)
  return table<Sum>(
    caption,
    [
      {
        name: statistics.points.sector,
        isHeading: true,
        cell: ({ sector = '' }) => sectorName(sector, visit),
      },
      {
        name: statistics.trend.payments,
        isNumber: true,
        cell: (sum) => html`${bar(length(sum))}<span>${count(sum.count, sum.suppressed, visit)}</span>`,
      },
      {
        name: statistics.trend.amount,
        isNumber: true,
        cell: ({ value, currency, suppressed }) => amount(value, currency, suppressed, visit),
      },
    ],
    sales,
    statistics.none,
  )
}
