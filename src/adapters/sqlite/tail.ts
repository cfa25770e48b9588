// The last events this process appended, so that its followers need not read them back from disk.
import type { Recorded } from '../../domain/core/eventStore.ts'
import { decodeEventLazily, type EventRow } from './eventRow.ts'

// Long enough for followers that let events gather; longer, and the collector would copy what nobody needs.
const capacity = 1_024
const dataMax = 8_192 // with the capacity, bounds the memory: a larger event starts the tail anew

type Tail = {
  /** The next event of the log. */
  readonly keep: (row: EventRow) => void
  /** Up to `limit` events after a position, undefined when they begin before the tail does. */
  readonly after: (position: number, limit: number) => readonly Recorded[] | undefined
  /** To be called whenever the next event to keep may not be the one that follows the last. */
  readonly clear: () => void
}

export function createTail(): Tail {
  const rows = new Array<EventRow | undefined>(capacity).fill(undefined)
  const decoded = new Array<Recorded | undefined>(capacity).fill(undefined)
  let first = Number.POSITIVE_INFINITY
  let last = 0

  const clear = (): void => {
    first = Number.POSITIVE_INFINITY
  }

  const keep = (row: EventRow): void => {
    const [position, , , , , data] = row
    last = position
    if (data.length > dataMax) {
      first = position + 1
      return
    }
    rows[position % capacity] = row
    decoded[position % capacity] = undefined
    first = Math.max(Math.min(first, position), position - capacity + 1)
  }

  // Decoded from the text that was stored, so it equals what a read from disk gives; once for all followers.
  const at = (position: number): Recorded => {
    const slot = position % capacity
    const event = decoded[slot] ?? decodeEventLazily(rows[slot]!)
    decoded[slot] = event
    return event
  }

  const after = (position: number, limit: number): readonly Recorded[] | undefined => {
    if (position + 1 < first) return undefined
    const length = Math.max(0, Math.min(limit, last - position))
    return Array.from({ length }, (_, index) => at(position + 1 + index))
  }

  return { keep, after, clear }
}
