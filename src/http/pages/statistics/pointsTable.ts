// Sites registered, installed and active, a row a place or a sector.
import { percentOf } from '../../../domain/adoption/share.ts'
import { table } from '../console/table.ts'
import { type Html, html } from '../html.ts'
import type { Point } from './answers.ts'
import { bar, count, percent, type StatisticsVisit } from './statisticsVisit.ts'

export function pointsTable(
  heading: string,
  name: (point: Point) => string,
  points: readonly Point[],
  visit: StatisticsVisit,
): Html {
  const { statistics } = visit.texts
  const { points: columns } = statistics
  const shareOf = ({ active, registered }: Point) => (active === null ? null : percentOf(active, registered))
  return table<Point>(
    heading,
    [
      { name: heading, isHeading: true, cell: name },
      { name: columns.registered, isNumber: true, cell: (point) => count(point.registered, false, visit) },
      {
        name: columns.installed,
        isNumber: true,
        cell: (point) => count(point.installed, point.suppressed, visit),
      },
      { name: columns.active, isNumber: true, cell: (point) => count(point.active, point.suppressed, visit) },
      {
        name: columns.share,
        isNumber: true,
        cell: (point) =>
          html`${bar(shareOf(point))}<span>${percent(shareOf(point), point.suppressed, visit)}</span>`,
      },
    ],
    points,
    statistics.none,
  )
}
