// A visit of the page of statistics: what was answered, and how it is written for this reader.
import { showAmount, showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import type { Answers } from './answers.ts'

export type StatisticsVisit = Visit & { readonly answers: Answers }

/** `82,5 %`. */
export const percentText = (percent: number, { language }: Visit): string =>
  `${showNumber(percent, language)} %`

type May<T> = { readonly value: T | null; readonly suppressed: boolean | undefined }

/** A value, or why there is none: it is kept hidden, or nothing is known. */
export function shown<T>(
  { value, suppressed }: May<T>,
  show: (value: T) => string,
  visit: Visit,
): Html | string {
  const { statistics } = visit.texts
  if (suppressed && value === null) return html`<em class="hidden-cell">${statistics.suppressed}</em>`
  return value === null ? statistics.noFigure : show(value)
}

export const count = (value: number | null, suppressed: boolean | undefined, visit: Visit): Html | string =>
  shown({ value, suppressed }, (number) => showNumber(number, visit.language), visit)

export const percent = (value: number | null, suppressed: boolean | undefined, visit: Visit): Html | string =>
  shown({ value, suppressed }, (number) => percentText(number, visit), visit)

export const amount = (
  value: string | null,
  currency: string,
  suppressed: boolean | undefined,
  visit: Visit,
): Html | string => shown({ value, suppressed }, (text) => showAmount(text, currency, visit.language), visit)

/** A figure's definition as the API serves it, one click away. */
export function definition(ids: readonly string[], { answers, texts, language }: StatisticsVisit): Html {
  const found = answers.definitions.filter(({ id }) => ids.includes(id))
  return html`<details class="definition"><summary>${texts.statistics.definition}</summary>
<dl>${found.map(({ label, text }) => html`<dt>${label[language]}</dt><dd>${text[language]}</dd>\n`)}</dl>
</details>`
}

/** The table behind a picture. */
export const behind = (table: Html, { texts }: Visit): Html =>
  html`<details class="behind"><summary>${texts.statistics.table}</summary>${table}</details>`

/** A bar as long as a share from 0 to 100; the number stands beside it. */
export const bar = (percent: number | null): Html =>
  percent === null
    ? html``
    : html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="8"/><rect class="filled" width="${percent}" height="8"/></svg>`
