// The aggregates over a store as Node opens them: states kept for the streams used last, new ids from the clock and chance.
import { LRUCache } from 'lru-cache'
import type { Loaded } from '../../domain/core/commandHandling.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../domain/gateway.ts'
import { newEventId } from './eventIds.ts'

const cachedStates = 10_000

export function gatewayOver(store: EventStore): Gateway {
  const states = new LRUCache<string, Loaded<unknown>>({ max: cachedStates })
  return openGateway({
    store,
    newEventId,
    cache: { get: (stream) => states.get(stream), set: (stream, loaded) => void states.set(stream, loaded) },
  })
}
