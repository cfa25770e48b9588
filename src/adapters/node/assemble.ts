// The gateway on Node: a store, the read models, the processes and the HTTP app, put together and taken apart.
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { upcasting } from '../../domain/core/upcast.ts'
import { concernsCredits, creditProcess } from '../../domain/payments/creditProcess.ts'
import { escheatCredits } from '../../domain/payments/escheatCredits.ts'
import { expirePayments } from '../../domain/payments/expirePayments.ts'
import { creditMatcher } from '../../domain/payments/matchCredit.ts'
import { sendTransfers } from '../../domain/payments/sendTransfers.ts'
import type { TransferConnector } from '../../domain/payments/transferConnector.ts'
import { daySealer } from '../../domain/proof/sealDays.ts'
import { createApp } from '../../http/app.ts'
import { connectorSecrets } from '../../http/connectorSecret.ts'
import { payerAccountIn } from '../../http/payer.ts'
import { sandboxConnectorId } from '../../http/sandbox.ts'
import { sandboxBank } from '../../http/sandboxBank.ts'
import { sandboxTransfers } from '../../http/sandboxTransfers.ts'
import type { Services, Settings } from '../../http/services.ts'
import { qrPng, qrSvg } from '../qrcode/picture.ts'
import { sqliteProcesses } from '../sqlite/processes.ts'
import { type SqliteReadModels, sqliteReadModels } from '../sqlite/readModels.ts'
import type { SetAside } from '../sqlite/setAside.ts'
import { sqliteVault } from '../sqlite/vault.ts'
import { asset } from './assets.ts'
import { callProvider } from './callProvider.ts'
import { nodeCrypto } from './crypto.ts'
import { gatewayOver } from './gatewayOver.ts'
import type { Log } from './log.ts'
import { type LogReader, type Purpose, readLog } from './logReader.ts'
import { createMetrics } from './metrics.ts'
import { type Process, purposeOf, retrySetAside } from './process.ts'
import { projectHere, projectInThread } from './projections.ts'
import { signer } from './signer.ts'
import { createWatchers } from './watchers.ts'
import { openWebhooks } from './webhooks.ts'

const expireEveryMs = 1_000
const retryEveryMs = 1_000
const sealEveryMs = 60_000
const sendEveryMs = 200
const escheatEveryMs = 60_000

export type Assembly = {
  readonly services: Services
  readonly app: ReturnType<typeof createApp>
  readonly readModels: SqliteReadModels
  readonly setAside: SetAside
  /** Stops the processes, then closes what was opened here and the store. */
  readonly stop: () => Promise<void>
}

export type Parts = {
  readonly store: EventStore
  readonly dataDir: string
  readonly settings: Settings
  readonly log: Log
  readonly now: () => Date
  /** Where the log is a file, the read models follow it in a thread of their own. */
  readonly logFile?: { readonly eventsFile: string; readonly logLevel: string }
  /** The way out for money; in the sandbox a pretend one, else none unless given. */
  readonly transferConnector?: TransferConnector
}

export async function assemble(parts: Parts): Promise<Assembly> {
  const { store: recorded, dataDir, settings, log, now, logFile, transferConnector } = parts
  const store = upcasting(recorded)
  const readModelsFile = join(dataDir, 'read-models.sqlite')
  const readModels = sqliteReadModels(readModelsFile)
  const processState = sqliteProcesses(join(dataDir, 'processes.sqlite'))
  const vault = sqliteVault(join(dataDir, 'vault.sqlite'), settings.masterKey)
  const gateway = gatewayOver(store)
  const matchCredit = creditMatcher(gateway)
  const connector = transferConnector ?? (settings.sandbox ? sandboxTransfers : undefined)
  const canSend = connector !== undefined
  const watchers = createWatchers()
  const readers: LogReader[] = []
  const lags = () => Promise.all(readers.map(({ lag }) => lag()))
  const metrics = createMetrics(lags, processState.setAside.counts)
  const webhooks = openWebhooks({ store, dataDir, gateway, settings, crypto: nodeCrypto, metrics, now, log })
  const services: Services = {
    gateway,
    matchCredit,
    readModels: readModels.queries,
    crypto: nodeCrypto,
    connectorSecret: connectorSecrets(nodeCrypto, settings.masterKey),
    vault,
    callProvider,
    sandboxBank: sandboxBank(),
    canSend,
    webhooks: webhooks.service,
    pictures: { svg: qrSvg, png: qrPng },
    now,
    readStream: (stream) => recorded.read(stream),
    readAll: recorded.readAll,
    watch: watchers.watch,
    lags,
    setAside: processState.setAside.counts,
    metrics,
    log,
    asset,
    settings,
  }

  // Requests match their own credits; this finishes what a crash cut off.
  const finishCredits = creditProcess({ ...gateway, matchCredit, now, canSend })
  const processes: readonly Process[] = [
    { name: 'matchCredits', concerns: concernsCredits, handle: finishCredits },
  ]
  const ending = new AbortController()
  const begin = (purpose: Purpose) => void readers.push(readLog(store, purpose, services, ending.signal))
  readers.push(
    logFile
      ? projectInThread({ ...logFile, readModelsFile }, store, readModels, services, ending.signal)
      : projectHere(store, readModels, services, ending.signal),
  )
  const ports = { ...processState, now, log }
  for (const one of processes) begin(purposeOf(one, ports, ending.signal))
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
  const { duePayments, dueTransfers, unappliedBefore } = readModels.queries
  const sealDays = daySealer({
    readAll: recorded.readAll,
    seals: gateway.seals,
    digest: nodeCrypto.hash,
    signer: signer(settings.masterKey),
    now,
    nextTurn,
  })
  const senderIn = (sealed: string) => {
    const notification = vault.open(sealed)
    return notification === undefined ? undefined : payerAccountIn(notification)
  }
  const termDays = settings.escheatAfterDays
  const stopTasks = [
    every(expireEveryMs, log, () => expirePayments({ payments: gateway.payments, now, duePayments })),
    every(retryEveryMs, log, async () => {
      for (const one of processes) await retrySetAside(one, store, ports)
    }),
    every(sealEveryMs, log, () => sealDays(ending.signal)),
    every(sendEveryMs, log, async () => {
      if (connector) await sendTransfers({ ...gateway, now, connector, senderIn, dueTransfers })
    }),
    every(escheatEveryMs, log, async () => {
      if (termDays) await escheatCredits({ credits: gateway.credits, now, termDays, unappliedBefore })
    }),
  ]
  if (settings.sandbox) await openSandboxBank(services)

  return {
    services,
    app: createApp(services),
    readModels,
    setAside: processState.setAside,
    stop: async () => {
      ending.abort()
      await Promise.all([...stopTasks.map((stop) => stop()), webhooks.stop()])
      await Promise.all(readers.map(({ stopped }) => stopped))
      await store.close()
      webhooks.close()
      readModels.close()
      processState.close()
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
function every(ms: number, log: Log, work: () => Promise<unknown>): () => Promise<void> {
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
