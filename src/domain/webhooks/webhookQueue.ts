// The queue port: every endpoint's messages by number, and how far each lane has come. Kept by an adapter, counted from the log.
import type { Recorded } from '../core/eventStore.ts'
import type { EndpointLane, Lane } from './delivery.ts'
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
  /** How far lanes have come, together: of each the further of this and what was known. A replay ends those before it. */
  readonly advance: (lanes: readonly EndpointLane[]) => void
  /** Lanes in the order of their names, after one of them or from the first, also the last finished replay of each endpoint. */
  readonly lanesAfter: (after: EndpointLane | undefined, limit: number) => readonly EndpointLane[]
  readonly close: () => void
}
