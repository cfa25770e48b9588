// The webhook process over a memory store and a real queue file, with a virtual clock and a receiver that is a function.
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { sqliteWebhookQueue } from '../../src/adapters/sqlite/webhookQueue.ts'
import { createDeliveries, ownProgress, type Progress } from '../../src/adapters/webhooks/deliveries.ts'
import type { Post } from '../../src/adapters/webhooks/post.ts'
import { composer } from '../../src/adapters/webhooks/request.ts'
import { signingKeys } from '../../src/adapters/webhooks/signingKeys.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../src/domain/gateway.ts'
import type { WebhookQueue } from '../../src/domain/webhooks/webhookQueue.ts'
import type { VirtualTime } from './virtualTime.ts'

let ids = 0
const newEventId = () => `019a3c5e-0000-7000-8000-${String(++ids).padStart(12, '0')}`

export type World = { readonly time: VirtualTime; readonly store: EventStore; readonly gateway: Gateway }

export function openWorld(time: VirtualTime): World {
  const store = memoryEventStore({ now: time.now })
  const gateway = openGateway({ store, newEventId, cache: { get: () => undefined, set: () => {} } })
  return { time, store, gateway }
}

/** An event of a payment's stream, appended as it is: the webhook process does not look behind it. */
export async function record(
  { store }: World,
  type: string,
  paymentId: string,
  data: object = {},
): Promise<void> {
  const stream = `payment-${paymentId}`
  const { length } = await store.read(stream)
  await store.append(stream, length, [{ id: newEventId(), type, data, metadata: {} }])
}

/** A payment id of a merchant: five characters, a number, and a character where the check character stands. */
export const paymentOf = (merchantId: string, number: number): string =>
  `pay_${merchantId.slice(4)}${String(number).padStart(12, '0')}0`

export async function register({ gateway, time }: World, endpointId: string, changes: object = {}) {
  const data = {
    merchantId: `mer_${endpointId.slice(4, 9)}`,
    url: `https://${endpointId.slice(9).toLowerCase()}.example/`,
    events: ['payment.paid'],
    payload: 'thin',
    signature: 'v1',
    registeredAt: time.now().toISOString(),
    ...changes,
  } as const
  const outcome = await gateway.webhookEndpoints.handle(
    endpointId,
    { type: 'RegisterWebhookEndpoint', data },
    {},
  )
  if (!outcome.ok) throw new Error(outcome.rejection)
}

export type WebhookProcess = {
  readonly queue: WebhookQueue
  /** Counts all there is in the log, in batches of such a size, and wakes the deliveries. */
  readonly read: (batchSize?: number) => Promise<void>
  readonly outcomes: string[]
  /** Looks at every endpoint that has something to deliver. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

/** `around` puts something between the process and its queue. */
export function startProcess(
  { time, store, gateway }: World,
  queueFile: string,
  post: Post,
  around: (queue: WebhookQueue) => WebhookQueue = (queue) => queue,
  progressOf: (queue: WebhookQueue) => Progress = ownProgress,
): WebhookProcess {
  const queue = around(sqliteWebhookQueue(queueFile))
  const outcomes: string[] = []
  const deliveries = createDeliveries({
    queue,
    progress: progressOf(queue),
    endpoints: gateway.webhookEndpoints,
    compose: composer({
      readStream: (stream) => store.read(stream),
      publicUrl: 'http://gateway.test',
      keys: signingKeys(nodeCrypto, new Uint8Array(32).fill(7)),
      now: time.now,
    }),
    post,
    now: time.now,
    wait: time.wait,
    chance: () => 0,
    count: (outcome) => outcomes.push(outcome),
    log: { error: () => {}, debug: () => {} },
  })
  let position = queue.checkpoint()
  deliveries.wake(queue.waiting())
  return {
    queue,
    outcomes,
    wake: () => deliveries.wake(queue.waiting()),
    read: async (batchSize = 1_000) => {
      for (;;) {
        const events = await store.readAll(position, batchSize)
        if (events.length === 0) return
        deliveries.wake(queue.take(events))
        position = events.at(-1)!.position
      }
    },
    stop: async () => {
      await deliveries.stop()
      queue.close()
    },
  }
}
