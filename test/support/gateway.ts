// A whole gateway for tests: a store in memory or another (testStore.ts), real read models in a temporary folder, a clock that the test moves.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationStream } from 'pino'
import { type Assembly, assemble } from '../../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import type { DebitConnector } from '../../src/domain/mandates/debitConnector.ts'
import { expirePayments } from '../../src/domain/payments/expirePayments.ts'
import type { TransferConnector } from '../../src/domain/payments/transferConnector.ts'
import type { Settings } from '../../src/http/services.ts'
import { sign } from '../../src/http/standardWebhooks.ts'
import { type PretendNetwork, pretendNetwork } from './cardNetwork.ts'
import { everyRow, readModelsByEnvironment } from './postgres.ts'
import { storeByEnvironment } from './testStore.ts'

export const operatorKey = 'operator-key-of-the-tests'

export type TestGateway = Assembly & {
  readonly store: EventStore
  /** Where the read models and the vault are. */
  readonly dataDir: string
  readonly clock: { now: Date }
  /** Sends a request; a body that is an object goes as JSON. */
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>
  /** All that it keeps outside the log, as bytes: the files of its folder, and its database where it has one. */
  readonly written: () => Promise<Buffer>
  /** Resolves when the read models have counted everything in the log. */
  readonly settled: () => Promise<void>
}
/** Whatever a request can be sent to. */
type Caller = Pick<TestGateway, 'call'>
type CallOptions = { key?: string; body?: unknown; headers?: Record<string, string> }
// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it is there to check
export type Answer = { status: number; body: any; text: string; headers: Headers }

type TestSettings = {
  readonly sandbox?: boolean
  readonly publicUrl?: string
  /** Puts something between the gateway and its store. */
  readonly around?: (store: EventStore) => EventStore
  /** The way out for money; else the sandbox's. */
  readonly transferConnector?: TransferConnector
  /** The way to debit payers; else the sandbox's. */
  readonly debitConnector?: DebitConnector
  readonly escheatAfterDays?: number
  readonly disclosure?: 'on' | 'off'
  readonly mapTiles?: { readonly url: string; readonly attribution: string }
  /** Who pays merchants; else the sandbox's account, which is nobody's. */
  readonly payoutFrom?: Settings['payoutFrom']
  /** The clock that the test moves, where it has one already. */
  readonly clock?: { now: Date }
  /** The way to the card network; else one that approves everything. */
  readonly cards?: Pick<PretendNetwork, 'network' | 'cardOf'>
  /** Takes the log's lines, of every level; without it nothing is logged. */
  readonly logTo?: DestinationStream
}

export async function openTestGateway(settings: TestSettings = {}): Promise<TestGateway> {
  const clock = settings.clock ?? { now: new Date('2026-11-22T03:00:00.000Z') }
  const now = () => clock.now
  const dataDir = mkdtempSync(join(tmpdir(), 'thungan-test-'))
  const { around = (inner) => inner, logTo } = settings
  const store = around(await storeByEnvironment(dataDir, now))
  const readModels = await readModelsByEnvironment()
  const assembly = await assemble({
    store,
    dataDir,
    now,
    ...(readModels && { readModels }),
    cards: settings.cards ?? pretendNetwork(),
    ...(settings.transferConnector && { transferConnector: settings.transferConnector }),
    ...(settings.debitConnector && { debitConnector: settings.debitConnector }),
    log: logTo ? createLog('debug', logTo) : createLog('silent'),
    settings: {
      version: '0.0.0',
      publicUrl: settings.publicUrl ?? 'http://gateway.test',
      sandbox: settings.sandbox ?? true,
      masterKey: new Uint8Array(32).fill(7),
      operatorKeyHash: nodeCrypto.hash(operatorKey),
      lagMaxMs: 5_000,
      ...(settings.disclosure && { disclosure: settings.disclosure }),
      ...(settings.mapTiles && { mapTiles: settings.mapTiles }),
      ...(settings.payoutFrom && { payoutFrom: settings.payoutFrom }),
      ...(settings.escheatAfterDays && { escheatAfterDays: settings.escheatAfterDays }),
    },
  })
  return {
    ...assembly,
    store,
    dataDir,
    clock,
    call: (method, path, options) => call(assembly.app, method, path, options),
    written: async () => {
      const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name)))
      return Buffer.concat([...files, Buffer.from(readModels ? await everyRow(readModels.url) : '')])
    },
    settled: async () => {
      const head = await store.head()
      for (let turn = 0; (await assembly.readModels.projector.checkpoint()) < head; turn++) {
        if (turn > 20_000) throw new Error('the read models do not catch up')
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    stop: async () => {
      await assembly.stop()
      rmSync(dataDir, { recursive: true })
    },
  }
}

/** Sends a request to an app, without a socket. */
export async function call(
  app: Assembly['app'],
  method: string,
  path: string,
  { key, body, headers }: CallOptions = {},
): Promise<Answer> {
  const isText = typeof body === 'string' || body instanceof Uint8Array
  const response = await app.request(path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body !== undefined && { body: (isText ? body : JSON.stringify(body)) as BodyInit }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    text,
    body: json && text ? JSON.parse(text) : undefined,
    headers: response.headers,
  }
}

