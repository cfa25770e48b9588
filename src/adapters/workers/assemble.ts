// The gateway in one object: its log, the read models, the processes and the HTTP app, put together.
import { setTimeout as wait } from 'node:timers/promises'
import type { ReadModels } from '../../../projections/readModels.ts'
import { paperBillPayer } from '../../domain/bills/paperBill.ts'
import { billProcess, concernsBills } from '../../domain/bills/payBills.ts'
import { complaintProcess, concernsComplaints } from '../../domain/complaints/resolveComplaints.ts'
import type { EventStore } from '../../domain/core/eventStore.ts'
import { readable } from '../../domain/knownEvents.ts'
import { concernsCredits, creditProcess } from '../../domain/payments/creditProcess.ts'
import { creditMatcher } from '../../domain/payments/matchCredit.ts'
import type { TransferConnector } from '../../domain/payments/transferConnector.ts'
import { concernsFulfillment, fulfillmentProcess } from '../../domain/pos/dispenseOrRefund.ts'
import { feeBook } from '../../domain/settlement/feeBook.ts'
import { createApp } from '../../http/app.ts'
import { connectorSecrets } from '../../http/connectorSecret.ts'
import { monthlyVolumes } from '../../http/monthlyVolumes.ts'
import { sandboxBank } from '../../http/sandboxBank.ts'
import { sandboxTransfers } from '../../http/sandboxTransfers.ts'
import type { Services, Settings } from '../../http/services.ts'
import { prepared } from '../durable-object/prepared.ts'
import type { ObjectReadModels } from '../durable-object/readModels.ts'
import type { ObjectStorage } from '../durable-object/storage.ts'
import { closingOver } from '../node/closing.ts'
import { nodeCrypto } from '../node/crypto.ts'
import { derivedVault } from '../node/derivedVault.ts'
import { gatewayOver } from '../node/gatewayOver.ts'
import { type LogReader, type Purpose, readLog } from '../node/logReader.ts'
import { type Process, purposeOf, retrySetAside } from '../node/process.ts'
import { createWatchers } from '../node/watchers.ts'
import { parquetStream } from '../parquet/stream.ts'
import { parquet } from '../parquet/writer.ts'
import { qrPng, qrSvg } from '../qrcode/picture.ts'
import { checkpointsIn, checkpointTable } from '../sqlite/checkpoints.ts'
import { setAsideTable } from '../sqlite/setAside.ts'
import { callProvider } from './callProvider.ts'
import { workerLog } from './log.ts'
import { memorySpool } from './memorySpool.ts'
import { memoryPresence } from './presence.ts'
import { unavailable } from './unavailable.ts'
import { upToDate } from './upToDate.ts'
import { openObjectWebhooks } from './webhooks.ts'

export type ObjectParts = {
  readonly storage: ObjectStorage
  /** The object's own log. */
  readonly own: EventStore
  /** The logs of all. */
  readonly store: EventStore
  readonly readModels: ObjectReadModels
  readonly settings: Settings
  readonly now: () => Date
  /** There may be something to wake for earlier than was known. */
  readonly reconsider: () => void
}

export type ObjectGateway = {
  readonly services: Services
  readonly app: ReturnType<typeof createApp>
  /** Tries again what a process had set aside. */
  readonly retry: () => Promise<void>
  /** Delivers what is due again. */
  readonly deliver: () => void
  /** The way out for money, where there is one. */
  readonly connector: TransferConnector | undefined
  /** One more reader of the object's log. */
  readonly read: (purpose: Purpose) => void
  /** Resolves once every reader has come to the end of the log, or after some seconds. */
  readonly readersIdle: () => Promise<void>
}

const idleTurns = 100
const idleTurnMs = 50

