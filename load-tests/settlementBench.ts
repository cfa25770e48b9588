// How long closing a business date takes while payments keep arriving, what they notice of it, and the most memory that takes.
// Run: npm run bench:settlement [payments] [merchants]; as much is to be 1,000,000 of 5,000 merchants, in a minute.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { assemble } from '../src/adapters/node/assemble.ts'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { newEventId } from '../src/adapters/node/eventIds.ts'
import { createLog } from '../src/adapters/node/log.ts'
import { decodePosition } from '../src/adapters/sqlite/eventRow.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../src/adapters/sqlite/readModels.ts'
import { base32Number } from '../src/domain/core/base32.ts'
import { checkCharacter } from '../src/domain/core/checkCharacter.ts'
import type { EventStore } from '../src/domain/core/eventStore.ts'
import { sign } from '../src/http/standardWebhooks.ts'

const payments = Number(process.argv[2] ?? 1_000_000)
const merchants = Number(process.argv[3] ?? 5_000)
const perSecond = 200
const baselineSeconds = 10
const lookMsMax = 400_000
const operatorKey = 'operator-key-of-the-bench'
const date = '2026-11-20'
const noon = Date.parse(`${date}T12:00:00+07:00`)
const evening = Date.parse(`${date}T23:50:00+07:00`)
const afterMidnight = Date.parse(`${date}T23:59:59+07:00`) + 6_000
const account = { bankBin: '970422', accountNumber: '0123456789', accountName: 'CONG TY A' }

