// Moving a whole log into another store: what a store must do to take one, and what names the log that is moved.
import type { EventStore, Recorded } from './eventStore.ts'

/** What a log is known by while it moves: two are the same when all of this is. */
export type MovedLog = {
  readonly count: number
  /** Of its lines as they are in the file, in hex. */
  readonly sha256: string
  /** The position of its last event. */
  readonly last: string
  /** Whether it holds texts sealed under keys that derive from the master key: none of those can be dropped. */
  readonly derivedKeys: boolean
}

export const isSameLog = (one: MovedLog, other: MovedLog): boolean =>
  one.count === other.count && one.sha256 === other.sha256 && one.last === other.last

/**
 * A store that takes a log as it is: events keep their positions, times and hashes. What it has been given counts as
 * nothing until `finish`: a gateway does not start on it.
 */
export type MoveTarget = {
  /** Claims the store for this log, or finds that it is its own already. Throws StoreUnavailable where there is anything else. */
  readonly begin: (log: MovedLog) => Promise<void>
  readonly readAll: EventStore['readAll']
  /** Adds what follows the last event there. Once it resolves it is durable. */
  readonly add: (events: readonly Recorded[]) => Promise<void>
  /** The log is whole: from now on gateways may use it. Doing it again changes nothing. */
  readonly finish: () => Promise<void>
  readonly close: () => Promise<void>
}
