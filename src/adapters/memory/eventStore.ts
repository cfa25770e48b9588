// The event store in memory, for tests and trials: the same meaning as every other store, gone with the process.
import { chainStart, eventHash } from '../../domain/core/eventHash.ts'
import {
  type AppendResult,
  type EventStore,
  type NewEvent,
  oneAfterTheOther,
  type Recorded,
} from '../../domain/core/eventStore.ts'
import { createSleepers } from '../../domain/core/sleepers.ts'
import { nodeCrypto } from '../node/crypto.ts'

const positionOf = (count: number): string => (count === 0 ? '' : String(count).padStart(16, '0'))

export function memoryEventStore({ now }: { readonly now: () => Date }): EventStore {
  const log: Recorded[] = []
  const streams = new Map<string, Recorded[]>()
  const { sleep, wake } = createSleepers()
  let closed = false

  const append = (stream: string, expectedVersion: number, events: readonly NewEvent[]): AppendResult => {
    const known = streams.get(stream) ?? []
    const end = expectedVersion + events.length
    if (known.length === expectedVersion) {
      const recorded = record(stream, known, events)
      known.push(...recorded)
      streams.set(stream, known)
      log.push(...recorded)
      wake()
      return { status: 'appended', version: end, position: positionOf(log.length) }
    }
    const same = events.every(({ id }, index) => known[expectedVersion + index]?.id === id)
    if (!same) return { status: 'conflict', version: known.length }
    return { status: 'repeated', version: end, position: known[end - 1]!.position }
  }

  // Through JSON, as every store that keeps them: a test must not see a Date come back as a Date.
  const record = (
    stream: string,
    known: readonly Recorded[],
    events: readonly NewEvent[],
  ): readonly Recorded[] => {
    const recordedAt = now().toISOString()
    let previous = known.at(-1)?.hash ?? chainStart
    return events.map(({ id, type, ...rest }, index) => {
      const [data, metadata] = [JSON.stringify(rest.data), JSON.stringify(rest.metadata)]
      const version = known.length + index + 1
      const position = positionOf(log.length + index + 1)
      previous = eventHash(
        previous,
        { stream, version, id, type, recordedAt, data, metadata },
        nodeCrypto.hash,
      )
      const parsed = { data: JSON.parse(data), metadata: JSON.parse(metadata) }
      return { id, type, ...parsed, stream, version, position, recordedAt, hash: previous }
    })
  }

  async function* follow(after: string, signal: AbortSignal, batchSize = 500) {
    let read = Number(after)
    while (!signal.aborted && !closed) {
      const events = log.slice(read, read + batchSize)
      read += events.length
      if (events.length > 0) yield events
      else await sleep(signal)
    }
  }

  const appendChecked: EventStore['append'] = async (stream, expectedVersion, events) => {
    if (events.length === 0) throw new RangeError('An append needs at least one event')
    return append(stream, expectedVersion, events)
  }

  return {
    read: async (stream, afterVersion = 0) => (streams.get(stream) ?? []).slice(afterVersion),
    append: appendChecked,
    appendInOrder: (appends) => oneAfterTheOther(appendChecked, appends),
    readAll: async (after, limit) => log.slice(Number(after), Number(after) + limit),
    follow,
    head: async () => positionOf(log.length),
    close: async () => {
      closed = true
      wake()
    },
  }
}
