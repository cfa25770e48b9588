// The event store port: what every store must do, and what test/contract/eventStore.contract.ts asserts of each.
import type { Event } from './decider.ts'

/** Facts about an event that are not the event: who, when, and because of what. */
export type Metadata = {
  /** When it happened, RFC 3339 UTC, where that is not when it was recorded. */
  readonly occurredAt?: string
  /** The key id that asked for it (never the key), or the name of the process. */
  readonly actor?: string
  /** The whole story this belongs to. */
  readonly correlationId?: string
  /** The event that directly caused it. */
  readonly causationId?: string
  /** The caller's name for the one intention: a second command with it adds nothing. */
  readonly commandId?: string
  /** Hash of the request body that made it: the same idempotency key with another body is refused. */
  readonly requestHash?: string
  /** Which shape the event's data has, where it is not the first that its type had. */
  readonly shape?: number
  /** W3C trace context. */
  readonly traceparent?: string
}

/** An event to append. The id (UUIDv7) is the caller's: the same ids again are recognized, not appended twice. */
export type NewEvent<E extends Event = Event> = E & { readonly id: string; readonly metadata: Metadata }

/** An event as stored. */
export type Recorded<E extends Event = Event> = NewEvent<E> & {
  /** `category-id`, e.g. `payment-pay_…`. */
  readonly stream: string
  /** Place in the stream, from 1. */
  readonly version: number
  /** Place in the whole log: opaque, compared as a string, the same length in one store. */
  readonly position: string
  /** When the store took it, RFC 3339 UTC. */
  readonly recordedAt: string
  /** Over the event and the hash before it in the stream (eventHash.ts): what was changed later shows. */
  readonly hash: string
}

/**
 * `appended` once it is durable; `repeated` when these very ids already stand right after the expected version;
 * `conflict` with the real version. Version and position are those of the last event appended, then or now.
 */
export type AppendResult =
  | { readonly status: 'appended' | 'repeated'; readonly version: number; readonly position: string }
  | { readonly status: 'conflict'; readonly version: number }

/** Events for one stream, if it is at the expected version. */
export type StreamAppend = {
  readonly stream: string
  readonly expectedVersion: number
  readonly events: readonly NewEvent[]
}

export type EventStore = {
  /** The events of a stream after a version, in order. An unknown stream is empty. */
  readonly read: (stream: string, afterVersion?: number) => Promise<readonly Recorded[]>
  /**
   * All or none of one or more events (none at all is a RangeError), if the stream is at the expected version (0: no
   * stream). Resolves when durable. Events are kept as JSON: undefined is dropped and a Date comes back as text.
   */
  readonly append: (
    stream: string,
    expectedVersion: number,
    events: readonly NewEvent[],
  ) => Promise<AppendResult>
  /**
   * Several appends, each only if the one before it was `appended`; answers those that were tried. A store that has
   * transactions does it in one, so that they are durable together; `oneAfterTheOther` is for one that has none.
   */
  readonly appendInOrder: (appends: readonly StreamAppend[]) => Promise<readonly AppendResult[]>
  /** Up to `limit` events of the whole log after a position ('' : from the start), in order. */
  readonly readAll: (after: string, limit: number) => Promise<readonly Recorded[]>
  /** Batches of all events after a position, then every later one as it comes, each once and in order, until aborted. */
  readonly follow: (
    after: string,
    signal: AbortSignal,
    batchSize?: number,
  ) => AsyncIterable<readonly Recorded[]>
  /** The position of the last event, '' when there is none. */
  readonly head: () => Promise<string>
  /** Answers the appends that wait and ends the followers. */
  readonly close: () => Promise<void>
}

/** `appendInOrder` for a store without transactions over several streams: one after the other. */
export async function oneAfterTheOther(
  append: EventStore['append'],
  appends: readonly StreamAppend[],
): Promise<readonly AppendResult[]> {
  const results: AppendResult[] = []
  for (const { stream, expectedVersion, events } of appends) {
    const result = await append(stream, expectedVersion, events)
    results.push(result)
    if (result.status !== 'appended') break
  }
  return results
}

/** The store takes no more appends for now: try again after a moment. */
export class StoreBusy extends Error {
  override name = 'StoreBusy'
}

/** The store cannot be opened or written (held by another process, corrupt, full, read-only); the message says which and what to do. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}
