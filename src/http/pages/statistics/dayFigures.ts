// Figures of the day: installed acceptance, terminals to the population, and how many new sites stay.
import { table } from '../console/table.ts'
import { showDay, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Cohort, Figure } from './answers.ts'
import { showMonth } from './months.ts'
import { count, definition, percentText, type StatisticsVisit, shown } from './statisticsVisit.ts'

export function dayFigures(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { figures, cohorts } = visit.answers
  return html`<section aria-labelledby="figures">
<h2 id="figures">${statistics.figures.title}</h2>
${figureTable(figures, visit)}
${definition(
  figures.map(({ figure }) => figure),
  visit,
)}
<h3>${statistics.cohorts.title}</h3>
${cohortTable(cohorts, visit)}
${definition(['new-adopter-cohorts'], visit)}
</section>`
}

function figureTable(figures: readonly Figure[], visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { figures: texts } = statistics
  const plain = (value: number | null, { suppressed }: Figure) =>
    value === null && !suppressed ? '' : count(value, suppressed, visit)
  return table<Figure>(
    texts.title,
    [
      { name: texts.figure, isHeading: true, cell: ({ label }) => label[visit.language] },
      {
        name: texts.value,
        isNumber: true,
        cell: ({ value, unit, suppressed }) =>
          shown(
            { value, suppressed },
            (one) => `${showNumber(one, visit.language)} ${texts.units[unit]}`,
            visit,
          ),
      },
      { name: texts.numerator, isNumber: true, cell: (figure) => plain(figure.numerator, figure) },
      { name: texts.denominator, isNumber: true, cell: (figure) => plain(figure.denominator, figure) },
      {
        name: texts.source,
        cell: ({ observed }) =>
          observed === null ? '' : `${observed.source}, ${showDay(observed.date, visit.language)}`,
      },
    ],
    figures,
    statistics.none,
  )
}

function cohortTable(cohorts: readonly Cohort[], visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { cohorts: texts } = statistics
  const after = cohorts[0]?.kept ?? []
  return table<Cohort>(
    texts.title,
    [
      { name: texts.month, isHeading: true, cell: ({ month }) => showMonth(month, visit.language) },
      { name: texts.sites, isNumber: true, cell: (cohort) => count(cohort.sites, cohort.suppressed, visit) },
      ...after.map(({ afterDays }, index) => ({
        name: texts.kept(afterDays),
        isNumber: true as const,
        cell: ({ kept }: Cohort) => keptText(kept[index]!, visit),
      })),
    ],
    cohorts,
    statistics.none,
  )
}

function keptText({ sites, percent, suppressed }: Cohort['kept'][number], visit: StatisticsVisit) {
  if (sites === null && !suppressed) return visit.texts.statistics.cohorts.notYet
  if (sites === null || percent === null) return count(sites, suppressed, visit)
  return `${showNumber(sites, visit.language)} (${percentText(percent, visit)})`
}
