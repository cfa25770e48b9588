// A whole gateway for tests: memory store, real read models in a temporary folder, a clock that the test moves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { type Assembly, assemble } from '../../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { sign } from '../../src/http/standardWebhooks.ts'

export const operatorKey = 'operator-key-of-the-tests'

export type TestGateway = Assembly & {
  readonly store: EventStore
  readonly clock: { now: Date }
  /** Sends a request; a body that is an object goes as JSON. */
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>
  /** Resolves when the read models have counted everything in the log. */
  readonly settled: () => Promise<void>
}
type CallOptions = { key?: string; body?: unknown; headers?: Record<string, string> }
// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it is there to check
export type Answer = { status: number; body: any; text: string; headers: Headers }

export async function openTestGateway(settings: { sandbox?: boolean } = {}): Promise<TestGateway> {
  const clock = { now: new Date('2026-11-22T03:00:00.000Z') }
  const now = () => clock.now
  const dataDir = mkdtempSync(join(tmpdir(), 'thungan-test-'))
  const store = memoryEventStore({ now })
  const assembly = await assemble({
    store,
    dataDir,
    now,
    log: createLog('silent'),
    settings: {
      version: '0.0.0',
      publicUrl: 'http://gateway.test',
      sandbox: settings.sandbox ?? true,
      masterKey: new Uint8Array(32).fill(7),
      operatorKeyHash: nodeCrypto.hash(operatorKey),
      lagMaxMs: 5_000,
    },
  })
  return {
    ...assembly,
    store,
    clock,
    call: (method, path, options) => call(assembly.app, method, path, options),
    settled: async () => {
      const head = await store.head()
      for (let turn = 0; assembly.readModels.projector.checkpoint() < head; turn++) {
        if (turn > 2_000) throw new Error('the read models do not catch up')
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    stop: async () => {
      await assembly.stop()
      rmSync(dataDir, { recursive: true })
    },
  }
}

async function call(
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
export async function openShop({ call }: TestGateway, changes: object = {}): Promise<Shop> {
  const merchant = await call('POST', '/v1/merchants', {
    key: operatorKey,
    body: { ...supermarket, ...changes },
  })
  const key = merchant.body.apiKey as string
  const site = await call('POST', '/v1/sites', { key, body: shopSite })
  return { merchantId: merchant.body.id, key, siteId: site.body.id }
}

export type Bank = { id: string; secret: string }

export async function openBank({ call }: TestGateway): Promise<Bank> {
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
