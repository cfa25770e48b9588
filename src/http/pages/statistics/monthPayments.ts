// The payments of the month: by method, how large they are, and how many fail or are given back.
import { table } from '../console/table.ts'
import { showAmount } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Mix, Rate } from './answers.ts'
import { showMonth } from './months.ts'
import { amount, bar, count, definition, percent, type StatisticsVisit, shown } from './statisticsVisit.ts'

export function monthPayments(visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { currencies, rates, month } = visit.answers
  const { month: texts } = statistics
  return html`<section aria-labelledby="month">
<h2 id="month">${texts.title(showMonth(month, visit.language))}</h2>
<h3>${texts.mix}</h3>
${currencies.length === 0 ? html`<p class="none">${statistics.none}</p>` : currencies.map((mix) => mixTable(mix, visit))}
${definition(['method-mix'], visit)}
<h3>${texts.tickets}</h3>
${ticketTable(currencies, visit)}
${definition(['ticket-mean', 'ticket-median'], visit)}
<h3>${texts.rates}</h3>
${rateTable(rates, visit)}
${definition(
  rates.map(({ figure }) => figure),
  visit,
)}
</section>`
}

function mixTable({ currency, 'method-mix': methods }: Mix, visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { month: texts } = statistics
  return table<Mix['method-mix'][number]>(
    `${texts.mix}, ${currency}`,
    [
      { name: texts.method, isHeading: true, cell: ({ method }) => texts.methods[method] ?? method },
      { name: texts.count, isNumber: true, cell: (row) => count(row.count, row.suppressed, visit) },
      {
        name: texts.percentOfCount,
        isNumber: true,
        cell: (row) =>
          html`${bar(row.percentOfCount)}<span>${percent(row.percentOfCount, row.suppressed, visit)}</span>`,
      },
      {
        name: texts.value,
        isNumber: true,
        cell: (row) => amount(row.value, currency, row.suppressed, visit),
      },
      {
        name: texts.percentOfValue,
        isNumber: true,
        cell: (row) => percent(row.percentOfValue, row.suppressed, visit),
      },
    ],
    methods,
    statistics.none,
  )
}

function ticketTable(currencies: readonly Mix[], visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { month: texts } = statistics
  const applied = visit.answers.disclosure.applied
  return table<Mix>(
    texts.tickets,
    [
      { name: texts.total, isHeading: true, cell: ({ currency }) => currency },
      { name: texts.count, isNumber: true, cell: (mix) => count(mix.count, mix.suppressed, visit) },
      {
        name: texts.value,
        isNumber: true,
        cell: (mix) => amount(mix.value, mix.currency, mix.suppressed, visit),
      },
      {
        name: texts.mean,
        isNumber: true,
        cell: (mix) => amount(mix['ticket-mean'], mix.currency, applied, visit),
      },
      {
        name: texts.median,
        isNumber: true,
        cell: ({ currency, 'ticket-median': band }) =>
          shown({ value: band, suppressed: applied }, (one) => bandText(one, currency, visit), visit),
      },
    ],
    currencies,
    statistics.none,
  )
}

type Band = NonNullable<Mix['ticket-median']>

const bandText = ({ from, below }: Band, currency: string, { texts, language }: StatisticsVisit): string =>
  texts.statistics.month.band(showAmount(from, currency, language), showAmount(below, currency, language))

function rateTable(rates: readonly Rate[], visit: StatisticsVisit): Html {
  const { statistics } = visit.texts
  const { month: texts } = statistics
  return table<Rate>(
    texts.rates,
    [
      { name: texts.rate, isHeading: true, cell: ({ label }) => label[visit.language] },
      { name: texts.part, isNumber: true, cell: (rate) => count(rate.numerator, rate.suppressed, visit) },
      { name: texts.among, isNumber: true, cell: (rate) => count(rate.denominator, rate.suppressed, visit) },
      { name: texts.percent, isNumber: true, cell: (rate) => percent(rate.percent, rate.suppressed, visit) },
    ],
    rates,
    statistics.none,
  )
}
