// One gateway of several at a time: who wrote last to a stream that all share has the turn, and loses it by being silent.
import { randomUUID } from 'node:crypto'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import { newEventId } from './eventIds.ts'

/** `said` is what the holder wants the others to know; whoever takes the turn has read all of it. */
type TurnEvent<Said> = {
  readonly type: 'TurnHeld' | 'TurnLeft'
  readonly data: { readonly gateway: string; readonly said: Said }
}

export type SharedTurn = {
  /** Whether this gateway may act now. */
  readonly isMine: () => boolean
  /** Takes the turn where it is free, keeps it where it is this gateway's, else listens. Rejects when the store does not answer. */
  readonly look: () => Promise<void>
  /** Gives it back, so that nobody need wait. */
  readonly leave: () => Promise<void>
}

type Parts<Said> = {
  readonly store: EventStore
  readonly name: string
  /** Milliseconds of a clock that is never set. */
  readonly ticks: () => number
  /** Whether this gateway wants the turn, asked when it is free. */
  readonly wants: () => Promise<boolean> | boolean
  /** What is to be said with the next write, and what to do once it is recorded. */
  readonly speak: () => { readonly said: Said; readonly recorded: () => void }
  /** Whether there is something that should be said at once. */
  readonly hasNews: () => boolean
  readonly hear: (said: readonly Said[]) => void
  readonly taken: () => void
  /** Another has the turn: what is not recorded will not be. */
  readonly lost: () => void
}

export const renewMs = 1_000
/** From the moment before a write was sent until the holder stops acting, unless it has written again. */
export const holdMs = 4_000
/**
 * From the moment after a write was read until another may take the turn. It was read after it was sent, so as long as
 * no clock runs a quarter faster than another, the holder has stopped by then; and if it had not, its next write fails.
 */
export const leaseMs = 5_000

export function sharedTurn<Said>(parts: Parts<Said>): SharedTurn {
  const { store, name, ticks, wants, speak, hasNews, hear, taken, lost } = parts
  const self = randomUUID()
  let version = 0
  let holder: string | undefined
  /** When the last write was read here, by whomever. */
  let heardAt = Number.POSITIVE_INFINITY
  /** Whether nothing was written after what this gateway wrote, as far as it knows for sure. */
  let isLast = false
  let writtenAt = Number.NEGATIVE_INFINITY

  const isMine = (): boolean => ticks() - writtenAt < holdMs

  async function listen(): Promise<void> {
    const events = (await store.read(name, version)) as readonly Recorded<TurnEvent<Said>>[]
    if (events.length > 0 || heardAt === Number.POSITIVE_INFINITY) heardAt = ticks()
    const last = events.at(-1)
    if (!last) return
    const hadIt = holder === self
    version = last.version
    holder = last.type === 'TurnLeft' ? undefined : last.data.gateway
    hear(events.map(({ data }) => data.said))
    if (hadIt && events.some(({ data }) => data.gateway !== self)) lose()
  }

  function lose(): void {
    isLast = false
    writtenAt = Number.NEGATIVE_INFINITY
    lost()
  }

  const isFree = (): boolean => holder === undefined || holder === self || ticks() - heardAt >= leaseMs

  async function write(type: TurnEvent<Said>['type']): Promise<void> {
    const begun = ticks()
    const hadIt = isMine()
    const { said, recorded } = speak()
    const event = { type, data: { gateway: self, said }, id: newEventId(), metadata: {} }
    isLast = false // should the answer be lost, the stream says what came of it
    const result = await store.append(name, version, [event])
    if (result.status !== 'appended') return lose()
    isLast = true
    version = result.version
    holder = self
    writtenAt = begun
    recorded()
    if (!hadIt && isMine()) taken()
  }

  return {
    isMine,
    look: async () => {
      if (!isLast) {
        await listen()
        if (isFree() && (await wants())) await write('TurnHeld')
      } else if (hasNews() || ticks() - writtenAt >= renewMs) await write('TurnHeld')
    },
    leave: async () => {
      if (!isLast) return
      await write('TurnLeft')
      writtenAt = Number.NEGATIVE_INFINITY
      isLast = false
      holder = undefined
    },
  }
}