export const supermarket = {
  name: 'Siêu thị Hoa Sen',
  taxCode: '0101234567',
  sector: 'supermarket',
  district: 'Hoàn Kiếm',
  settlementAccount: { bankBin: '970422', accountNumber: '0123456789', accountName: 'CONG TY HOA SEN' },
}
export const shopSite = {
  name: 'Hoa Sen Tràng Tiền',
  sector: 'supermarket',
  district: 'Hoàn Kiếm',
  address: '24 Tràng Tiền',
}

export type Shop = { merchantId: string; key: string; siteId: string }

/** A merchant with one site. `changes` go into the merchant's body. */
export async function openShop({ call }: Caller, changes: object = {}): Promise<Shop> {
  const merchant = await call('POST', '/v1/merchants', {
    key: operatorKey,
    body: { ...supermarket, ...changes },
  })
  const key = merchant.body.apiKey as string
  const site = await call('POST', '/v1/sites', { key, body: shopSite })
  return { merchantId: merchant.body.id, key, siteId: site.body.id }
}

export type Bank = { id: string; secret: string }

export async function openBank({ call }: Caller): Promise<Bank> {
  const body = { kind: 'vietqr-bank', name: 'Ngân hàng thử' }
  return (await call('POST', '/v1/connectors', { key: operatorKey, body })).body
}

/** The signed headers of Standard Webhooks for a body. */
export function signedHeaders(secret: string, body: string, at: Date, id = 'msg_1'): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': sign(id, timestamp, Buffer.from(body), bytes, nodeCrypto),
  }
}

/** A bank's notification that pays a payment exactly; `changes` make it something else. */
export const notificationFor = (
  payment: { amount: string; reference: string },
  transactionId: string,
  at: Date,
  changes: object = {},
) => ({
  transactionId,
  bankBin: supermarket.settlementAccount.bankBin,
  accountNumber: supermarket.settlementAccount.accountNumber,
  amount: payment.amount,
  currency: 'VND',
  content: `MBVCB.123456.TN${payment.reference}.CT tu 0987 toi 0123456789`,
  occurredAt: at.toISOString(),
  ...changes,
})

export async function notify(gateway: TestGateway, bank: Bank, notification: object): Promise<Answer> {
  const body = JSON.stringify(notification)
  const headers = signedHeaders(bank.secret, body, gateway.clock.now)
  return gateway.call('POST', `/v1/connectors/${bank.id}/notifications`, { body, headers })
}

/** Asks for 125,000 đồng; `changes` make it something else. */
export async function ask({ call }: Caller, { key, siteId }: Shop, changes: object = {}) {
  const body = { siteId, method: 'qr', amount: '125000', currency: 'VND', ...changes }
  const answer = await call('POST', '/v1/payments', { key, body })
  if (answer.status !== 201) throw new Error(`not asked: ${answer.text}`)
  return answer.body
}

/** Asks for 125,000 đồng by card, to be captured later; `changes` make it something else. */
export const askByCard = (gateway: Caller, shop: Shop, changes: object = {}) =>
  ask(gateway, shop, { method: 'card', card: { token: 'tok_approve' }, capture: 'manual', ...changes })

/** The bank says that a payment was paid exactly; `changes` make it something else. */
export const pay = (
  gateway: TestGateway,
  bank: Bank,
  payment: { amount: string; reference: string },
  transactionId: string,
  changes: object = {},
): Promise<Answer> =>
  notify(gateway, bank, notificationFor(payment, transactionId, gateway.clock.now, changes))

/** A terminal of a shop with the key that it got by activating. */
export async function openTerminal({ call }: TestGateway, { key, siteId }: Shop) {
  const body = { siteId, kind: 'pos', serialNumber: 'SN-0001' }
  const { activationCode } = (await call('POST', '/v1/terminals', { key, body })).body
  const activated = await call('POST', '/v1/terminals/activate', { body: { activationCode } })
  return { id: activated.body.id as string, key: activated.body.apiKey as string }
}

/** Moves the clock on and lets the process expire what is due by then. */
export async function passTime(gateway: TestGateway, seconds: number): Promise<void> {
  gateway.clock.now = new Date(gateway.clock.now.getTime() + seconds * 1000)
  await gateway.settled()
  const { gateway: aggregates, now, readModels } = gateway.services
  await expirePayments({ payments: aggregates.payments, now, duePayments: readModels.duePayments })
}

/** Resolves once a condition holds; fails after five seconds, saying which. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 1_000; turn++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`never came true: ${what}`)
}

/** The unapplied credits that a key may see, once every release is done and counted. */
export async function unappliedOf(gateway: TestGateway, key: string, creditId: string) {
  const list = async () => (await gateway.call('GET', '/v1/unapplied-credits?limit=200', { key })).body.data
  await eventually(`${creditId} is unapplied`, async () =>
    (await list()).some(({ id }: { id: string }) => id === creditId),
  )
  return (await list()).find(({ id }: { id: string }) => id === creditId)
}
