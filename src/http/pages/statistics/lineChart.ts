// A line over months as SVG. A month that is hidden breaks the line and is marked; nothing of its height is drawn.
import { nice, ticks } from 'd3-array'
import { line } from 'd3-shape'
import { type Html, html } from '../html.ts'

/** `value`: undefined where it is hidden. Only where a point is drawn depends on it, so it may be rounded. */
type Point = { readonly name: string; readonly value: number | undefined }

type Chart = {
  readonly says: string
  readonly points: readonly Point[]
  readonly show: (value: number) => string
  readonly hidden: string
}

const [width, height] = [400, 210]
const [left, right, top, bottom] = [58, 12, 12, 30]

export function lineChart({ says, points, show, hidden }: Chart): Html {
  const most = Math.max(...points.map(({ value = 0 }) => value), 1)
  const [, highest] = nice(0, most, 4)
  const x = (index: number) => round(left + ((width - left - right) * index) / (points.length - 1))
  const y = (value: number) => round(height - bottom - ((height - top - bottom) * value) / highest)
  const path = line<Point>()
    .defined(({ value }) => value !== undefined)
    .x((_, index) => x(index))
    .y(({ value = 0 }) => y(value))
  const named = [0, Math.floor(points.length / 2), points.length - 1]
  return html`<svg class="line-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${says}">
${ticks(0, highest, 4)
  .filter((value) => Number.isInteger(value))
  .map(
    (value) =>
      html`<path class="grid" d="M${left},${y(value)}H${width - right}"/><text class="height" x="${left - 8}" y="${y(value) + 4}">${show(value)}</text>\n`,
  )}<path class="line" d="${path(points) ?? ''}"/>
${points.map(({ name, value }, index) =>
  value === undefined
    ? html`<g class="hidden-month"><title>${name}: ${hidden}</title><path d="M${x(index) - 4},${height - bottom - 8}l8,8m0,-8l-8,8"/></g>\n`
    : html`<circle cx="${x(index)}" cy="${y(value)}" r="3.5"><title>${name}: ${show(value)}</title></circle>\n`,
)}${named.map(
  (index) =>
    html`<text class="month ${index === 0 ? 'first' : index === points.length - 1 ? 'last' : ''}" x="${x(index)}" y="${height - 8}">${points[index]!.name}</text>\n`,
)}</svg>`
}

const round = (value: number): number => Math.round(value * 10) / 10
