// Reading EventStoreDB: a stream, the whole log, and where the log ends.
import {
  BACKWARDS,
  END,
  type EventStoreDBClient,
  type RecordedEvent,
  type StreamingRead,
} from '@eventstore/db-client'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { isNotFound, noAnswer } from './errors.ts'
import { decodeRecord } from './eventRecord.ts'
import type { Positions } from './positions.ts'
import { createWholeLog } from './wholeLog.ts'

const requiresLeader = true // another node may not have yet what was just written

/** Each is one try: it rejects with the client's error. */
export type Reads = {
  /** A stream's records from a version on, at most `limit`; none for an unknown stream. */
  readonly records: (stream: string, fromVersion: number, limit?: number) => Promise<readonly RecordedEvent[]>
  /** A stream that is not one of the log's. */
  readonly others: (stream: string) => Promise<readonly RecordedEvent[]>
  readonly lastRecord: (stream: string) => Promise<RecordedEvent | undefined>
  readonly readAll: (after: string, limit: number) => Promise<readonly Recorded[]>
  readonly head: () => Promise<string>
  readonly decode: (record: RecordedEvent) => Recorded
}

/** `positions` is asked once they are known. `silenceMs`: how long to wait for the next event of a read; the client itself would wait for ever. */
export function createReads(
  client: EventStoreDBClient,
  prefix: string,
  silenceMs: number,
  positions: () => Positions,
): Reads {
  const isOurs = ({ streamId }: RecordedEvent): boolean => streamId.startsWith(prefix)
  const decode = (record: RecordedEvent): Recorded => decodeRecord(record, prefix, positions())

  async function collect(reading: StreamingRead<{ readonly event?: RecordedEvent }>) {
    const found: RecordedEvent[] = []
    reading.on('error', () => {}) // also those that come when nobody reads any more
    const timer = setTimeout(() => {
      reading.destroy(noAnswer('a read'))
      reading.cancel().catch(() => {})
    }, silenceMs)
    try {
      for await (const { event } of reading) {
        timer.refresh()
        if (event) found.push(event)
      }
      return found
    } finally {
      clearTimeout(timer)
    }
  }

  const ofStream = async (
    stream: string,
    options: NonNullable<Parameters<EventStoreDBClient['readStream']>[1]>,
  ): Promise<readonly RecordedEvent[]> => {
    try {
      return await collect(client.readStream(stream, { ...options, requiresLeader }))
    } catch (error) {
      if (isNotFound(error)) return []
      throw error
    }
  }

  const { readAll, head } = createWholeLog(
    (fromPosition, maxCount, direction) =>
      collect(client.readAll({ fromPosition, maxCount, direction, requiresLeader })),
    { isOurs, decode, startAfter: (position) => positions().startAfter(position) },
  )

  return {
    decode,
    others: (stream) => ofStream(stream, {}),
    records: (stream, fromVersion, limit) =>
      ofStream(prefix + stream, {
        fromRevision: BigInt(fromVersion - 1),
        ...(limit !== undefined && { maxCount: limit }),
      }),
    lastRecord: async (stream) =>
      (await ofStream(prefix + stream, { fromRevision: END, direction: BACKWARDS, maxCount: 1 }))[0],
    readAll,
    head,
  }
}
