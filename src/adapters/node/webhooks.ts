// Webhooks on Node, put together: the queue, the reader that counts the log into it, and the deliveries.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore, Recorded } from '../../domain/core/eventStore.ts'
import type { Gateway } from '../../domain/gateway.ts'
import type { WebhookQueue } from '../../domain/webhooks/webhookQueue.ts'
import type { Services } from '../../http/services.ts'
import { takeTurn } from '../sqlite/turn.ts'
import { sqliteWebhookQueue } from '../sqlite/webhookQueue.ts'
import { urlFault } from '../webhooks/addresses.ts'
import { createDeliveries, ownProgress } from '../webhooks/deliveries.ts'
import { dnsResolver } from '../webhooks/lookup.ts'
import { createPoster } from '../webhooks/post.ts'
import { composer } from '../webhooks/request.ts'
import { signingKeys } from '../webhooks/signingKeys.ts'
import { random } from './crypto.ts'
import type { Purpose } from './logReader.ts'
import type { Metrics } from './metrics.ts'
import { sharedProgress } from './sharedProgress.ts'

type Parts = Pick<Services, 'now' | 'log' | 'settings' | 'crypto'> & {
  readonly store: EventStore
  readonly dataDir: string
  readonly gateway: Gateway
  readonly metrics: Pick<Metrics, 'delivery'>
  /** Where other gateways, with data folders of their own, work on the same log. */
  readonly cluster?: { readonly deliversWebhooks: boolean; readonly turnStore: EventStore } | undefined
}

const lingerMs = 20
const turnEveryMs = 1_000
const graceMs = 2_000

export function openWebhooks({
  store,
  dataDir,
  gateway,
  settings,
  crypto,
  metrics,
  now,
  log,
  cluster,
}: Parts) {
  const { sandbox, masterKey, publicUrl } = settings
  const policy = { sandbox, loopback: settings.webhookLoopback ?? sandbox }
  const queue = sqliteWebhookQueue(join(dataDir, 'webhooks.sqlite'))
  const keys = signingKeys(crypto, masterKey)
  const poster = createPoster({ policy, resolve: dnsResolver() })
  const counting = countingInto(queue, store)
  const shared =
    cluster &&
    sharedProgress({
      queue,
      store: cluster.turnStore,
      wants: () => cluster.deliversWebhooks && counting.hasCaughtUp(),
      taken: () => deliveries.wake(queue.waiting()),
      ticks: () => performance.now(),
      log,
    })
  const deliveries = createDeliveries({
    queue,
    progress: shared ?? ownProgress(queue),
    endpoints: gateway.webhookEndpoints,
    compose: composer({ readStream: (stream) => store.read(stream), publicUrl, keys, now }),
    post: poster.post,
    now,
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
    chance: () => random(4).readUInt32BE() % 1_000,
    count: metrics.delivery,
    log,
  })
  const service: Services['webhooks'] = {
    urlFault: (url) => urlFault(url, policy),
    keyText: (endpointId, generation, scheme) => keys(endpointId, generation, scheme).text,
    queue,
  }

  const begin = (read: (purpose: Purpose) => void): void => {
    read({
      name: 'webhooks',
      lingerMs,
      from: queue.checkpoint,
      handle: (events) => deliveries.wake(counting.take(events)),
    })
    if (shared) sharing = shared.run(ending.signal)
    else deliveries.wake(queue.waiting())
  }
  const ending = new AbortController()
  let sharing = Promise.resolve()
  const turn = whenItsTurn(join(dataDir, 'webhooks.lock'), log)

  return {
    service,
    /**
     * Counts as soon as no other process on this folder does, and delivers, on a cluster when it is this gateway's turn.
     * `read` starts a reader of the log.
     */
    start: (read: (purpose: Purpose) => void): void => turn.start(() => begin(read)),
    /** To be called before the store closes; the readers may end after. */
    stop: async () => {
      turn.end()
      const stopped = deliveries.stop()
      await Promise.race([stopped, sleep(graceMs, undefined, { ref: false })])
      poster.close() // what is still open is sent again by the next start
      shared?.giveUp()
      await stopped
      ending.abort()
      await sharing
      await shared
        ?.leave()
        .catch((error) => log.error({ err: error }, 'the turn to deliver is left to run out'))
    },
    close: () => {
      queue.close()
      turn.release()
    },
  }
}

/** Counts the log, and knows when it has come to where the log ended first. */
function countingInto(queue: WebhookQueue, store: EventStore) {
  let counted = queue.checkpoint()
  let goal: string | undefined
  return {
    take: (events: readonly Recorded[]) => {
      const concerned = queue.take(events)
      counted = events.at(-1)!.position
      return concerned
    },
    hasCaughtUp: async () => {
      goal ??= await store.head()
      return counted >= goal
    },
  }
}

/** Calls back once, when the turn has been taken: now, or after the process that has it has ended. */
function whenItsTurn(file: string, log: Services['log']) {
  let turn: ReturnType<typeof takeTurn>
  let timer: NodeJS.Timeout | undefined
  const start = (taken: () => void): void => {
    turn = takeTurn(file)
    if (turn) taken()
    else timer = setTimeout(again, turnEveryMs, taken)
  }
  const again = (taken: () => void): void => {
    try {
      start(taken)
    } catch (error) {
      log.error({ err: error, where: file }, 'the turn to deliver webhooks cannot be taken; trying again')
      timer = setTimeout(again, turnEveryMs, taken)
    }
  }
  return { start, end: () => clearTimeout(timer), release: () => turn?.release() }
}
