// How long an inquiry for the bills of a customer takes, at a given rate, with millions of bills in the store.
// Beside it, in the same run, what GET /healthz takes at that rate: the machine, its network and the load generator.
// Run: node load-tests/inquiryBench.ts [bills] [per second] [seconds]. The store lies in the temporary folder, about 1 KiB a bill.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { billsACustomer, customerCodeOf, fillStore } from './billStore.ts'
import type { Connection } from './httpClient.ts'
import { openLoop } from './loops.ts'
import { startFlags } from './startFlags.ts'

const [bills, perSecond, seconds] = [
  Number(process.argv[2] ?? 3_000_000),
  Number(process.argv[3] ?? 500),
  Number(process.argv[4] ?? 20),
]
const warmUpSeconds = 5
/** Each of a bank of its own: a key may ask 30,000 times a minute. */
const askers = 4
const operatorKey = 'operator-key-of-the-bench'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-inquiry-'))

async function start() {
  const server = fork(fileURLToPath(new URL('gatewayServer.ts', import.meta.url)), {
    env: { ...process.env, OPERATOR_KEY: operatorKey, BENCH_DATA_DIR: dataDir },
    execArgv: startFlags(),
  })
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  const stop = async () => {
    server.disconnect()
    await once(server, 'exit')
  }
  const usage = async () => {
    const heard = once(server, 'message')
    server.send('how much')
    return ((await heard) as [{ cpu: NodeJS.CpuUsage; memory: number }])[0]
  }
  return { url: `http://127.0.0.1:${port}`, port, stop, usage }
}
type Server = Awaited<ReturnType<typeof start>>

const json = async ({ url }: Server, method: string, path: string, key: string, body: object) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
  return (await response.json()) as { id: string; apiKey: string }
}
const merchant = (server: Server, sector: string) =>
  json(server, 'POST', '/v1/merchants', operatorKey, {
    name: 'Điện lực',
    taxCode: '0101234567',
    sector,
    district: 'Hoàn Kiếm',
    settlementAccount: { bankBin: '970422', accountNumber: '0123456789', accountName: 'DIEN LUC' },
  })

async function openBiller() {
  const server = await start()
  const biller = await merchant(server, 'electricity')
  await json(server, 'PUT', `/v1/billers/${biller.id}`, biller.apiKey, { customerCode: { check: 'evn' } })
  const keys = await Promise.all(Array.from({ length: askers }, () => merchant(server, 'other')))
  await server.stop()
  return { billerId: biller.id, keys: [biller, ...keys].map(({ apiKey }) => apiKey) }
}

/** The processes read the log once before they are up with it. */
async function caughtUp({ url }: Server): Promise<void> {
  for (;;) {
    const { lags } = (await (await fetch(`${url}/readyz`)).json()) as { lags: { behindMs: number }[] }
    if (lags.every(({ behindMs }) => behindMs === 0)) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

const ms = (value: number) => `${value.toFixed(2)} ms`

try {
  const begun = performance.now()
  const since = () => `${((performance.now() - begun) / 1_000).toFixed(0)} s`
  const { billerId, keys } = await openBiller()
  await fillStore(dataDir, billerId, bills)
  console.log(`${bills} bills of ${Math.ceil(bills / billsACustomer)} customers written, after ${since()}`)
  const server = await start()
  await caughtUp(server)
  console.log(`the gateway is up with them, after ${since()}`)

  let asked = 0
  const wrong: string[] = []
  const work = async (connection: Connection) => {
    const code = customerCodeOf(Math.floor((Math.random() * bills) / billsACustomer))
    const key = keys[asked++ % keys.length]!
    const path = `/v1/bills?billerId=${billerId}&customerCode=${code}`
    const { status, body } = await connection.get(path, `authorization: Bearer ${key}\r\n`)
    if (status !== 200 || body.split('"billNumber"').length - 1 !== billsACustomer)
      wrong.push(`${status} ${body}`)
  }
  const idle = (connection: Connection) => connection.get('/healthz', '')
  for (const [what, asking] of [
    ['GET /healthz', idle],
    ['inquiries', work],
  ] as const) {
    await openLoop(server.port, perSecond, warmUpSeconds, asking)
    const before = await server.usage()
    const { p50, p95, p99, max } = await openLoop(server.port, perSecond, seconds, asking)
    const after = await server.usage()
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
    console.log(
      `${what}, ${perSecond}/s for ${seconds} s: p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, max ${ms(max)}; ` +
        `${Math.round(cpu / (perSecond * seconds))} µs of processor each, ${Math.round(after.memory / 1_048_576)} MiB`,
    )
  }
  if (wrong.length > 0) console.log(`${wrong.length} WRONG ANSWERS, such as ${wrong[0]}`)
  process.exitCode = wrong.length > 0 ? 1 : 0
  await server.stop()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
