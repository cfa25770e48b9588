// What a read model is: which events it handles, which row each one touches, and how the row changes. Pure; the runner owns the rest.

import type { Event } from '../src/domain/core/decider.ts'
import type { Recorded } from '../src/domain/core/eventStore.ts'

/** A cell: text, a whole number, minor units of money (sums may pass 2^53, so bigint), or nothing. */
export type Cell = string | number | bigint | null
export type Row = Readonly<Record<string, Cell>>

/** Columns of an index; with `present`, only rows in which that column is not null are in it. */
type Index<Name extends string> = { readonly columns: readonly Name[]; readonly present?: Name }

type Column = 'text' | 'integer' | 'money'

export type Projection<E extends Event = Event, R extends Row = Row> = {
  /** The table. Raise its suffix when the shape or meaning changes: it is then rebuilt from the log. */
  readonly name: string
  readonly columns: { readonly [K in keyof R]: Column }
  /** The primary key. */
  readonly key: readonly (keyof R & string)[]
  readonly indexes: readonly Index<keyof R & string>[]
  readonly handles: readonly E['type'][]
  /** Whether an event that it handles says anything to it; absent: each does. Those that do not cost no look at a row. */
  readonly concerns?: (event: Recorded<E>) => boolean
  /** What an event says of several rows, one part a row, in order; absent: it is of one. A part may have a type of its own. */
  readonly parts?: (event: Recorded<E>) => readonly Recorded<E>[]
  /** The event with which a row begins, where that is sure: no row is looked for then. */
  readonly begins?: E['type']
  /** The key values of the row that an event touches. */
  readonly keyOf: (event: Recorded<E>) => readonly Cell[]
  /** The row after the event, or undefined for no row. Called once per event, in log order. */
  readonly evolve: (row: R | undefined, event: Recorded<E>) => R | undefined
}

/** Keeps a projection's own types while it is written; erased in the list of all. */
export const projection = <E extends Event, R extends Row>(value: Projection<E, R>): Projection =>
  value as unknown as Projection

/** The id part of an event's stream: `payment-pay_…` → `pay_…`. */
export const streamId = ({ stream }: Recorded): string => stream.slice(stream.indexOf('-') + 1)
