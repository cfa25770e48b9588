// How an event lies in a row of the events table, and how it comes back.
import type { Metadata, NewEvent, Recorded } from '../../domain/core/eventStore.ts'

/** An event ready to be stored. */
export type EncodedEvent = {
  readonly id: string
  readonly type: string
  readonly data: string
  readonly metadata: string
}

/** A row as selected: SQLite gives arrays faster than objects. */
export type EventRow = readonly [
  position: number,
  stream: string,
  version: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAt: number,
  hash: string,
]

export const encodeEvent = ({ id, type, data, metadata }: NewEvent): EncodedEvent => ({
  id,
  type,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
})

export const decodeEvent = (row: EventRow): Recorded => {
  const [position, stream, version, id, type, data, metadata, recordedAt, hash] = row
  return {
    id,
    type,
    data: JSON.parse(data),
    metadata: JSON.parse(metadata),
    stream,
    version,
    position: encodePosition(position),
    recordedAt: instantText(recordedAt),
    hash,
  }
}

/** The same event, whose JSON is parsed when somebody looks at it: most followers look at little. */
export const decodeEventLazily = (row: EventRow): Recorded => {
  const [position, stream, version, id, type, data, metadata, recordedAt, hash] = row
  let parsedData: object | undefined
  let parsedMetadata: Metadata | undefined
  return {
    id,
    type,
    get data() {
      parsedData ??= JSON.parse(data) as object
      return parsedData
    },
    get metadata() {
      parsedMetadata ??= JSON.parse(metadata) as Metadata
      return parsedMetadata
    },
    stream,
    version,
    position: encodePosition(position),
    recordedAt: instantText(recordedAt),
    hash,
  }
}

/** As wide as the largest safe integer, so that strings compare as the numbers do. */
export const encodePosition = (position: number): string =>
  position === 0 ? '' : String(position).padStart(16, '0')

export const decodePosition = (position: string): number => Number(position)

let lastInstant = Number.NaN
let lastText = ''

/** RFC 3339. Events come many to a millisecond, and making the text costs as much as a small hash. */
export function instantText(instant: number): string {
  if (instant !== lastInstant) {
    lastText = new Date(instant).toISOString()
    lastInstant = instant
  }
  return lastText
}
