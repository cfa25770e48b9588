// The gateway on Node: a store, the read models, the processes and the HTTP app, put together and taken apart.
import { join } from 'node:path'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paperBillPayer } from '../../domain/bills/paperBill.ts'
import { billProcess, concernsBills } from '../../domain/bills/payBills.ts'
import { complaintProcess, concernsComplaints } from '../../domain/complaints/resolveComplaints.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { readable } from '../../domain/knownEvents.ts'
import { concernsMandates, mandateProcess } from '../../domain/mandates/announceDebits.ts'
import type { DebitConnector } from '../../domain/mandates/debitConnector.ts'
import { concernsCredits, creditProcess } from '../../domain/payments/creditProcess.ts'
import { creditMatcher } from '../../domain/payments/matchCredit.ts'
import type { TransferConnector } from '../../domain/payments/transferConnector.ts'
import { concernsFulfillment, fulfillmentProcess } from '../../domain/pos/dispenseOrRefund.ts'
import { feeBook } from '../../domain/settlement/feeBook.ts'
import { createApp } from '../../http/app.ts'
import { sectorGroupsAt } from '../../http/asKnown.ts'
import { connectorSecrets } from '../../http/connectorSecret.ts'
import { differenceOf } from '../../http/ledgerTotals.ts'
import { monthlyVolumes } from '../../http/monthlyVolumes.ts'
import { openSandboxBank } from '../../http/sandbox.ts'
import { sandboxBank } from '../../http/sandboxBank.ts'
import { sandboxDebits } from '../../http/sandboxDebits.ts'
import { sandboxTransfers } from '../../http/sandboxTransfers.ts'
import type { Services, Settings } from '../../http/services.ts'
import { parquetStream } from '../parquet/stream.ts'
import { parquet } from '../parquet/writer.ts'
import { receiptPdf } from '../pdf/receipt.ts'
import { qrPng, qrSvg } from '../qrcode/picture.ts'
import { sqlitePresence } from '../sqlite/presence.ts'
import { sqliteProcesses } from '../sqlite/processes.ts'
import { sqliteReadModels } from '../sqlite/readModels.ts'
import { sqliteSessions } from '../sqlite/sessions.ts'
import type { SetAside } from '../sqlite/setAside.ts'
import { type OpenCards, openCards } from './acquirer.ts'
import { asset } from './assets.ts'
import { callProvider } from './callProvider.ts'
import { authorizerOver, type Cards } from './cards.ts'
import { closingOver } from './closing.ts'
import { countedAppends } from './countedAppends.ts'
import { nodeCrypto } from './crypto.ts'
import { gatewayOver } from './gatewayOver.ts'
import { openKnownAt } from './knownAt.ts'
import type { Log } from './log.ts'
import { type LogReader, type Purpose, readLog } from './logReader.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { postedFile } from './postedFile.ts'
import { type Process, purposeOf, retrySetAside } from './process.ts'
import {
  catchingUp,
  countingUpTo,
  type FollowingProjector,
  projectHere,
  projectInThread,
} from './projections.ts'
import { openPublished } from './published.ts'
import { openRevisions } from './revisions.ts'
import { type NodePresence, sharedPresence } from './sharedPresence.ts'
import { spoolIn } from './spool.ts'
import { startTasks } from './tasks.ts'
import { clusterVault, folderVault } from './vaults.ts'
import { visitorOf } from './visitorOf.ts'
import { createWatchers } from './watchers.ts'
import { openWebhooks } from './webhooks.ts'

export type Assembly = {
  readonly services: Services
  readonly app: ReturnType<typeof createApp>
  readonly readModels: OpenedReadModels
  readonly setAside: SetAside
  readonly metrics: Metrics
  /** From now on /readyz says that requests are to go elsewhere; they are answered as before. */
  readonly drain: () => void
  /** Ends the live streams; those that begin later end at once. */
  readonly endStreams: () => void
  /** Stops the processes, then closes what was opened here and the store. */
  readonly stop: () => Promise<void>
}

/** Tables kept up with the log, and the questions to them. */
export type OpenedReadModels = {
  readonly queries: ReadModels
  readonly projector: FollowingProjector
  readonly close: () => Promise<void> | void
}

export type Parts = {
  readonly store: EventStore
  readonly dataDir: string
  readonly settings: Settings
  readonly log: Log
  readonly now: () => Date
  /** Where the log is a file, the read models follow it in a thread of their own. */
  readonly logFile?: { readonly eventsFile: string; readonly logLevel: string }
  /** Where they are not in a file beside the data. */
  readonly readModels?: OpenedReadModels
  /** Where other gateways, with data folders of their own, work on the same log. */
  readonly cluster?: {
    readonly deliversWebhooks: boolean
    readonly presenceStore: EventStore
    readonly turnStore: EventStore
  }
  /** The way out for money; in the sandbox a pretend one, else none unless given. */
  readonly transferConnector?: TransferConnector
  /** The way to debit payers' accounts; in the sandbox a pretend one, else none unless given. */
  readonly debitConnector?: DebitConnector
  /** The card network; else the one that the environment names. */
  readonly cards?: Cards
  readonly acquirer?: Parameters<typeof openCards>[0]
}

