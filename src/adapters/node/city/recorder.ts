// Records what deciders decide, in the order of a clock that goes with it, many appends to one transaction.
import { UUID } from 'uuidv7'
import type { Command, Decider, Event } from '../../../domain/core/decider.ts'
import type { EventStore, Metadata, StreamAppend } from '../../../domain/core/eventStore.ts'
import type { Random } from './random.ts'

/** A stream as it has been recorded so far. */
export type Entity<State> = { readonly stream: string; version: number; state: State }

export type Recorder = {
  /** Decides at an instant (milliseconds; never before the last one) and keeps what is decided for the next `flush`. Refused, it throws: the city's plan is wrong. */
  readonly record: <State, C extends Command, E extends Event, R extends string>(
    entity: Entity<State>,
    decider: Decider<State, C, E, R>,
    command: C,
    at: number,
    metadata?: Metadata,
  ) => void
  readonly isFull: () => boolean
  readonly flush: () => Promise<void>
  /** Events recorded. */
  readonly count: () => number
}

/** What the store is to have for `now`: the instant of the append that it takes. */
export type VirtualClock = {
  readonly now: () => Date
  readonly expect: (instants: readonly number[]) => void
}

export function virtualClock(): VirtualClock {
  let waiting: readonly number[] = []
  let next = 0
  return {
    now: () => new Date(waiting[next++]!),
    expect: (instants) => {
      waiting = instants
      next = 0
    },
  }
}

const fullAt = 3_000 // what waits is in memory until then

export function recorder(
  store: Pick<EventStore, 'appendInOrder'>,
  clock: VirtualClock,
  random: Random,
): Recorder {
  let appends: StreamAppend[] = []
  let instants: number[] = []
  let count = 0
  return {
    record: (entity, decider, command, at, metadata = {}) => {
      const decision = decider.decide(command, entity.state)
      if (!decision.accepted) throw new Error(`${entity.stream}: ${decision.rejection}`)
      if (decision.events.length === 0) return
      const events = decision.events.map((event) => ({ ...event, id: eventId(at, random), metadata }))
      appends.push({ stream: entity.stream, expectedVersion: entity.version, events })
      instants.push(at)
      entity.version += events.length
      entity.state = decision.events.reduce(decider.evolve, entity.state)
      count += events.length
    },
    isFull: () => appends.length >= fullAt,
    flush: async () => {
      if (appends.length === 0) return
      clock.expect(instants)
      const results = await store.appendInOrder(appends)
      if (results.length < appends.length || results.some(({ status }) => status !== 'appended'))
        throw new Error(`${appends[results.length - 1]?.stream}: ${results.at(-1)?.status}`)
      appends = []
      instants = []
    },
    count: () => count,
  }
}

const word = 2 ** 32

/** UUIDv7 of the virtual clock: as time-ordered as those of a gateway. */
const eventId = (at: number, random: Random): string =>
  UUID.fromFieldsV7(at, random.below(2 ** 12), random.below(2 ** 30), random.below(word)).toString()
