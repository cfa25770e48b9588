// Where events are in EventStoreDB's whole log, and the positions that they are known by: in a log that was moved here, the ones it came with.
import { type Position, START } from '@eventstore/db-client'
import { LRUCache } from 'lru-cache'
import { StoreUnavailable } from '../../domain/core/eventStore.ts'

const width = 19 // of 2^63 - 1, the largest position there is
const none = 2n ** 63n // and above: how the protocol says that a position is not known
const rememberedMax = 10_000

/** Where an event with its old position is here. */
export type Mark = { readonly position: string; readonly commit: bigint }

export type Positions = {
  /** Of an event that was written here, from its commit position. */
  readonly own: (position: Position | undefined) => string
  /** Remembers where an event that was moved here is. */
  readonly found: (position: string, at: Position | undefined) => void
  /** From where to read so that nothing after a position is missed; up to a thousand before it may come too. */
  readonly startAfter: (position: string) => Position | typeof START
}

/** Commit positions in decimals of one width, so that strings compare as the positions do. */
export const ownPositions: Positions = {
  own: (position) => padded(commitOf(position), width),
  found: () => {},
  startAfter: (position) => (position === '' ? START : at(BigInt(position))),
}

/**
 * After a log that was moved here and ends at `last`, positions go on from there: commit positions, that much higher.
 * `marks` are in order.
 */
export function positionsAfter(last: string, marks: readonly Mark[]): Positions {
  const base = BigInt(last)
  const remembered = new LRUCache<string, bigint>({ max: rememberedMax })
  const before = (position: string): bigint | undefined => {
    let [low, high] = [0, marks.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (marks[middle]!.position <= position) low = middle + 1
      else high = middle
    }
    return marks[low - 1]?.commit
  }
  return {
    own: (position) => padded(base + commitOf(position), last.length),
    found: (position, place) => void remembered.set(position, commitOf(place)),
    startAfter: (position) => {
      if (position > last) return at(BigInt(position) - base)
      const commit = remembered.get(position) ?? before(position)
      return commit === undefined ? START : at(commit)
    },
  }
}

/** A record that is written with its stream's version is its own commit: both of its positions are the same. */
const at = (commit: bigint): Position => ({ commit, prepare: commit })

export function commitOf(position: Position | undefined): bigint {
  if (position === undefined || position.commit >= none)
    throw new StoreUnavailable('EventStoreDB does not say where its events are: 22.6 or later is needed')
  return position.commit
}

function padded(position: bigint, length: number): string {
  const text = position.toString().padStart(length, '0')
  if (text.length === length) return text
  throw new StoreUnavailable(
    `The position ${text} has no room in the ${length} digits of the log that was moved here`,
  )
}
