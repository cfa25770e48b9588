// Hanoi's districts as a map of tiles, colored by the share of active sites. Each tile says its number: color alone says nothing.
import { districtOf } from '../../../domain/adoption/places.ts'
import { percentOf } from '../../../domain/adoption/share.ts'
import { showNumber } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Point } from './answers.ts'
import { pointsTable } from './pointsTable.ts'
import { behind, definition, percentText, type StatisticsVisit } from './statisticsVisit.ts'
import { type Tile, tileColumns, tileRows, tiles } from './tiles.ts'

const size = 100
const classes = [0, 20, 40, 60, 80]

export function districts(visit: StatisticsVisit): Html {
  const { districts, points: columns } = visit.texts.statistics
  const points = byDistrict(visit.answers.districts)
  const known = new Set(tiles.map(({ district }) => district))
  const others = points.filter(({ district }) => !known.has(district!)).length
  return html`<section aria-labelledby="districts">
<h2 id="districts">${districts.title}</h2>
<p>${districts.lead}</p>
<figure class="tile-map">
<svg viewBox="0 0 ${tileColumns * size} ${tileRows * size}" role="img" aria-label="${districts.picture}">
<defs><pattern id="hatch" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="12" height="12"/><rect class="hatch-line" width="4" height="12"/></pattern></defs>
${tiles.map((tile) =>
  tileOf(
    tile,
    points.find(({ district }) => district === tile.district),
    visit,
  ),
)}</svg>
${legend(visit)}
</figure>
${others === 0 ? '' : html`<p class="hint">${districts.other(others)}</p>`}
${behind(
  pointsTable(columns.district, ({ district = '' }) => district, points, visit),
  visit,
)}
${definition(['acceptance-installed', 'acceptance-active'], visit)}
</section>`
}

/** Merchants write a district in several ways: what is one district is one point, hidden where a part of it is. In the order of names. */
export function byDistrict(points: readonly Point[]): readonly Point[] {
  const named = Map.groupBy(points, ({ district = '' }) => districtOf(district) ?? district)
  const inOrder = [...named].toSorted(([a], [b]) => a.localeCompare(b, 'vi'))
  return inOrder.map(([district, parts]) => {
    const suppressed = parts.some((part) => part.suppressed)
    const sum = (value: (point: Point) => number | null) =>
      parts.reduce((total, part) => total + (value(part) ?? 0), 0)
    const registered = sum((point) => point.registered)
    if (suppressed) return { district, registered, installed: null, active: null, suppressed }
    return {
      district,
      registered,
      installed: sum((point) => point.installed),
      active: sum((point) => point.active),
    }
  })
}

function tileOf({ district, column, row }: Tile, point: Point | undefined, visit: StatisticsVisit): Html {
  const { name, text, says } = lookOf(district, point, visit)
  const [x, y] = [column * size, row * size]
  const lines = linesOf(district)
  const middle = x + size / 2
  return html`<g class="tile ${name}"><title>${says}</title><rect x="${x + 2}" y="${y + 2}" width="${size - 4}" height="${size - 4}" rx="8"/>${lines.map(
    (line, index) =>
      html`<text x="${middle}" y="${y + (lines.length === 1 ? 40 : 30 + index * 22)}">${line}</text>`,
  )}<text class="share" x="${middle}" y="${y + 84}">${text}</text></g>
`
}

function lookOf(district: string, point: Point | undefined, visit: StatisticsVisit) {
  const { districts, suppressed } = visit.texts.statistics
  if (!point) return { name: 'empty', text: '–', says: districts.tileEmpty(district) }
  const { registered, active } = point
  const number = (value: number) => showNumber(value, visit.language)
  if (active === null)
    return { name: 'hatched', text: suppressed, says: districts.tileHidden(district, number(registered)) }
  const percent = percentOf(active, registered) ?? 0
  const says = districts.tile(district, percentText(percent, visit), number(active), number(registered))
  return { name: `share-${classOf(percent)}`, text: percentText(percent, visit), says }
}

const classOf = (percent: number): number => classes.findLastIndex((from) => percent >= from)

/** Two lines at most: `Bắc Từ` and `Liêm`. */
function linesOf(name: string): readonly string[] {
  const words = name.split(' ')
  if (words.length < 2) return words
  return [words.slice(0, -1).join(' '), words.at(-1)!]
}

function legend({ texts }: StatisticsVisit): Html {
  const { districts, suppressed } = texts.statistics
  const entry = (name: string, text: string) =>
    html`<li><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><g class="tile ${name}"><rect x="1" y="1" width="18" height="18" rx="3"/></g></svg> ${text}</li>\n`
  return html`<figcaption><p class="unseen">${districts.legend}</p><ul class="legend">
${classes.map((from, index) => entry(`share-${index}`, districts.range(from, (classes[index + 1] ?? 101) - 1)))}${entry('hatched', suppressed)}${entry('empty', districts.noSites)}</ul></figcaption>`
}
