// `npm run bench:cluster`: what a payment costs the gateway's process in CPU over EventStoreDB's protocol, beside the same gateway over its own SQLite log.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { bareClient } from './bareClient.ts'
import type { Connection } from './httpClient.ts'
import { closedLoop, openLoop } from './loops.ts'
import { startFlags } from './startFlags.ts'
import { openTill, operatorKey } from './till.ts'

const payments = Number(process.env.BENCH_PAYMENTS ?? 2_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
/** Payments a second, for both alike: what is done by the clock and in batches costs each payment more at a lower rate. */
const rate = Number(process.env.BENCH_RATE ?? 150)
const size = 64
const secondsMax = 120
const ratioMax = 2

type Usage = { readonly cpu: { readonly user: number; readonly system: number } }
type Lags = { readonly lags: readonly { readonly behindMs: number }[] }
type Till = Awaited<ReturnType<typeof openTill>>
type Gateway = {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
  readonly till: Till
  paid: number
}
type Measured = { readonly micros: number; readonly p50: number; readonly p99: number }

async function start(name: string, environment: Readonly<Record<string, string>>): Promise<Gateway> {
  const env = { ...process.env, OPERATOR_KEY: operatorKey, ...environment }
  // CPU_PROFILES: a folder for a profile of each, written when it ends.
  const profiles = process.env.CPU_PROFILES
  const execArgv = [
    ...startFlags(),
    ...(profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}/${name}`] : []),
  ]
  const child = fork(new URL('./gatewayServer.ts', import.meta.url), { env, execArgv })
  child.once('exit', (code) => code && process.exit(code))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { name, child, port, till: await openTill(port), paid: 0 }
}

async function cpuMicros({ child }: Gateway): Promise<number> {
  child.send('usage')
  const [{ cpu }] = (await once(child, 'message')) as [Usage]
  return cpu.user + cpu.system
}

/** What is written behind the answers belongs to the payment too. */
async function caughtUp({ name, port }: Gateway): Promise<void> {
  for (const until = performance.now() + secondsMax * 1_000; performance.now() < until; await wait(50)) {
    const { lags } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Lags
    if (lags.every(({ behindMs }) => behindMs === 0)) return
  }
  throw new Error(`${name}: the readers of the log did not catch up in ${secondsMax} s`)
}

const sellingAt = (gateway: Gateway) => async (connection: Connection) => {
  await gateway.till.pay(connection, await gateway.till.sell(connection))
  gateway.paid += 1
}

async function measure(gateway: Gateway): Promise<Measured> {
  await caughtUp(gateway)
  const [paid, before] = [gateway.paid, await cpuMicros(gateway)]
  const { p50, p99 } = await openLoop(gateway.port, rate, payments / rate, sellingAt(gateway))
  await caughtUp(gateway)
  return { micros: ((await cpuMicros(gateway)) - before) / (gateway.paid - paid), p50, p99 }
}

/** As fast as it goes, with the store and the callers on the same cores. */
async function mostPerSecond(gateway: Gateway): Promise<number> {
  const until = gateway.paid + payments
  const more = () => gateway.paid < until - size
  const { count, seconds } = await closedLoop(gateway.port, size, secondsMax, sellingAt(gateway), more)
  return count / seconds
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!

const server = fork(new URL('./eventStoreServer.ts', import.meta.url))
const [{ url }] = (await once(server, 'message')) as [{ url: string }]
const embedded = await start('sqlite', { EVENT_STORE: 'sqlite' })
const cluster = await start('eventstoredb', { EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: url })
const gateways = [embedded, cluster]
const results = new Map<Gateway, Measured[]>(gateways.map((gateway) => [gateway, []]))

process.stderr.write('warming up ...\n')
const most = new Map<Gateway, number>()
for (const gateway of gateways) most.set(gateway, await mostPerSecond(gateway))
for (let round = 1; round <= rounds; round++) {
  process.stderr.write(`round ${round} of ${rounds} ...\n`)
  for (const gateway of gateways) results.get(gateway)!.push(await measure(gateway))
}

console.log(
  `${rate} payments a second, ${rounds} rounds of ${payments} each, medians; CPU of the gateway's process until its readers have caught up`,
)
for (const [gateway, measured] of results) {
  const of = (field: keyof Measured) => median(measured.map((one) => one[field]))
  console.log(
    `${gateway.name.padEnd(12)} ${of('micros').toFixed(0).padStart(5)} µs a payment, p50 ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms; in a closed loop ${most.get(gateway)!.toFixed(0)}/s`,
  )
}
const pairs = results.get(cluster)!.map(({ micros }, index) => micros / results.get(embedded)![index]!.micros)
const ratio = median(pairs)
console.log(`ratio of the same round: ${ratio.toFixed(2)} (at most ${ratioMax.toFixed(2)} is asked)`)

const bare = await bareClient(url)
console.log(
  `EventStoreDB's client alone: ${bare.append.toFixed(0)} µs an append, ${bare.read.toFixed(0)} µs a read that finds nothing new`,
)

let agree = true
for (const { name, till, paid } of gateways) {
  const { count } = await till.takings()
  agree &&= count === paid
  console.log(
    `${name}: the API counts ${count} paid payments, the bench ${paid}: ${count === paid ? 'equal' : 'THEY DIFFER'}`,
  )
}
process.exitCode = agree && ratio <= ratioMax ? 0 : 1
for (const { child } of gateways) {
  child.disconnect()
  await once(child, 'exit')
}
server.disconnect()
