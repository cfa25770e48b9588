// The queue port: every endpoint's messages by number, and how far each lane has come. Kept by an adapter, counted from the log.
import type { Recorded } from '../core/eventStore.ts'
import type { Lane } from './delivery.ts'
import type { WebhookMessage } from './numbering.ts'

export type LaneKind = 'live' | 'replay'

export type WebhookQueue = {
  /** The position counted last. */
  readonly checkpoint: () => string
  /**
   * Counts a batch of the log: numbers, lanes and checkpoint change together or not at all, and events that were counted
   * before change nothing. Answers the endpoints for which there may be something to do.
   */
  readonly take: (events: readonly Recorded[]) => ReadonlySet<string>
  readonly endpointsOf: (merchantId: string) => readonly string[]
  /** Endpoints that have messages not yet delivered. */
  readonly waiting: () => readonly string[]
  readonly lastSequence: (endpointId: string) => number
  readonly messages: (endpointId: string, from: number, limit: number) => readonly WebhookMessage[]
  /** The live lane, or the oldest replay; undefined when there is none. */
  readonly lane: (endpointId: string, kind: LaneKind) => Lane | undefined
  readonly replays: (endpointId: string) => readonly Lane[]
  /** Puts `after` in place of `before`, unless the lane has changed meanwhile. A finished lane is removed. */
  readonly advance: (endpointId: string, before: Lane, after: Lane) => void
  readonly close: () => void
}
