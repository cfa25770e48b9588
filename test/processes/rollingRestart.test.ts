// Two gateways behind a balancer, restarted one after the other under load: no request fails, and each payment is paid once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { type Balancer, openBalancer } from '../support/balancer.ts'
import { type Caller, callerOf, openShopAt } from '../support/client.ts'
import { type Bank, eventually, notificationFor, signedHeaders } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'

const operatorKey = 'operator-key-of-two-gateways'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-rolling-'))
const healthEveryMs = 50
const gateways: GatewayProcess[] = []
let ports: number[]
let balancer: Balancer
let caller: Caller
let shop: Awaited<ReturnType<typeof openShopAt>>
let bank: Bank

const addressOf = (port: number) => `http://127.0.0.1:${port}`

async function start(index: number): Promise<void> {
  const port = ports[index]!
  const gateway = startGateway({
    PORT: String(port),
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DRAIN_MS: '400',
    DEMO: '0',
    LOG_LEVEL: 'error',
    PUBLIC_URL: 'https://pay.example',
  })
  gateways[index] = gateway
  await gateway.printed(/is open/)
  await eventually('the balancer sends to it', () => balancer.isUp(addressOf(port)))
}

beforeAll(async () => {
  ports = [await freePort(), await freePort()]
  balancer = await openBalancer(ports.map(addressOf), healthEveryMs)
  await Promise.all([start(0), start(1)])
  caller = callerOf(balancer.url)
  shop = await openShopAt(caller, operatorKey)
  bank = (await caller.post('/v1/connectors', operatorKey, { kind: 'vietqr-bank', name: 'Bank' })).body
})
afterAll(async () => {
  await balancer.close()
  await Promise.all(gateways.map(({ kill }) => kill()))
  rmSync(dataDir, { recursive: true })
})

/** Asks for a payment, has the bank tell that it was paid, and reads it. Answers what was not as it should be. */
async function sell(name: string): Promise<readonly string[]> {
  const sale = { siteId: shop.siteId, method: 'qr', amount: '10000', currency: 'VND' }
  const asked = await caller.post('/v1/payments', shop.key, sale)
  const body = JSON.stringify(notificationFor(asked.body, name, new Date()))
  const notified = await fetch(`${balancer.url}/v1/connectors/${bank.id}/notifications`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...signedHeaders(bank.secret, body, new Date(), name) },
  })
  const { outcome } = (await notified.json()) as { outcome: string }
  const read = await caller.get(`/v1/payments/${asked.body.id}`, shop.key)
  const seen = [asked.status, notified.status, outcome, read.status, read.body.status].join(' ')
  return seen === '201 200 applied 200 paid' ? [] : [seen]
}

/** Follows a payment as a browser does: when a stream ends, another. Answers how many ended. */
async function follow(paymentId: string, signal: AbortSignal): Promise<number> {
  for (let ended = 0; ; ended++) {
    const response = await fetch(`${balancer.url}/v1/payments/${paymentId}/stream`, { signal }).catch(
      () => {},
    )
    if (!response) return ended
    const text = await response.text().catch(() => '') // until the gateway ends it
    if (signal.aborted) return ended
    expect(text).toContain('"status":"pending"')
  }
}

async function readWholeLog(): Promise<readonly Recorded[]> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = await store.readAll('', 1_000_000)
  await store.close()
  return events
}

test('each in turn, under load: 0 requests fail, both end with 0, live streams end and come again', async () => {
  const waiting = await caller.post('/v1/payments', shop.key, {
    ...{ siteId: shop.siteId, method: 'qr', amount: '5000', currency: 'VND' },
  })
  const leaving = new AbortController()
  const streams = Array.from({ length: 4 }, () => follow(waiting.body.id, leaving.signal))
  const faults: string[] = []
  let sold = 0
  let isOver = false
  const till = async (number: number) => {
    for (let index = 0; !isOver; index++) {
      faults.push(
        ...(await sell(`t${number}-${index}`).catch((error: Error) => [String(error.cause ?? error)])),
      )
      sold += 1
    }
  }
  const load = Array.from({ length: 6 }, (_, number) => till(number))

  const codes: (number | null)[] = []
  for (const index of [0, 1]) {
    gateways[index]!.child.kill('SIGTERM')
    codes.push((await gateways[index]!.ended).code)
    await start(index)
  }
  isOver = true
  await Promise.all(load)
  leaving.abort()

  expect(faults).toEqual([])
  expect(codes).toEqual([0, 0])
  const ends = await Promise.all(streams)
  expect(ends.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(4) // each was on one that stopped
  const paid = (await readWholeLog()).filter(({ type }) => type === 'PaymentPaid').map(({ stream }) => stream)
  expect(sold).toBeGreaterThan(50)
  expect([paid.length, new Set(paid).size]).toEqual([sold, sold])
})
