// The webhook queue over its tables, in whatever SQLite holds them: numbers, lanes and checkpoint change in one transaction, so every message is numbered once.
import type { Recorded } from '../../domain/core/eventStore.ts'
import {
  type EndpointLane,
  furtherOf,
  isFinished,
  type Lane,
  live,
  newLane,
  revived,
} from '../../domain/webhooks/delivery.ts'
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
    if (event.type === 'WebhookEndpointRegistered') addLane(endpointId, newLane(live, 1, null))
    if (event.type === 'WebhookReplayRequested')
      addLane(endpointId, newLane(event.position, event.data.from, event.data.to))
    if (event.type === 'WebhookEndpointEnabled' || event.type === 'WebhookEndpointChanged')
      for (const lane of sql.lanes(endpointId)) sql.saveLane({ ...revived(lane, event.position), endpointId })
    return endpointId
  }

  /** Another gateway may have told of it before it was counted here, or of a later replay, which ended it. */
  const addLane = (endpointId: string, lane: Lane): void => {
    const isKnown = ({ name }: Lane) => (lane.name === live ? name === live : name >= lane.name)
    if (!sql.lanes(endpointId).some(isKnown)) sql.saveLane({ ...lane, endpointId })
  }

  const replays = (endpointId: string): Lane[] =>
    sql.lanes(endpointId).filter((lane) => lane.name !== live && !isFinished(lane))

  const advance = (lane: EndpointLane): void => {
    const { endpointId, name } = lane
    const known = sql.lanes(endpointId).find((one) => one.name === name)
    sql.saveLane({ ...(known ? furtherOf(known, lane) : lane), endpointId })
    if (name !== live) sql.removeReplaysBefore(endpointId, name)
  }

  return {
    checkpoint,
    take,
    endpointsOf: sql.endpointsOf,
    waiting: sql.waiting,
    lastSequence: sql.lastSequence,
    messages: sql.messages,
    lane: (endpointId, kind) => (kind === 'live' ? sql.liveLane(endpointId) : replays(endpointId)[0]),
    replays,
    advance: (lanes) => inTransaction(() => lanes.forEach(advance)),
    lanesAfter: sql.lanesAfter,
    close,
  }
}

const isOfEndpoint = (event: Recorded): event is Recorded<WebhookEndpointEvent> =>
  event.type.startsWith('Webhook')
