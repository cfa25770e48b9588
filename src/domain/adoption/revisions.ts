// The revisions of an indicator: what was known of a day after each change, from the day itself on.
import { businessDate } from '../core/businessDay.ts'
import type { Recorded } from '../core/eventStore.ts'
import { type Measured, observed, type Target, unmeasured } from './indicators.ts'
import type { ObservationEvent } from './observation.ts'
import { shareCounter } from './shareCounter.ts'

type Observed = {
  readonly value: number
  readonly date: string
  readonly source: string
  readonly revision: number
}
type Figure = Measured & { readonly observed: Observed | null }

export type Revision = Figure & {
  readonly year: number
  /** When the change was recorded, and where in the log. */
  readonly knownAt: string
  readonly position: string
}
export type Revisions = {
  /** The latest ones, in the order in which they were known. */
  readonly data: readonly Revision[]
  /** How many earlier ones there are. */
  readonly omitted: number
}

export const revisionsMax = 200

/** Takes every event of the log in order. The targets are years of one indicator. */
export function revisionReader(targets: readonly Target[], asOf: string) {
  const figures = targets.map((target) => figureReader(target, asOf))
  const counter = shareCounter(asOf)
  const figureOf = (target: Target, index: number): Figure =>
    target.sectors.length > 0 ? { ...counter.measured(target), observed: null } : figures[index]!.figure()
  const last = targets.map((target, index) => JSON.stringify(figureOf(target, index))) // nothing known is no revision
  const found: (Revision & { readonly upload: unknown })[] = []
  let omitted = 0

  const note = (event: Recorded): void => {
    const upload = (event.data as { uploadId?: string }).uploadId
    for (const [index, target] of targets.entries()) {
      const figure = figureOf(target, index)
      const text = JSON.stringify(figure)
      if (last[index] === text) continue
      last[index] = text
      // One upload is one change, however many rows it has.
      const before = found.findLastIndex(({ year }) => year === target.year)
      if (upload !== undefined && found[before]?.upload === upload) found.splice(before, 1)
      found.push({
        year: target.year,
        knownAt: event.recordedAt,
        position: event.position,
        ...figure,
        upload,
      })
      if (found.length > revisionsMax) omitted += found.splice(0, 1).length
    }
  }

  const take = (event: Recorded): void => {
    if (!concerns.has(event.type)) return
    counter.take(event)
    for (const figure of figures) figure.take(event)
    if (businessDate(event.recordedAt) >= asOf) note(event)
  }
  const revisions = (): Revisions => ({ data: found.map(({ upload: _, ...revision }) => revision), omitted })
  return { take, revisions }
}

const concerns: ReadonlySet<string> = new Set([
  'MerchantRegistered',
  'SiteRegistered',
  'PaymentPaid',
  'PaymentReversed',
  'EstablishmentRegistered',
  'EstablishmentChanged',
  'EstablishmentClosed',
  'EstablishmentLinked',
  'EstablishmentLinkRefused',
  'ObservationRecorded',
])

/** The figure from outside that stands for a target: of its year the latest day up to `asOf`. */
function figureReader(target: Target, asOf: string) {
  let standing: Observed | undefined
  const take = (event: Recorded): void => {
    if (event.type !== 'ObservationRecorded') return
    const { indicator, observedOn, value, source, revision } = (event as unknown as ObservationEvent).data
    if (indicator !== target.indicator || observedOn > asOf || !observedOn.startsWith(`${target.year}-`))
      return
    if (standing === undefined || observedOn >= standing.date)
      standing = { value, date: observedOn, source, revision }
  }
  const figure = (): Figure =>
    standing ? { ...observed(target, standing.value), observed: standing } : { ...unmeasured, observed: null }
  return { take, figure }
}
