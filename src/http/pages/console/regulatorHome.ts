// A regulator's first page: the city's targets and how far they are reached.
import { showNumber } from '../format.ts'
import { html } from '../html.ts'
import type { ConsoleVisit } from './consolePage.ts'
import { showFramed } from './frame.ts'
import { pill } from './pill.ts'
import { table } from './table.ts'

type Indicator = {
  readonly year: number
  readonly label: { readonly vi: string; readonly en: string }
  readonly unit: 'percent' | 'rank'
  readonly target: number
  readonly percent: number | null
  readonly met: boolean | null
  readonly observed: { readonly value: number } | null
}

export async function regulatorHome(visit: ConsoleVisit): Promise<Response> {
  const { api, texts, language } = visit
  const { indicators } = await api.call<{ indicators: readonly Indicator[] }>('get /v1/statistics/indicators')
  const { home, frame, list } = texts.console
  const withUnit = (value: number, unit: Indicator['unit']) =>
    `${showNumber(value, language)}${unit === 'percent' ? ' %' : ''}`
  const measured = ({ percent, observed, unit }: Indicator): string => {
    const value = percent ?? observed?.value
    return value === undefined ? home.noFigure : withUnit(value, unit)
  }
  const result = ({ met }: Indicator) =>
    met === null ? '' : met ? pill('active', home.isMet) : pill('pending', home.isNotMet)
  const body = html`<h1>${home.indicators}</h1>
${table(
  home.indicators,
  [
    { name: home.indicator, isHeading: true, cell: ({ label }) => label[language] },
    { name: home.year, isNumber: true, cell: ({ year }) => String(year) },
    { name: home.target, isNumber: true, cell: ({ target, unit }) => withUnit(target, unit) },
    { name: home.measured, isNumber: true, cell: measured },
    { name: home.met, cell: result },
  ],
  indicators,
  list.none,
)}`
  return showFramed(visit, { area: 'home', title: frame.areas.home, body })
}
