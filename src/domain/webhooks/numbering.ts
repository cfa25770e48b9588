// The sequence of an endpoint's messages, counted from the log alone: whoever counts the same log gets the same numbers.
import type { Recorded } from '../core/eventStore.ts'
import { messageEntry } from './messageTypes.ts'
import type { WebhookEndpointEvent } from './webhookEndpoint.ts'

/** An endpoint as the counting knows it: what it wants, and how far it has come. */
export type Counter = {
  readonly endpointId: string
  readonly merchantId: string
  readonly events: readonly string[]
  /** The number and id of its last message; 0 and null before the first. */
  readonly sequence: number
  readonly lastId: string | null
}

/** One event as a message to one endpoint. */
export type WebhookMessage = {
  readonly endpointId: string
  readonly sequence: number
  readonly id: string
  readonly previousId: string | null
  readonly type: string
  /** When it happened. */
  readonly timestamp: string
  readonly ids: Readonly<Record<string, string>>
  /** Where the event is in the log. */
  readonly stream: string
  readonly version: number
  readonly position: string
}

export type Numbering = {
  /** The messages that the next event of the log becomes; none for most. */
  readonly next: (event: Recorded) => readonly WebhookMessage[]
  readonly counter: (endpointId: string) => Counter | undefined
}

const endpointPrefix = 'Webhook'

/** Counts on from where the counters stand. An endpoint is numbered from the event after its registration. */
export function numbering(counters: Iterable<Counter>): Numbering {
  const byEndpoint = new Map<string, Counter>()
  const byMerchant = new Map<string, Set<string>>()

  const keep = (counter: Counter): void => {
    byEndpoint.set(counter.endpointId, counter)
    const own = byMerchant.get(counter.merchantId) ?? new Set()
    byMerchant.set(counter.merchantId, own.add(counter.endpointId))
  }
  for (const counter of counters) keep(counter)

  const endpointsOf = (merchantId: string | undefined): Iterable<string> =>
    (merchantId !== undefined && byMerchant.get(merchantId)) || []

  const message = (event: Recorded, endpointId: string, type: string, ids: WebhookMessage['ids']) => {
    const counter = byEndpoint.get(endpointId)!
    if (!counter.events.includes(type)) return []
    const { sequence, lastId: previousId } = counter
    const id = `msg_${event.id}` // one event, one message: the same id for every endpoint, attempt and replay
    byEndpoint.set(endpointId, { ...counter, sequence: sequence + 1, lastId: id })
    const timestamp = event.metadata.occurredAt ?? event.recordedAt
    const { stream, version, position } = event
    return [
      { endpointId, sequence: sequence + 1, id, previousId, type, timestamp, ids, stream, version, position },
    ]
  }

  const next = (event: Recorded): readonly WebhookMessage[] => {
    if (event.type.startsWith(endpointPrefix)) {
      const counter = followed(byEndpoint, event as Recorded<WebhookEndpointEvent>)
      if (counter) keep(counter)
      return []
    }
    if (byEndpoint.size === 0) return [] // the usual case costs nothing
    const entry = messageEntry(event.type)
    const subject = entry?.subjectOf(event)
    if (!subject) return []
    const { merchantId, agentId } = subject
    return [...endpointsOf(merchantId), ...endpointsOf(agentId)].flatMap((endpointId) =>
      message(event, endpointId, entry!.type, subject.ids),
    )
  }

  return { next, counter: (endpointId) => byEndpoint.get(endpointId) }
}

/** The counter after an event of its endpoint, where that changes it. */
function followed(
  counters: ReadonlyMap<string, Counter>,
  event: Recorded<WebhookEndpointEvent>,
): Counter | undefined {
  const endpointId = event.stream.slice('webhook-'.length)
  if (event.type === 'WebhookEndpointRegistered') {
    const { merchantId, events } = event.data
    return { endpointId, merchantId, events, sequence: 0, lastId: null }
  }
  const known = counters.get(endpointId)
  if (!known || event.type !== 'WebhookEndpointChanged') return undefined
  return { ...known, events: event.data.events }
}