export async function assemble(parts: Parts): Promise<Assembly> {
  const { store: uncounted, dataDir, settings, log, now, logFile, cluster, transferConnector } = parts
  const { store: recorded, counts: appends } = countedAppends(uncounted)
  const store = readable(recorded)
  const readModelsFile = join(dataDir, 'read-models.sqlite')
  const readModels = parts.readModels ?? sqliteReadModels(readModelsFile)
  const knownAt = openKnownAt({ store, dataDir, eventsFile: logFile?.eventsFile, now })
  const processState = sqliteProcesses(join(dataDir, 'processes.sqlite'))
  const heardHere = sqlitePresence(join(dataDir, 'presence.sqlite'), now)
  const presence: NodePresence = cluster
    ? sharedPresence({ local: heardHere, store: cluster.presenceStore, now, log })
    : heardHere
  const vault = cluster
    ? clusterVault(dataDir, settings.masterKey)
    : folderVault(dataDir, settings.masterKey, logFile?.eventsFile)
  const sessions = sqliteSessions(join(dataDir, 'sessions.sqlite'))
  const gateway = gatewayOver(store)
  const ending = new AbortController()
  const caughtUp = catchingUp(store, readModels, ending.signal)
  const volumesIn = monthlyVolumes({ readModels: readModels.queries, caughtUp })
  const notRecorded = (error: unknown) => log.error({ err: error }, 'a monthly volume could not be recorded')
  const fees = feeBook({ ...gateway, now, volumesIn, failed: notRecorded })
  const payPaperBill = paperBillPayer({ ...gateway, ...readModels.queries, fees })
  const matchCredit = creditMatcher({ ...gateway, payPaperBill })
  const connector = transferConnector ?? (settings.sandbox ? sandboxTransfers : undefined)
  const canSend = connector !== undefined
  const {
    cards,
    acquirerUp,
    close: closeCards,
  }: OpenCards = parts.cards
    ? { cards: parts.cards, close: async () => {} }
    : await openCards(parts.acquirer ?? {}, gateway, { sandbox: settings.sandbox, now, log })
  const watchers = createWatchers()
  const streamsEnd = new AbortController()
  let isDraining = false
  const readers: LogReader[] = []
  const lags = () => Promise.all(readers.map(({ lag }) => lag()))
  const ledgerDifference = async () => differenceOf(await readModels.queries.ledgerTotals())
  const metrics = createMetrics({
    lags,
    setAside: processState.setAside.counts,
    ledgerDifference,
    appends,
    acquirerUp,
    clocksApartMs: presence.clocksApartMs,
  })
  const webhooks = openWebhooks({ ...parts, store, gateway, crypto: nodeCrypto, metrics })
  const services: Services = {
    gateway,
    matchCredit,
    fees,
    readModels: readModels.queries,
    knownAt: knownAt.at,
    published: openPublished(knownAt.at, async (position) => sectorGroupsAt(position, recorded.read)),
    revisions: openRevisions(store, logFile?.eventsFile),
    crypto: nodeCrypto,
    connectorSecret: connectorSecrets(nodeCrypto, settings.masterKey),
    vault,
    spool: spoolIn(dataDir),
    postedFile,
    sessions,
    cards: cards && authorizerOver(gateway, cards, parts),
    cardOf: cards?.cardOf ?? (() => undefined),
    callProvider,
    sandboxBank: sandboxBank(),
    canSend,
    canDebit: parts.debitConnector !== undefined || settings.sandbox,
    webhooks: webhooks.service,
    pictures: { svg: qrSvg, png: qrPng },
    receiptPdf,
    parquet,
    parquetStream,
    presence,
    now,
    readStream: (stream) => recorded.read(stream),
    readAll: recorded.readAll,
    watch: watchers.watch,
    caughtUp,
    lags,
    setAside: processState.setAside.counts,
    metrics,
    log,
    visitorOf,
    asset,
    closing: closingOver(gateway, readModels.queries, { caughtUp, now }),
    settings,
    departure: { isDraining: () => isDraining, streamsEnd: streamsEnd.signal },
  }

  // Requests match their own credits; this finishes what a crash cut off.
  const finishCredits = creditProcess({ ...gateway, matchCredit, now, canSend })
  const giveBack = fulfillmentProcess({ ...gateway, now, canSend, takesCards: cards !== undefined })
  const payBills = billProcess({ ...gateway, ...readModels.queries, fees, now })
  const refundComplaints = complaintProcess({ ...gateway, now, canSend, takesCards: cards !== undefined })
  const debits = parts.debitConnector ?? (settings.sandbox ? sandboxDebits(services) : undefined)
  const counted = countingUpTo(store, readModels, ending.signal)
  const lists = { ...readModels.queries, counted }
  const announceDebits = mandateProcess({ ...gateway, ...lists, digest: nodeCrypto.digest, now })
  const processes: readonly Process[] = [
    { name: 'matchCredits', concerns: concernsCredits, handle: finishCredits },
    { name: 'payBills', concerns: concernsBills, handle: payBills },
    { name: 'dispenseOrRefund', concerns: concernsFulfillment, handle: giveBack },
    { name: 'resolveComplaints', concerns: concernsComplaints, handle: refundComplaints },
    { name: 'announceDebits', concerns: concernsMandates, handle: announceDebits },
  ]
  const begin = (purpose: Purpose) => void readers.push(readLog(store, purpose, services, ending.signal))
  readers.push(
    logFile && !parts.readModels
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
  const retry = async () => {
    for (const one of processes) await retrySetAside(one, store, ports)
  }
  const stopTasks = startTasks(
    services,
    { retry, connector, debits, cardNetwork: cards?.network, presence },
    ending.signal,
  )
  if (settings.sandbox) await openSandboxBank(services)

  return {
    services,
    app: createApp(services),
    readModels,
    setAside: processState.setAside,
    metrics,
    drain: () => {
      isDraining = true
    },
    endStreams: () => streamsEnd.abort(),
    stop: async () => {
      ending.abort()
      await Promise.all([stopTasks(), webhooks.stop(), closeCards()])
      await Promise.all(readers.map(({ stopped }) => stopped))
      await store.close()
      await cluster?.turnStore.close()
      webhooks.close()
      await readModels.close()
      knownAt.close()
      processState.close()
      vault.close()
      await presence.close()
      sessions.close()
    },
  }
}