const filling = process.argv[4]
const dataDir = filling ?? mkdtempSync(join(tmpdir(), 'thungan-settlement-'))
const eventsFile = join(dataDir, 'events.sqlite')
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`

/** A whole day of payments, recorded at noon. */
async function fillLog(): Promise<void> {
  const store = sqliteEventStore({ file: eventsFile, now: () => new Date(noon) })
  const started = performance.now()
  const codes = Array.from({ length: merchants }, (_, n) => base32Number(n + 1, 5))
  await inSlices(codes.length, (n) => append(store, `merchant-mer_${codes[n]}`, [registered(codes[n]!)]))
  await inSlices(payments, (n) => {
    const code = codes[n % merchants]!
    const reference = code + base32Number(n, 12)
    return append(store, `payment-pay_${reference}${checkCharacter(reference)}`, paid(code, n))
  })
  await store.close()
  console.log(`${payments} payments of ${merchants} merchants recorded in ${seconds(started)} s`)
}

const sliceMax = 500
async function inSlices(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < count; start += sliceMax)
    await Promise.all(Array.from({ length: Math.min(sliceMax, count - start) }, (_, at) => work(start + at)))
}

const append = (store: EventStore, stream: string, events: readonly { type: string; data: object }[]) =>
  store.append(
    stream,
    0,
    events.map((event) => ({ ...event, id: newEventId(), metadata: {} })),
  )

const recordedAt = new Date(noon).toISOString()
const registered = (code: string) => ({
  type: 'MerchantRegistered',
  data: {
    name: `Merchant ${code}`,
    taxCode: '0101234567',
    sector: 'supermarket',
    district: 'Hoàn Kiếm',
    settlementAccount: account,
    latePolicy: { mode: 'hold' },
    feePlan: { rate: '0.55', fixed: '0' },
    keyId: 'key_1',
    registeredAt: recordedAt,
  },
})

const amountOf = (n: number): number => 10_000 + (n % 90_000)
function paid(code: string, n: number) {
  const sale = { merchantId: `mer_${code}`, siteId: `sit_${code}00000000`, method: 'qr' }
  const fee = { amount: String(Math.round(amountOf(n) * 0.0055)), currency: 'VND' }
  const money = { amount: { amount: String(amountOf(n)), currency: 'VND' }, fee }
  const terms = { payTo: account, latePolicy: { mode: 'hold' }, orderId: `HD-${n}` }
  const requested = { ...sale, ...money, ...terms, expiresAt: recordedAt, requestedAt: recordedAt }
  return [
    { type: 'PaymentRequested', data: requested },
    { type: 'QrIssued', data: { payload: '' } },
    { type: 'PaymentPaid', data: { ...sale, ...money, paidAt: recordedAt } },
  ]
}

async function fillReadModels(): Promise<void> {
  const store = sqliteEventStore({ file: eventsFile, now: () => new Date(noon) })
  const { rebuild, close } = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  const started = performance.now()
  const used = process.cpuUsage()
  const { position } = await rebuild(store, { logFile: eventsFile })
  const { user, system } = process.cpuUsage(used)
  close()
  await store.close()
  const count = decodePosition(position)
  const took = (performance.now() - started) / 1_000
  console.log(
    `all read models rebuilt from ${count} events in ${took.toFixed(1)} s, ${Math.round(count / took)} a second; ` +
      `${((user + system) / 1e6).toFixed(1)} s of CPU over two threads`,
  )
}

const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1)

type Json = Record<string, string>

async function run(): Promise<void> {
  let clock = evening
  const since = performance.now()
  const now = () => new Date(clock + (performance.now() - since))
  const { app, services, stop } = await assemble({
    store: sqliteEventStore({ file: eventsFile, now }),
    dataDir,
    now,
    logFile: { eventsFile, logLevel: 'error' },
    log: createLog('error'),
    settings: {
      version: '0.0.0',
      publicUrl: 'http://gateway.bench',
      sandbox: true,
      masterKey: new Uint8Array(32).fill(7),
      operatorKeyHash: nodeCrypto.hash(operatorKey),
      lagMaxMs: 5_000,
    },
  })

  const post = async (path: string, body: string, headers: Json): Promise<Json> => {
    const sent = { 'content-type': 'application/json', ...headers }
    const response = await app.request(path, { method: 'POST', body, headers: sent })
    const answer = (await response.json()) as Json
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.code}`)
    return answer
  }
  const operator = { authorization: `Bearer ${operatorKey}` }
  const merchantBody = JSON.stringify({
    ...{ name: 'Live', taxCode: '0101234567', sector: 'supermarket', district: 'Ba Đình' },
    settlementAccount: account,
  })
  const merchant = await post('/v1/merchants', merchantBody, operator)
  const key = { authorization: `Bearer ${merchant.apiKey}` }
  const siteBody = { name: 'Live', sector: 'supermarket', district: 'Ba Đình', address: '1' }
  const site = await post('/v1/sites', JSON.stringify(siteBody), key)
  const bank = await post('/v1/connectors', JSON.stringify({ kind: 'vietqr-bank', name: 'B' }), operator)
  const secret = Buffer.from(bank.secret!.replace('whsec_', ''), 'base64')
  const sale = JSON.stringify({ siteId: site.id, method: 'qr', amount: '1000', currency: 'VND' })

  async function payOnce(n: number): Promise<void> {
    const { reference } = await post('/v1/payments', sale, key)
    const body = JSON.stringify({
      transactionId: `FT${n}`,
      ...{ bankBin: account.bankBin, accountNumber: account.accountNumber },
      ...{ amount: '1000', currency: 'VND', content: `TN${reference}`, occurredAt: now().toISOString() },
    })
    const timestamp = String(Math.floor(now().getTime() / 1_000))
    const signature = sign(`m${n}`, timestamp, Buffer.from(body), secret, nodeCrypto)
    const headers = {
      'webhook-id': `m${n}`,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    }
    await post(`/v1/connectors/${bank.id}/notifications`, body, headers)
  }

  let arrived = 0
  /** Payments at their rate, whatever the gateway does, until it is over: milliseconds from when each was due. */
  async function arrivals(isOver: () => boolean): Promise<number[]> {
    const latencies: number[] = []
    const running: Promise<void>[] = []
    const begun = performance.now()
    for (let n = 0; !isOver(); n++) {
      const due = begun + (n * 1_000) / perSecond
      if (performance.now() < due) await wait(due - performance.now())
      running.push(payOnce(++arrived).then(() => void latencies.push(performance.now() - due)))
    }
    await Promise.all(running)
    return latencies.sort((a, b) => a - b)
  }
  const shown = (sorted: readonly number[]): string =>
    [0.5, 0.99, 1]
      .map((part) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1))
      .join(' / ')

  // A gateway that has run all day has no history to look through.
  for (const deadline = performance.now() + lookMsMax; performance.now() < deadline; await wait(500)) {
    const lags = await services.lags()
    if (lags.every(({ behindMs }) => behindMs === 0)) break
  }
  console.log(`processes have looked through the log after ${seconds(since)} s`)

  const until = performance.now() + baselineSeconds * 1_000
  console.log(
    `payments alone, ${perSecond}/s: p50 / p99 / max ms: ${shown(await arrivals(() => performance.now() > until))}`,
  )
  const beforeMidnight = arrived
  await services.caughtUp()

  clock = afterMidnight - (performance.now() - since)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  let closed: { data: Json[] } | undefined
  const before = process.memoryUsage.rss()
  const used = process.cpuUsage()
  const started = performance.now()
  const closing = post('/v1/settlements', JSON.stringify({ businessDate: date }), operator).then((answer) => {
    closed = answer as unknown as { data: Json[] }
    return seconds(started)
  })
  const during = await arrivals(() => closed !== undefined)
  const took = await closing
  delay.disable()
  clearInterval(sampling)

  const cpu = process.cpuUsage(used)
  console.log(
    `closed ${closed!.data.length} merchants in ${took} s, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of CPU with the payments, ` +
      `at most ${megabytes(peak)} (before: ${megabytes(before)})`,
  )
  console.log(`payments meanwhile, ${perSecond}/s: p50 / p99 / max ms: ${shown(during)} (${during.length})`)
  console.log(
    `event loop delay: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`,
  )
  check(closed!.data, beforeMidnight)
  await stop()
}

/** Every payment of the day is in a settlement, once. */
function check(settlements: readonly Json[], live: number): void {
  const total = (name: string) => settlements.reduce((sum, one) => sum + Number(one[name]), 0)
  let gross = live * 1_000
  for (let n = 0; n < payments; n++) gross += amountOf(n)
  const right = total('count') === payments + live && total('gross') === gross
  console.log(`${total('count')} entries, gross ${total('gross')}: ${right ? 'every payment once' : 'WRONG'}`)
  if (!right) process.exitCode = 1
}

// The log is filled by a process of its own: what that used is no memory of the gateway's.
if (filling === undefined) {
  spawnSync(process.execPath, [import.meta.filename, `${payments}`, `${merchants}`, dataDir], {
    stdio: 'inherit',
  })
  await run()
  rmSync(dataDir, { recursive: true })
} else {
  await fillLog()
  await fillReadModels()
}
