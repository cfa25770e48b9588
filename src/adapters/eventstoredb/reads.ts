// Reading EventStoreDB: a stream, the whole log in pages, and where the log ends.
import {
  BACKWARDS,
  type Direction,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type ReadPosition,
  type RecordedEvent,
  type StreamingRead,
} from '@eventstore/db-client'
import type { Recorded } from '../../domain/core/eventStore.ts'
import { isNotFound, noAnswer } from './errors.ts'
import { decodePosition, decodeRecord } from './eventRecord.ts'

const pageMax = 4_096
const requiresLeader = true // another node may not have yet what was just written

/** Each is one try: it rejects with the client's error. */
export type Reads = {
  /** A stream's records from a version on, at most `limit`; none for an unknown stream. */
  readonly records: (stream: string, fromVersion: number, limit?: number) => Promise<readonly RecordedEvent[]>
  readonly lastRecord: (stream: string) => Promise<RecordedEvent | undefined>
  readonly readAll: (after: string, limit: number) => Promise<readonly Recorded[]>
  readonly head: () => Promise<string>
  readonly decode: (record: RecordedEvent) => Recorded
}

/** `silenceMs`: how long to wait for the next event of a read; the client itself would wait for ever. */
export function createReads(client: EventStoreDBClient, prefix: string, silenceMs: number): Reads {
  const isOurs = ({ streamId }: RecordedEvent): boolean => streamId.startsWith(prefix)
  const decode = (record: RecordedEvent): Recorded => decodeRecord(record, prefix)

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
      return await collect(client.readStream(prefix + stream, { ...options, requiresLeader }))
    } catch (error) {
      if (isNotFound(error)) return []
      throw error
    }
  }

  /** Ours among the next `maxCount` of all events, and where to go on, undefined at the end. A read begins with the event at its position. */
  async function page(fromPosition: ReadPosition, maxCount: number, direction: Direction = FORWARDS) {
    const records = await collect(client.readAll({ fromPosition, maxCount, direction, requiresLeader }))
    const next = records.length < maxCount ? undefined : records.at(-1)?.position
    return { ours: records.filter(isOurs).map(decode), next }
  }

  return {
    decode,
    records: (stream, fromVersion, limit) =>
      ofStream(stream, {
        fromRevision: BigInt(fromVersion - 1),
        ...(limit !== undefined && { maxCount: limit }),
      }),
    lastRecord: async (stream) =>
      (await ofStream(stream, { fromRevision: END, direction: BACKWARDS, maxCount: 1 }))[0],
    readAll: async (after, limit) => {
      const found: Recorded[] = []
      let from: ReadPosition | undefined = decodePosition(after)
      let last = after
      for (let size = Math.min(limit + 1, pageMax); from !== undefined && found.length < limit; ) {
        const { ours, next }: Awaited<ReturnType<typeof page>> = await page(from, size)
        for (const event of ours) if (event.position > last) found.push(event)
        last = found.at(-1)?.position ?? last
        from = next
        size = Math.min(size * 2, pageMax) // the more of them are not ours, the larger the pages
      }
      return found.slice(0, limit)
    },
    head: async () => {
      let from: ReadPosition | undefined = END
      for (let size = 1; from !== undefined; size = Math.min(size * 4, pageMax) + 1) {
        const { ours, next }: Awaited<ReturnType<typeof page>> = await page(from, size, BACKWARDS)
        if (ours[0]) return ours[0].position
        from = next
      }
      return ''
    },
  }
}
