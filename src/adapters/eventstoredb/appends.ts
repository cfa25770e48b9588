// Appending to a stream of EventStoreDB: chained to what stands there, tried again without doubt, and told from a repeat.
import {
  type AppendExpectedRevision,
  type EventStoreDBClient,
  type JSONEventData,
  NO_STREAM,
  type Position,
  type RecordedEvent,
  type StreamMetadata,
} from '@eventstore/db-client'
import { LRUCache } from 'lru-cache'
import { chainStart } from '../../domain/core/eventHash.ts'
import type { AppendResult, Recorded } from '../../domain/core/eventStore.ts'
import { actualVersion } from './errors.ts'
import { type EncodedEvent, hashOf, recordsAfter } from './eventRecord.ts'
import { patiently } from './patience.ts'
import type { Positions } from './positions.ts'
import type { Reads } from './reads.ts'

const headsMax = 32_768

export type Retention = Pick<StreamMetadata, 'maxAge' | 'maxCount'>

type Parts = {
  readonly client: EventStoreDBClient
  readonly reads: Reads
  readonly prefix: string
  readonly positions: () => Positions
  readonly retention: Retention | undefined
  readonly now: () => Date
  readonly patienceMs: number
  readonly signal: AbortSignal
}

export type Appends = {
  readonly append: (
    stream: string,
    expectedVersion: number,
    events: readonly EncodedEvent[],
  ) => Promise<AppendResult>
  /** Remembers where a stream was seen to end, so that the next append need not look. */
  readonly seen: (event: Recorded | undefined) => void
}

export function createAppends(parts: Parts): Appends {
  const { client, reads, prefix, positions, retention, now, patienceMs, signal } = parts
  const heads = new LRUCache<string, { readonly version: number; readonly hash: string }>({ max: headsMax })
  const again = <T>(work: (attempt: number) => Promise<T>): Promise<T> => patiently(patienceMs, signal, work)

  /** What is recorded stays as it is, so a hash that was once right for a version always is. */
  async function hashAt(stream: string, version: number): Promise<string | undefined> {
    if (version === 0) return chainStart
    const head = heads.get(stream)
    if (head?.version === version) return head.hash
    const [record] = await again(() => reads.records(stream, version, 1))
    return record && reads.decode(record).hash
  }

  async function versionOf(stream: string): Promise<number> {
    const last = await again(() => reads.lastRecord(stream))
    return last ? reads.decode(last).version : 0
  }

  /** The position of the last record, or the version that the stream is at instead. */
  async function write(
    stream: string,
    expectedVersion: number,
    records: readonly JSONEventData[],
  ): Promise<Position | number | undefined> {
    const expectedRevision: AppendExpectedRevision =
      expectedVersion === 0 ? NO_STREAM : BigInt(expectedVersion - 1)
    try {
      return await again(async (attempt) => {
        const options = { expectedRevision, requiresLeader: true }
        const { position } = await client.appendToStream(prefix + stream, [...records], options)
        return attempt === 1 ? position : undefined // for a retry the server may not say where the first one is
      })
    } catch (error) {
      const version = actualVersion(error)
      if (version === undefined) throw error
      return version
    }
  }

  /** What stands where the records were to be: they themselves, the same events of an earlier append, or others. */
  async function settle(
    stream: string,
    expectedVersion: number,
    records: readonly JSONEventData[],
    events: readonly EncodedEvent[],
    version: number,
  ): Promise<AppendResult> {
    const found = await again(() => reads.records(stream, expectedVersion + 1, events.length))
    const end = expectedVersion + events.length
    const position = () => reads.decode(found.at(-1)!).position
    if (areThere(records, found)) return { status: 'appended', version: end, position: position() }
    const recorded = found.map(reads.decode)
    if (areThere(events, recorded)) return { status: 'repeated', version: end, position: position() }
    return { status: 'conflict', version: Math.max(version, recorded.at(-1)?.version ?? 0) }
  }

  return {
    append: async (stream, expectedVersion, events) => {
      if (expectedVersion === 0 && retention)
        await again(() => client.setStreamMetadata(prefix + stream, retention, { requiresLeader: true }))
      const hash = await hashAt(stream, expectedVersion)
      if (hash === undefined) return { status: 'conflict', version: await versionOf(stream) }
      const records = recordsAfter({ stream, version: expectedVersion, hash }, events, now().toISOString())
      const written = await write(stream, expectedVersion, records)
      const result: AppendResult =
        typeof written === 'object'
          ? {
              status: 'appended',
              version: expectedVersion + events.length,
              position: positions().own(written),
            }
          : await settle(stream, expectedVersion, records, events, written ?? 0)
      if (result.status === 'appended')
        heads.set(stream, { version: result.version, hash: hashOf(records.at(-1)!) })
      return result
    },
    seen: (event) => {
      if (!event) return
      const { stream, version, hash } = event
      if ((heads.peek(stream)?.version ?? 0) < version) heads.set(stream, { version, hash })
    },
  }
}

const areThere = (
  wanted: readonly { readonly id: string }[],
  found: readonly (RecordedEvent | Recorded)[],
): boolean => wanted.every(({ id }, index) => found[index]?.id === id)
