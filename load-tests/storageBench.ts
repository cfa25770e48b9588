// `npm run bench:storage`: how many bytes of disk a payment takes, by file, after many payments through the API.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from './httpClient.ts'
import { closedLoop } from './loops.ts'
import { startFlags } from './startFlags.ts'
import { type OpenTill, openTill, operatorKey } from './till.ts'

const payments = Number(process.env.BENCH_PAYMENTS ?? 100_000)
const merchants = Number(process.env.BENCH_MERCHANTS ?? 100)
const size = 64
const secondsMax = 500
type Lags = { readonly lags: readonly { readonly behindMs: number }[] }

const dataDir = mkdtempSync(join(tmpdir(), 'thungan-storage-'))
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end())
}).listen(0, '127.0.0.1')
await once(receiver, 'listening')
const hooks = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`

async function start() {
  const env = { ...process.env, OPERATOR_KEY: operatorKey, BENCH_DATA_DIR: dataDir }
  const child = fork(new URL('./gatewayServer.ts', import.meta.url), { env, execArgv: startFlags() })
  child.once('exit', (code) => code && process.exit(code))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const stop = async () => {
    child.disconnect()
    await once(child, 'exit') // in good order, so that nothing is left beside the files
  }
  return { port, stop }
}

/** A merchant with one webhook endpoint, which takes every type. */
async function shop(port: number): Promise<OpenTill> {
  const till = await openTill(port)
  const response = await fetch(`http://127.0.0.1:${port}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${till.merchantKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: hooks }),
  })
  if (response.status !== 201) throw new Error(await response.text())
  return till
}

async function caughtUp(port: number): Promise<void> {
  for (const until = performance.now() + secondsMax * 1_000; performance.now() < until; await wait(100)) {
    const { lags } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Lags
    if (lags.every(({ behindMs }) => behindMs === 0)) return
  }
  throw new Error(`the readers of the log did not catch up in ${secondsMax} s`)
}

const sizes = (): Map<string, number> =>
  new Map(readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).size]))

try {
  const first = await start()
  const shops: OpenTill[] = []
  for (let index = 0; index < merchants; index++) shops.push(await shop(first.port))
  await caughtUp(first.port)
  await first.stop()
  const before = sizes()

  const second = await start()
  let begun = 0
  const sellAndPay = async (connection: Connection) => {
    const till = shops[begun++ % shops.length]!
    await till.pay(connection, await till.sell(connection))
  }
  const { count } = await closedLoop(second.port, size, secondsMax, sellAndPay, () => begun < payments)
  await caughtUp(second.port)
  await second.stop()

  console.log(
    `${count} payments of ${merchants} merchants by QR, each made and paid by one transfer, told to one webhook endpoint a merchant (3 messages)`,
  )
  let total = 0
  for (const [name, bytes] of [...sizes()].sort((a, b) => b[1] - a[1])) {
    const grown = (bytes - (before.get(name) ?? 0)) / count
    total += grown
    if (name.endsWith('.sqlite'))
      console.log(`${name.padEnd(20)} ${grown.toFixed(0).padStart(6)} bytes a payment`)
  }
  console.log(`${'together'.padEnd(20)} ${total.toFixed(0).padStart(6)} bytes a payment`)
} finally {
  receiver.close()
  receiver.closeAllConnections()
  rmSync(dataDir, { recursive: true })
}
