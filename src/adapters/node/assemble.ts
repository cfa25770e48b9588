// The gateway on Node: a store, the read models, the processes and the HTTP app, put together and taken apart.
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { Loaded } from '../../domain/core/commandHandling.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { openGateway } from '../../domain/gateway.ts'
import { concernsCredits, creditProcess } from '../../domain/payments/creditProcess.ts'
import { expirePayments } from '../../domain/payments/expirePayments.ts'
import { creditMatcher } from '../../domain/payments/matchCredit.ts'
import { createApp } from '../../http/app.ts'
import { connectorSecrets } from '../../http/connectorSecret.ts'
import { sandboxConnectorId } from '../../http/sandbox.ts'
import type { Services, Settings } from '../../http/services.ts'
import { qrPng, qrSvg } from '../qrcode/picture.ts'
import { sqliteReadModels } from '../sqlite/readModels.ts'
import { sqliteVault } from '../sqlite/vault.ts'
import { asset } from './assets.ts'
import { nodeCrypto } from './crypto.ts'
import { newEventId } from './eventIds.ts'
import type { Log } from './log.ts'
import { type LogReader, type Purpose, readLog } from './logReader.ts'
import { createMetrics } from './metrics.ts'
import { createWatchers } from './watchers.ts'
import { openWebhooks } from './webhooks.ts'

const cachedStates = 10_000
const expireEveryMs = 1_000

export type Assembly = {
  readonly services: Services
  readonly app: ReturnType<typeof createApp>
  readonly readModels: ReturnType<typeof sqliteReadModels>
  /** Stops the processes, then closes what was opened here and the store. */
  readonly stop: () => Promise<void>
}

export type Parts = {
  readonly store: EventStore
  readonly dataDir: string
  readonly settings: Settings
  readonly log: Log
  readonly now: () => Date
}

export async function assemble({ store, dataDir, settings, log, now }: Parts): Promise<Assembly> {
  const readModels = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  const vault = sqliteVault(join(dataDir, 'vault.sqlite'), settings.masterKey)
  const states = new LRUCache<string, Loaded<unknown>>({ max: cachedStates })
  const gateway = openGateway({
    store,
    newEventId,
    cache: { get: (stream) => states.get(stream), set: (stream, loaded) => void states.set(stream, loaded) },
  })
  const matchCredit = creditMatcher(gateway)
  const watchers = createWatchers()
  const readers: LogReader[] = []
  const lags = () => Promise.all(readers.map(({ lag }) => lag()))
  const metrics = createMetrics(lags)
  const webhooks = openWebhooks({ store, dataDir, gateway, settings, crypto: nodeCrypto, metrics, now, log })
  const services: Services = {
    gateway,
    matchCredit,
    readModels: readModels.queries,
    crypto: nodeCrypto,
    connectorSecret: connectorSecrets(nodeCrypto, settings.masterKey),
    vault,
    webhooks: webhooks.service,
    pictures: { svg: qrSvg, png: qrPng },
    now,
    readStream: (stream) => store.read(stream),
    watch: watchers.watch,
    lags,
    metrics,
    log,
    asset,
    settings,
  }

  const finishCredits = creditProcess({ credits: gateway.credits, matchCredit })
  const ending = new AbortController()
  const begin = (purpose: Purpose) => void readers.push(readLog(store, purpose, services, ending.signal))
  const { projector, processCheckpoint } = readModels
  begin({ name: 'projections', from: projector.checkpoint, handle: projector.apply, lingerMs: 50 })
  begin({
    name: 'matchCredits',
    lingerMs: 50, // requests match their own credits; this finishes what a crash cut off
    from: () => processCheckpoint.load('matchCredits'),
    handle: async (events) => {
      await Promise.all(events.filter(concernsCredits).map(finishCredits))
      processCheckpoint.save('matchCredits', events.at(-1)!.position)
    },
  })
  begin({
    name: 'watchers',
    lingerMs: 10,
    from: store.head, // nobody waits for what was there before
    handle: (events) => {
      watchers.tell(events)
      metrics.count(events)
    },
  })
  webhooks.start(begin)
  const stopExpiring = every(expireEveryMs, log, async () => {
    await expirePayments({ payments: gateway.payments, now, duePayments: readModels.queries.duePayments })
  })
  if (settings.sandbox) await openSandboxBank(services)

  return {
    services,
    app: createApp(services),
    readModels,
    stop: async () => {
      ending.abort()
      await Promise.all([stopExpiring(), webhooks.stop()])
      await Promise.all(readers.map(({ stopped }) => stopped))
      await store.close()
      webhooks.close()
      readModels.close()
      vault.close()
    },
  }
}

async function openSandboxBank({ gateway, now }: Services): Promise<void> {
  const data = { kind: 'sandbox', name: 'Sandbox bank', registeredAt: now().toISOString() } as const
  await gateway.connectors.handle(
    sandboxConnectorId,
    { type: 'RegisterConnector', data },
    { actor: 'sandbox' },
    { expectNew: true },
  )
}

/** Does the work, waits, and again, one at a time; the returned function stops it and waits for the work under way. */
function every(ms: number, log: Log, work: () => Promise<void>): () => Promise<void> {
  let timer: NodeJS.Timeout
  let running = Promise.resolve()
  const round = () => {
    running = work()
      .catch((error) => log.error({ err: error }, 'a periodic task failed; it will be tried again'))
      .then(() => {
        timer = setTimeout(round, ms)
      })
  }
  round()
  return async () => {
    await running
    clearTimeout(timer)
  }
}
