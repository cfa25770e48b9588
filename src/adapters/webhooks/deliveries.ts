// The process deliverWebhooks: every lane on its own, one message at a time, the next only after the last was acknowledged.
import type { Gateway } from '../../domain/gateway.ts'
import {
  type Attempt,
  type AttemptOutcome,
  afterAttempt,
  type EndpointLane,
  isExhausted,
  type Lane,
  outcomeOf,
} from '../../domain/webhooks/delivery.ts'
import type { WebhookMessage } from '../../domain/webhooks/numbering.ts'
import type { RegisteredWebhookEndpoint } from '../../domain/webhooks/webhookEndpoint.ts'
import type { LaneKind, WebhookQueue } from '../../domain/webhooks/webhookQueue.ts'
import type { Services } from '../../http/services.ts'
import type { Post } from './post.ts'
import type { Compose } from './request.ts'
import { createSlots } from './slots.ts'

/** Who sends, and how far it has come: known to one process alone, or to several that go on from one another. */
export type Progress = {
  /** Whether this process may send now. */
  readonly isMine: () => boolean
  /** Keeps how far a lane has come; false where another process sends now, and goes on from what it knows. */
  readonly keep: (lane: EndpointLane) => Promise<boolean>
}

/** Of a process that nobody goes on from while it lives. */
export const ownProgress = (queue: Pick<WebhookQueue, 'advance'>): Progress => ({
  isMine: () => true,
  keep: async (lane) => {
    queue.advance([lane])
    return true
  },
})

type DeliveryPorts = {
  readonly queue: WebhookQueue
  readonly progress: Progress
  readonly endpoints: Gateway['webhookEndpoints']
  readonly compose: Compose
  readonly post: Post
  readonly now: () => Date
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** A whole number from 0 to 999. */
  readonly chance: () => number
  readonly count: (outcome: AttemptOutcome) => void
  readonly log: Services['log']
}

type Deliveries = {
  /** There may be something to do for these endpoints. */
  readonly wake: (endpointIds: Iterable<string>) => void
  /** Starts nothing more; resolves when what was open is answered. What was not is sent again by the next start. */
  readonly stop: () => Promise<void>
}

const openMax = 256
const openPerHostMax = 16
const pauseMs = 1_000
const laneKinds: readonly LaneKind[] = ['live', 'replay']

/** A lane at work. `again`: something changed since it last looked. */
type Worker = { again: boolean; awake: () => void; readonly done: Promise<void> }

export function createDeliveries(ports: DeliveryPorts): Deliveries {
  const slots = createSlots(openMax, openPerHostMax)
  const stopping = new AbortController()
  const workers = new Map<string, Worker>()

  const wakeLane = (endpointId: string, kind: LaneKind): void => {
    const key = `${endpointId} ${kind}`
    const known = workers.get(key)
    if (known) {
      known.again = true
      known.awake()
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const worker: Worker = { again: false, awake: () => {}, done: promise }
    workers.set(key, worker)
    void work(endpointId, kind, worker).then(() => {
      workers.delete(key)
      resolve()
      if (worker.again && !stopping.signal.aborted) wakeLane(endpointId, kind)
    })
  }

  async function work(endpointId: string, kind: LaneKind, worker: Worker): Promise<void> {
    while (!stopping.signal.aborted) {
      worker.again = false
      try {
        const waitMs = await step(endpointId, kind)
        if (waitMs === 'idle') return
        if (waitMs > 0 && !worker.again) await sleep(waitMs, worker)
      } catch (error) {
        ports.log.error(
          { err: error, where: `webhook ${endpointId}` },
          'a delivery failed here; trying again',
        )
        await sleep(pauseMs, worker)
      }
    }
  }

  async function sleep(ms: number, worker: Worker): Promise<void> {
    const waking = new AbortController()
    worker.awake = () => waking.abort()
    await ports.wait(ms, AbortSignal.any([waking.signal, stopping.signal]))
    worker.awake = () => {}
  }

  /** One attempt, if one is due: how long to wait before the next look, or `idle` until something changes. */
  async function step(endpointId: string, kind: LaneKind): Promise<number | 'idle'> {
    const { queue, progress, endpoints, now } = ports
    if (!progress.isMine()) return 'idle'
    const lane = queue.lane(endpointId, kind)
    const message = lane && queue.messages(endpointId, lane.next, 1)[0]
    if (!message || isExhausted(lane)) return 'idle' // exhausted: disabled, and perhaps about to be enabled again
    const waitMs = lane.notBefore - now().getTime()
    if (waitMs > 0) return waitMs
    const { state } = await endpoints.load(endpointId)
    if (state.status !== 'enabled') return 'idle'
    const attempt = await send(message, state, kind)
    if (!attempt) return 'idle'
    const isCutOff = stopping.signal.aborted || !progress.isMine() // here, and not by the receiver
    if (isCutOff && outcomeOf(attempt) !== 'delivered') return 'idle'
    return (await settle(endpointId, lane, attempt)) ? 0 : 'idle'
  }

  const send = (
    message: WebhookMessage,
    endpoint: RegisteredWebhookEndpoint,
    kind: LaneKind,
  ): Promise<Attempt | undefined> => {
    const url = new URL(endpoint.url)
    return slots.use(url.host, async () => {
      if (!ports.progress.isMine()) return undefined // a slot may have been long in coming
      const { headers, body } = await ports.compose(message, endpoint, kind === 'replay')
      return ports.post(url, headers, body)
    })
  }

  async function settle(endpointId: string, before: Lane, attempt: Attempt): Promise<boolean> {
    const { progress, endpoints, now, chance, count } = ports
    const { lane, disable } = afterAttempt(before, attempt, now(), chance())
    if (disable) {
      const data = { reason: disable, disabledAt: now().toISOString() }
      const command = { type: 'DisableWebhookEndpoint', data } as const
      const outcome = await endpoints.handle(endpointId, command, { actor: 'deliverWebhooks' })
      if (!outcome.ok) throw new Error(`${endpointId} cannot be disabled: ${outcome.rejection}`)
    }
    count(outcomeOf(attempt))
    return progress.keep({ ...lane, endpointId }) // last: a crash before it only repeats the attempt
  }

  return {
    wake: (endpointIds) => {
      if (stopping.signal.aborted) return
      for (const endpointId of endpointIds) for (const kind of laneKinds) wakeLane(endpointId, kind)
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([...workers.values()].map(({ done }) => done))
    },
  }
}
