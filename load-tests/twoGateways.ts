// Whether two gateways on one folder lose throughput to each other: sales a second and how many appends conflicted, with one gateway and with two.
// Run: npm run bench:two [-- SECONDS [ROUNDS]]; 5 seconds and 3 rounds unless said. With two, a payment is asked for at one and told of to the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callerOf, openShopAt } from '../test/support/client.ts'
import { notificationFor, signedHeaders } from '../test/support/gateway.ts'
import { freePort, startGateway } from '../test/support/gatewayProcess.ts'
import { countsAt } from './soak/appendCounts.ts'

const [seconds = 5, rounds = 3] = process.argv.slice(2).map(Number)
const callers = 32
const operatorKey = 'operator-key-of-the-bench'

type Round = { readonly rate: number; readonly conflicts: number; readonly appends: number }

/** So many gateways on an empty folder, each sale asked for at one and notified to the next. */
async function round(gatewayCount: number): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-two-gateways-'))
  const ports = await Promise.all(Array.from({ length: gatewayCount }, freePort))
  const gateways = ports.map((port) =>
    startGateway({
      PORT: String(port),
      DATA_DIR: folder,
      OPERATOR_KEY: operatorKey,
      PUBLIC_URL: 'https://pay.example',
      DEMO: '0',
      LOG_LEVEL: 'error',
      NODE_OPTIONS: '--max-semi-space-size=8',
    }),
  )
  try {
    await Promise.all(gateways.map(({ printed }) => printed(/is open/)))
    const urls = ports.map((port) => `http://127.0.0.1:${port}`)
    const clients = urls.map(callerOf)
    const shop = await openShopAt(clients[0]!, operatorKey)
    const bank = (
      await clients[0]!.post('/v1/connectors', operatorKey, { kind: 'vietqr-bank', name: 'Bank' })
    ).body
    let sold = 0
    const end = performance.now() + seconds * 1_000
    const sell = async (caller: number): Promise<void> => {
      for (let index = 0; performance.now() < end; index++) {
        const here = (caller + index) % urls.length
        const sale = { siteId: shop.siteId, method: 'qr', amount: '10000', currency: 'VND' }
        const asked = await clients[here]!.post('/v1/payments', shop.key, sale)
        const body = JSON.stringify(notificationFor(asked.body, `${caller}/${index}`, new Date()))
        const headers = {
          'content-type': 'application/json',
          ...signedHeaders(bank.secret, body, new Date()),
        }
        const there = urls[(here + 1) % urls.length]!
        const told = await fetch(`${there}/v1/connectors/${bank.id}/notifications`, {
          method: 'POST',
          body,
          headers,
        })
        const { outcome } = (await told.json()) as { outcome?: string }
        if (outcome !== 'applied') throw new Error(`a payment was not paid: ${told.status} ${outcome}`)
        sold += 1
      }
    }
    await Promise.all(Array.from({ length: callers }, (_, caller) => sell(caller)))
    const counts = await Promise.all(urls.map(countsAt))
    const conflicts = counts.reduce((sum, count) => sum + (count?.conflict ?? 0), 0)
    const appends = counts.reduce(
      (sum, count) => sum + (count?.appended ?? 0) + (count?.repeated ?? 0),
      conflicts,
    )
    return { rate: sold / seconds, conflicts, appends }
  } finally {
    await Promise.all(gateways.map(({ kill }) => kill()))
    rmSync(folder, { recursive: true })
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const results: Record<1 | 2, Round[]> = { 1: [], 2: [] }
for (let index = 0; index < rounds; index++)
  for (const count of [1, 2] as const) results[count].push(await round(count))

for (const count of [1, 2] as const) {
  const conflicts = results[count].reduce((sum, one) => sum + one.conflicts, 0)
  const appends = results[count].reduce((sum, one) => sum + one.appends, 0)
  console.log(
    `${count} ${count === 1 ? 'gateway: ' : 'gateways:'} ${median(results[count].map(({ rate }) => rate)).toFixed(0)} sales/s, ` +
      `${conflicts} of ${appends} appends conflicted (${((100 * conflicts) / appends).toFixed(2)} %)`,
  )
}
console.log(`${callers} callers, ${rounds} rounds of ${seconds} s, medians`)
