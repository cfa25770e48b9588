// The targets as progress: how many of how many, what share, and how many are missing.
import { activeDays, missingTo } from '../../../domain/adoption/indicators.ts'
import { table } from '../console/table.ts'
import { showDay, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Indicator } from './answers.ts'
import { behind, count, percent, percentText, type StatisticsVisit } from './statisticsVisit.ts'

export function targets(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const years = [...Map.groupBy(visit.answers.indicators, ({ year }) => year)].toSorted(([a], [b]) => a - b)
  return html`<section aria-labelledby="targets">
<h2 id="targets">${statistics.targets.title}</h2>
${years.map(([year, indicators]) => ofYear(year, indicators, visit))}
<details class="definition"><summary>${statistics.definition}</summary><p>${statistics.targets.how(activeDays)}</p></details>
</section>`
}

const ofYear = (year: number, indicators: readonly Indicator[], visit: StatisticsVisit): Html => {
  const { targets } = visit.texts.statistics
  const measured = indicators.filter(({ denominator }) => denominator !== null)
  return html`<section class="year" aria-labelledby="targets-${year}">
<h3 id="targets-${year}">${targets.year(year)}</h3>
<div class="targets">${measured.map((indicator) => card(indicator, visit))}</div>
${behind(yearTable(year, indicators, visit), visit)}
</section>`
}

function card(indicator: Indicator, visit: StatisticsVisit): Html {
  const { targets } = visit.texts.statistics
  const goal = percentText(indicator.target, visit)
  return html`<article class="target">
<h4>${indicator.label[visit.language]}</h4>
<p class="reached"><strong>${percent(indicator.percent, indicator.suppressed, visit)}</strong> <span>${targets.goal(goal)}</span> ${result(indicator, visit)}</p>
${progress(indicator, visit)}
${gap(indicator, visit)}
</article>
`
}

function progress({ percent, target }: Indicator, visit: StatisticsVisit): Html {
  if (percent === null) return html``
  const { targets } = visit.texts.statistics
  const says = targets.picture(percentText(percent, visit), percentText(target, visit))
  return html`<svg class="bar goal" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${says}"><rect class="track" y="2" width="100" height="6"/><rect class="filled" y="2" width="${percent}" height="6"/><rect class="mark" x="${target - 0.4}" width=".8" height="10"/></svg>`
}

function gap(indicator: Indicator, visit: StatisticsVisit): Html {
  const { targets } = visit.texts.statistics
  const { numerator, denominator, denominatorSource } = indicator
  if (denominator === null || denominatorSource === null || denominator === 0)
    return html`<p class="hint">${targets.nothing}</p>`
  if (numerator === null) return html`<p class="hint">${targets.hidden}</p>`
  const number = (value: number) => showNumber(value, visit.language)
  const missing = missingTo(indicator.target, indicator) ?? 0
  return html`<p>${targets.counted(number(numerator), number(denominator), targets.sources[denominatorSource])}.</p>
<p class="gap">${missing === 0 ? targets.enough : targets.missing(number(missing))}.</p>`
}

function result({ met }: Indicator, { texts }: StatisticsVisit): Html | string {
  if (met === null) return ''
  const { targets } = texts.statistics
  return met
    ? html`<span class="result good">✓ ${targets.met}</span>`
    : html`<span class="result">${targets.notMet}</span>`
}

function yearTable(year: number, indicators: readonly Indicator[], visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { columns, year: caption } = statistics.targets
  return table<Indicator>(
    caption(year),
    [
      { name: columns.indicator, isHeading: true, cell: ({ label }) => label[visit.language] },
      { name: columns.target, isNumber: true, cell: ({ target, unit }) => leveled(target, unit, visit) },
      { name: columns.numerator, isNumber: true, cell: (one) => counted(one.numerator, one, visit) },
      { name: columns.denominator, isNumber: true, cell: (one) => counted(one.denominator, one, visit) },
      { name: columns.measured, isNumber: true, cell: (one) => measured(one, visit) },
      {
        name: columns.missing,
        isNumber: true,
        cell: (one) => counted(missingTo(one.target, one), one, visit),
      },
      { name: columns.met, cell: (one) => result(one, visit) },
    ],
    indicators,
    statistics.none,
  )
}

/** What is not measured here is not counted: its cell stays empty. */
const counted = (value: number | null, { denominator, suppressed }: Indicator, visit: StatisticsVisit) =>
  denominator === null ? '' : count(value, suppressed, visit)

const leveled = (value: number, unit: Indicator['unit'], visit: StatisticsVisit): string =>
  unit === 'percent'
    ? percentText(value, visit)
    : visit.texts.statistics.targets.rank(showNumber(value, visit.language))

function measured({ observed, unit, percent: share, suppressed }: Indicator, visit: StatisticsVisit) {
  if (!observed) return percent(share, suppressed, visit)
  return html`${leveled(observed.value, unit, visit)} <span class="hint">${observed.source}, ${showDay(observed.date, visit.language)}</span>`
}
