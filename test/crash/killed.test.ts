// kill -9 in the middle of a burst: what was answered is there, nothing is paid twice, read models equal a rebuild.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { callerOf, openShopAt } from '../support/client.ts'
import { supermarket } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'

const burst = 1_000
const atOnce = 50
const killsMax = 3
const operatorKey = 'operator-key-of-the-crash-test'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-crash-'))
const { bankBin, accountNumber } = supermarket.settlementAccount
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

type Answered = Map<string, { amount: string; paid: boolean }>
type Server = Omit<GatewayProcess, 'url'> & { readonly url: string }

async function start(port: number): Promise<Server> {
  const environment = { PORT: String(port), DATA_DIR: dataDir, OPERATOR_KEY: operatorKey, DEMO: '0' }
  const gateway = startGateway({ ...environment, LOG_LEVEL: 'error' })
  await gateway.printed(/is open/)
  return { ...gateway, url: `http://127.0.0.1:${port}` }
}

async function openShop(url: string) {
  const caller = callerOf(url)
  const bank = await caller.post('/v1/connectors', operatorKey, { kind: 'vietqr-bank', name: 'Ngân hàng' })
  return { ...(await openShopAt(caller, operatorKey)), bank: bank.body as { id: string; secret: string } }
}
type Shop = Awaited<ReturnType<typeof openShop>>

/** One sale: created, notified twice. Whatever is answered is remembered; a cut connection is not an answer. */
async function sellAndPay(url: string, shop: Shop, index: number, answered: Answered): Promise<void> {
  const amount = String(10_000 + index)
  const body = { siteId: shop.siteId, method: 'qr', amount, currency: 'VND' }
  const headers = { 'idempotency-key': `sale-${index}` } // the till asks again after the crash
  const sale = await callerOf(url).post('/v1/payments', shop.key, body, headers)
  expect(sale.status).toBe(201)
  const { id, reference } = sale.body as { id: string; reference: string }
  const known = answered.get(id)
  answered.set(id, { amount, paid: known?.paid ?? false })
  for (let repeat = 0; repeat < 2; repeat++) {
    const { status, body } = await notify(url, shop, { amount, reference })
    expect(status).toBe(200)
    expect(body.outcome).toBe('applied')
    answered.set(id, { amount, paid: true })
  }
}

function notify(url: string, { bank }: Shop, { amount, reference }: { amount: string; reference: string }) {
  const occurredAt = new Date().toISOString()
  const notification = {
    transactionId: `FT${reference}`,
    bankBin,
    accountNumber,
    amount,
    currency: 'VND',
    content: `TN${reference}`,
    occurredAt,
  }
  const timestamp = String(Math.floor(Date.now() / 1000))
  const text = JSON.stringify(notification)
  const key = Buffer.from(bank.secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`msg.${timestamp}.${text}`).digest('base64')
  return callerOf(url).post(`/v1/connectors/${bank.id}/notifications`, '', notification, {
    'webhook-id': 'msg',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  })
}

/** Plays the whole burst; `onAnswer` may kill the server, after which the rest fails and is played again after a restart. */
async function playBurst(
  url: string,
  shop: Shop,
  answered: Answered,
  onAnswer: () => void,
): Promise<boolean> {
  let next = 0
  let cut = false
  const worker = async () => {
    while (next < burst && !cut) {
      const index = next++
      try {
        await sellAndPay(url, shop, index, answered)
        onAnswer()
      } catch (error) {
        if (!(error instanceof TypeError)) throw error // fetch: the connection was cut
        cut = true
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return !cut
}

async function readWholeLog(): Promise<readonly Recorded[]> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = await store.readAll('', 1_000_000)
  await store.close()
  return events
}

const count = (events: readonly Recorded[], type: string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const event of events)
    if (event.type === type) counts.set(event.stream, (counts.get(event.stream) ?? 0) + 1)
  return counts
}

test('nothing answered is lost, nothing is paid twice, the read models equal a rebuild', async () => {
  const port = await freePort()
  const answered: Answered = new Map()
  let server = await start(port)
  const shop = await openShop(server.url)
  for (let kills = 1; kills <= killsMax; kills++) {
    let answers = 0
    const killing = new Promise<void>((resolve) => {
      const victim = server
      void playBurst(victim.url, shop, answered, () => {
        if (++answers === 150 * kills) void victim.kill().then(() => resolve())
      })
    })
    await killing
    const events = await readWholeLog() // before any restart could mend it
    const requested = count(events, 'PaymentRequested')
    const paid = count(events, 'PaymentPaid')
    for (const [id, { paid: saidPaid }] of answered) {
      expect(requested.get(`payment-${id}`), id).toBe(1)
      if (saidPaid) expect(paid.get(`payment-${id}`), id).toBe(1)
    }
    expect(Math.max(...paid.values())).toBe(1)
    server = await start(port)
  }
  expect(await playBurst(server.url, shop, answered, () => {})).toBe(true)
  expect(answered.size).toBe(burst)
  await waitUntilReady(server.url)
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')

  const events = await readWholeLog()
  expect(count(events, 'PaymentPaid').size).toBe(burst)
  expect(count(events, 'CreditReceived').size).toBe(burst)
  expect(count(events, 'CreditUnapplied').size).toBe(0)
  await compareWithRebuild(shop)
}, 120_000)

/** Ready, and nothing behind at all. */
async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const { lags } = (await (await fetch(`${url}/readyz`)).json()) as { lags: { behindMs: number }[] }
    if (lags.every(({ behindMs }) => behindMs === 0)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('the projections do not catch up')
}

async function compareWithRebuild({ siteId }: Shop): Promise<void> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const readModels = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  expect(readModels.projector.checkpoint()).toBe(await store.head())
  const { differing } = await readModels.rebuild(store)
  expect(differing).toEqual([])
  const [sum] = await readModels.queries.statistics('2020-01-01', '2100-01-01', 'year', [])
  const expected = (burst * (2 * 10_000 + burst - 1)) / 2
  expect(sum).toMatchObject({ count: burst, gross: BigInt(expected) })
  const { rows } = await readModels.queries.listPayments(
    { siteId, status: 'pending' },
    { limit: 10, cursor: undefined },
  )
  expect(rows).toEqual([])
  readModels.close()
  await store.close()
}
