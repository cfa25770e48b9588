// How an event lies in EventStoreDB and how it comes back: data as JSON, and what else the port keeps in its metadata.
import { randomUUID } from 'node:crypto'
import type { JSONEventData, RecordedEvent } from '@eventstore/db-client'
import { eventHash } from '../../domain/core/eventHash.ts'
import {
  type Metadata,
  type NewEvent,
  type Recorded,
  StoreUnavailable,
} from '../../domain/core/eventStore.ts'
import { nodeCrypto } from '../node/crypto.ts'
import type { Positions } from './positions.ts'

/** The custom metadata of a record. */
type Envelope = {
  readonly id: string
  readonly recordedAt: string
  readonly hash: string
  readonly metadata: Metadata
  /** The position that the event came with, where a log was moved here. */
  readonly position?: string
}

/** An event as text, taken when the caller hands it over: what the caller changes later does not change it. */
export type EncodedEvent = Readonly<Record<'id' | 'type' | 'data' | 'metadata', string>>

/** Where in a stream records are to be, and what they follow. */
type Place = { readonly stream: string; readonly version: number; readonly hash: string }

export const encodeEvent = ({ id, type, data, metadata }: NewEvent): EncodedEvent => ({
  id,
  type,
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
})

/**
 * Records to append after `place`, chained. Each has an id of its own, made for this one append: by it EventStoreDB
 * knows a retry of the append. The event's id would not do: a second append of the same events would count as a retry,
 * be answered like the first, and leave nobody to know which hashes stand.
 */
export function recordsAfter(
  place: Place,
  events: readonly EncodedEvent[],
  recordedAt: string,
): readonly JSONEventData[] {
  let { version, hash } = place
  return events.map(({ id, type, data, metadata }) => {
    version += 1
    const hashed = { stream: place.stream, version, id, type, recordedAt, data, metadata }
    hash = eventHash(hash, hashed, nodeCrypto.hash)
    const envelope: Envelope = { id, recordedAt, hash, metadata: JSON.parse(metadata) }
    return {
      id: randomUUID(),
      type,
      contentType: 'application/json',
      data: JSON.parse(data),
      metadata: envelope,
    }
  })
}

export const hashOf = ({ metadata }: JSONEventData): string => (metadata as Envelope).hash

export function decodeRecord(record: RecordedEvent, prefix: string, positions: Positions): Recorded {
  const { streamId, revision, type, data } = record
  const envelope = record.metadata as Partial<Envelope> | undefined
  const { id, recordedAt, hash, metadata } = envelope ?? {}
  if (!id || !recordedAt || !hash || !metadata)
    throw new StoreUnavailable(
      `Event ${record.id} of ${streamId} was not written by a gateway: let nobody else write to streams named ${prefix}…, and delete this one`,
    )
  const kept = envelope?.position
  if (kept !== undefined) positions.found(kept, record.position)
  return {
    id,
    type,
    data: data as object,
    metadata,
    stream: streamId.slice(prefix.length),
    version: Number(revision + 1n),
    position: kept ?? positions.own(record.position),
    recordedAt,
    hash,
  }
}
