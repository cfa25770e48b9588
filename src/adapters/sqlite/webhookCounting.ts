// The webhook queue over its tables, in whatever SQLite holds them: numbers, lanes and checkpoint change in one transaction, so every message is numbered once.
import type { Recorded } from '../../domain/core/eventStore.ts'
import { isFinished, live, newLane, revived } from '../../domain/webhooks/delivery.ts'
import { type Numbering, numbering, type WebhookMessage } from '../../domain/webhooks/numbering.ts'
import type { WebhookEndpointEvent } from '../../domain/webhooks/webhookEndpoint.ts'
import type { WebhookQueue } from '../../domain/webhooks/webhookQueue.ts'
import type { StatementsOf } from './setAside.ts'
import { prepareWebhookStatements } from './webhookTables.ts'

/** While nothing concerns an endpoint, the checkpoint is written only so often: reading on from an older one is harmless. */
const idleEventsMax = 5_000

export function webhookQueueOver(
  database: StatementsOf,
  inTransaction: (work: () => void) => void,
  close: () => void,
): WebhookQueue {
  const sql = prepareWebhookStatements(database)
  let counting: Numbering | undefined
  let idle = 0

  const checkpoint = (): string => {
    counting = numbering(sql.counters())
    return sql.checkpoint()
  }

  const take = (events: readonly Recorded[]): ReadonlySet<string> => {
    if (!counting) throw new Error('ask for the checkpoint first: the counting goes on from there')
    try {
      return count(counting, events)
    } catch (error) {
      counting = undefined // it may be ahead of what is stored
      throw error
    }
  }

  const count = (counters: Numbering, events: readonly Recorded[]): ReadonlySet<string> => {
    const concerned: [Recorded, readonly WebhookMessage[]][] = []
    for (const event of events) {
      const messages = counters.next(event)
      if (messages.length > 0 || isOfEndpoint(event)) concerned.push([event, messages])
    }
    idle += events.length
    const touched = new Set<string>()
    if (concerned.length === 0 && idle < idleEventsMax) return touched
    inTransaction(() => {
      for (const [event, messages] of concerned) {
        if (isOfEndpoint(event)) touched.add(followEndpoint(event))
        for (const message of messages) {
          sql.addMessage(message)
          touched.add(message.endpointId)
        }
      }
      for (const endpointId of touched) sql.saveCounter(counters.counter(endpointId)!)
      sql.saveCheckpoint(events.at(-1)!.position)
    })
    idle = 0
    return touched
  }

  const followEndpoint = (event: Recorded<WebhookEndpointEvent>): string => {
    const endpointId = event.stream.slice('webhook-'.length)
    if (event.type === 'WebhookEndpointRegistered') sql.addLane(endpointId, newLane(live, 1, null))
    if (event.type === 'WebhookReplayRequested')
      sql.addLane(endpointId, newLane(event.position, event.data.from, event.data.to))
    if (event.type === 'WebhookEndpointEnabled' || event.type === 'WebhookEndpointChanged')
      for (const lane of sql.lanes(endpointId)) sql.updateLane(endpointId, lane, revived(lane))
    return endpointId
  }

  return {
    checkpoint,
    take,
    endpointsOf: sql.endpointsOf,
    waiting: sql.waiting,
    lastSequence: sql.lastSequence,
    messages: sql.messages,
    lane: (endpointId, kind) =>
      kind === 'live' ? sql.liveLane(endpointId) : sql.lanes(endpointId).find(({ name }) => name !== live),
    replays: (endpointId) => sql.lanes(endpointId).filter(({ name }) => name !== live),
    advance: (endpointId, before, after) => {
      if (isFinished(after)) sql.removeLane(endpointId, before)
      else sql.updateLane(endpointId, before, after)
    },
    close,
  }
}

const isOfEndpoint = (event: Recorded): event is Recorded<WebhookEndpointEvent> =>
  event.type.startsWith('Webhook')
