// Webhooks of one object: the queue beside its log, and the deliveries, which the alarm goes on with after a pause.
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventStore } from '../../domain/core/eventStore.ts'
import type { Gateway } from '../../domain/gateway.ts'
import type { Services } from '../../http/services.ts'
import { prepared } from '../durable-object/prepared.ts'
import type { ObjectStorage } from '../durable-object/storage.ts'
import { random } from '../node/crypto.ts'
import type { Purpose } from '../node/logReader.ts'
import { webhookQueueOver } from '../sqlite/webhookCounting.ts'
import { webhookMigrations } from '../sqlite/webhookTables.ts'
import { urlFault } from '../webhooks/addresses.ts'
import { createDeliveries, ownProgress } from '../webhooks/deliveries.ts'
import { composer } from '../webhooks/request.ts'
import { signingKeys } from '../webhooks/signingKeys.ts'
import { fetchPost } from './fetchPost.ts'

type Parts = Pick<Services, 'now' | 'log' | 'settings' | 'crypto'> & {
  readonly storage: ObjectStorage
  readonly store: EventStore
  readonly gateway: Gateway
  /** An attempt was made: there may be something to wake for. */
  readonly attempted: () => void
}

export function openObjectWebhooks({
  storage,
  store,
  gateway,
  settings,
  crypto,
  now,
  log,
  attempted,
}: Parts) {
  const { sandbox, masterKey, publicUrl } = settings
  const policy = { sandbox, loopback: settings.webhookLoopback ?? sandbox }
  storage.transactionSync(() => {
    for (const text of webhookMigrations.slice(shapeOf(storage))) storage.sql.exec(text)
  })
  const queue = webhookQueueOver(
    prepared(storage.sql),
    (work) => storage.transactionSync(work),
    () => {},
  )
  const keys = signingKeys(crypto, masterKey)
  const deliveries = createDeliveries({
    queue,
    progress: ownProgress(queue),
    endpoints: gateway.webhookEndpoints,
    compose: composer({ readStream: (stream) => store.read(stream), publicUrl, keys, now }),
    post: fetchPost(policy),
    now,
    wait: briefly,
    chance: () => random(4).readUInt32BE() % 1_000,
    count: attempted,
    log,
  })
  const service: Services['webhooks'] = {
    urlFault: (url) => urlFault(url, policy),
    keyText: (endpointId, generation, scheme) => keys(endpointId, generation, scheme).text,
    queue,
  }
  const purpose: Purpose = {
    name: 'webhooks',
    lingerMs: 20,
    from: queue.checkpoint,
    handle: (events) => deliveries.wake(queue.take(events)),
  }
  return { service, purpose, goOn: () => deliveries.wake(queue.waiting()) }
}

const briefMs = 1_000

/** A timer keeps an object awake, and is paid for: after a longer pause the alarm goes on. */
const briefly = (ms: number, signal: AbortSignal): Promise<void> =>
  ms <= briefMs
    ? sleep(ms, undefined, { signal }).catch(() => {})
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** How many migrations the tables have seen. */
function shapeOf({ sql }: Pick<ObjectStorage, 'sql'>): number {
  const columns = sql.exec("select name from pragma_table_info('lanes')").toArray()
  if (columns.length === 0) return 0
  return columns.some(({ name }) => name === 'revived') ? 2 : 1
}

/** When the first delivery that failed is due again; undefined where none waits. */
export function nextDelivery({ sql }: Pick<ObjectStorage, 'sql'>, now: number): number | undefined {
  const select = `select min(not_before) as due from lanes join endpoints on endpoints.id = endpoint
    where next <= coalesce(last, sequence) and not_before > ?`
  const [row] = sql.exec(select, now).toArray()
  return typeof row?.due === 'number' ? row.due : undefined
}
