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

/** Positions that come from here have 16 digits, those of a log that was born in a cluster 19; a log has one kind. */
const [ownWidth, clusterWidth] = [16, 19]
/** A position of 19 digits lies in the table this much higher, which tells the kinds apart. */
const clusterFrom = 2 ** 52

/** Whether a position of another store can lie here and come back as it was. */
export const isKeepable = (position: string): boolean =>
  (position.length === ownWidth || position.length === clusterWidth) && Number(position) < clusterFrom

/** Text of one length, so that strings compare as the numbers do. */
export const encodePosition = (position: number): string => {
  if (position >= clusterFrom) return String(position - clusterFrom).padStart(clusterWidth, '0')
  return position === 0 ? '' : String(position).padStart(ownWidth, '0')
}

export const decodePosition = (position: string): number =>
  position.length === clusterWidth ? Number(position) + clusterFrom : Number(position)

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