export function assembleInObject(parts: ObjectParts): ObjectGateway {
  const { storage, own, store: routed, readModels, settings, now, reconsider } = parts
  const log = workerLog
  const store = readable(routed)
  const gateway = gatewayOver(store)
  const project = upToDate(readable(own), readModels.projector('own'))
  const queries = asking(readModels.queries, project)
  const caughtUp = async () => {
    await project()
    return own.head()
  }
  const volumesIn = monthlyVolumes({ readModels: queries, caughtUp })
  const failed = (error: unknown) => log.error({ err: error }, 'a monthly volume could not be recorded')
  const fees = feeBook({ ...gateway, now, volumesIn, failed })
  const matchCredit = creditMatcher({
    ...gateway,
    payPaperBill: paperBillPayer({ ...gateway, ...queries, fees }),
  })
  const connector: TransferConnector | undefined = settings.sandbox ? sandboxTransfers : undefined
  const canSend = connector !== undefined
  const watchers = createWatchers()
  const readers: LogReader[] = []
  const processState = processesIn(storage)
  const webhooks = openObjectWebhooks({
    ...{ storage, store, gateway, settings, now, log },
    crypto: nodeCrypto,
    attempted: reconsider,
  })
  const services: Services = {
    ...unavailable,
    webhooks: webhooks.service,
    gateway,
    matchCredit,
    fees,
    readModels: queries,
    crypto: nodeCrypto,
    connectorSecret: connectorSecrets(nodeCrypto, settings.masterKey),
    vault: derivedVault(settings.masterKey),
    spool: memorySpool,
    cards: undefined, // card networks are reached over TCP, with connections that stay
    cardOf: () => undefined,
    callProvider,
    sandboxBank: sandboxBank(),
    canSend,
    canDebit: false, // mandates are not served at the edge
    pictures: { svg: qrSvg, png: qrPng },
    parquet,
    parquetStream,
    presence: memoryPresence(now),
    now,
    readStream: (stream) => routed.read(stream),
    readAll: own.readAll,
    watch: watchers.watch,
    caughtUp,
    lags: () => Promise.all(readers.map(({ lag }) => lag())),
    setAside: processState.setAside.counts,
    metrics: { render: async () => '# at the edge the platform measures\n', observe: () => {} },
    log,
    visitorOf: (env) => (env as { readonly visitor?: string }).visitor ?? '',
    closing: closingOver(gateway, queries, { caughtUp, now }),
    settings,
  }

  const processes: readonly Process[] = [
    {
      name: 'matchCredits',
      concerns: concernsCredits,
      handle: creditProcess({ ...gateway, matchCredit, now, canSend }),
    },
    { name: 'payBills', concerns: concernsBills, handle: billProcess({ ...gateway, ...queries, fees, now }) },
    {
      name: 'dispenseOrRefund',
      concerns: concernsFulfillment,
      handle: fulfillmentProcess({ ...gateway, now, canSend, takesCards: false }),
    },
    {
      name: 'resolveComplaints',
      concerns: concernsComplaints,
      handle: complaintProcess({ ...gateway, now, canSend, takesCards: false }),
    },
  ]
  const ports = { ...processState, now, log }
  const never = new AbortController().signal // the object ends without being asked
  const begin = (purpose: Parameters<typeof readLog>[1]) =>
    void readers.push(readLog(readable(own), purpose, services, never))
  for (const one of processes) begin(purposeOf(one, ports, never))
  begin(webhooks.purpose)
  webhooks.goOn()
  begin({ name: 'watchers', from: own.head, handle: watchers.tell })

  const retry = async () => {
    for (const one of processes) await retrySetAside(one, store, ports)
  }
  const readersIdle = async () => {
    for (let turn = 0; turn < idleTurns; turn++) {
      const lags = await services.lags()
      if (lags.every(({ behindMs }) => behindMs === 0)) return
      await wait(idleTurnMs)
    }
  }
  return {
    services,
    app: createApp(services),
    retry,
    deliver: webhooks.goOn,
    connector,
    read: begin,
    readersIdle,
  }
}

/** Every question is asked of rows that have counted all of the object's log: it is short, and nobody else counts it. */
function asking(queries: ReadModels, project: () => Promise<void>): ReadModels {
  const ask =
    (question: (...values: never[]) => Promise<unknown>) =>
    async (...values: never[]) => {
      await project()
      return question(...values)
    }
  return Object.fromEntries(
    Object.entries(queries).map(([name, question]) => [name, ask(question)]),
  ) as unknown as ReadModels
}

function processesIn({ sql }: Pick<ObjectStorage, 'sql'>) {
  sql.exec(checkpointTable)
  sql.exec(setAsideTable.replace('create table', 'create table if not exists'))
  return checkpointsIn(prepared(sql))
}
