// `npm run bench`: how many payments a second, as a ratio to the bare floor measured in the same run.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Connection } from './httpClient.ts'
import { type Closed, closedLoop, openLoop } from './loops.ts'
import { startFlags } from './startFlags.ts'
import { openTill, operatorKey, type Sale } from './till.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const size = 64
const catchUpMaxMs = 180_000

type Lags = { readonly lags: readonly { readonly behindMs: number }[] }
type Server = { readonly child: ChildProcess; readonly port: number }
type Usage = { readonly cpu: { readonly user: number; readonly system: number }; readonly memory: number }

async function start(file: string): Promise<Server> {
  const env = { ...process.env, OPERATOR_KEY: operatorKey }
  const child = fork(new URL(file, import.meta.url), { env, execArgv: startFlags() })
  // One that cannot start has said why, and would be waited for without end.
  child.once('exit', (code) => code && process.exit(code))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { child, port }
}

async function usage({ child }: Server): Promise<Usage> {
  child.send('usage')
  return ((await once(child, 'message')) as [Usage])[0]
}

const cpuMicros = ({ cpu }: Usage): number => cpu.user + cpu.system

type Measured = { readonly perSecond: number; readonly cpu: number }

async function measure(server: Server, run: () => Promise<Closed>): Promise<Measured> {
  const before = cpuMicros(await usage(server))
  const { count, seconds } = await run()
  const after = cpuMicros(await usage(server))
  return { perSecond: count / seconds, cpu: (after - before) / count }
}

const say = (text: string) => process.stderr.write(`${text}\n`)
const echo = await start('./echoServer.ts')
const gateway = await start('./gatewayServer.ts')
const till = await openTill(gateway.port)
let paid = 0

const echoOnce = (connection: Connection) => connection.send('/echo', '', till.saleBody())
const sellAndPay = async (connection: Connection) => {
  await till.pay(connection, await till.sell(connection))
  paid += 1
}

const kinds = ['echo', 'create', 'notify', 'payment'] as const
const results: Record<(typeof kinds)[number], Measured[]> = { echo: [], create: [], notify: [], payment: [] }

async function round(): Promise<void> {
  const sales: Sale[] = []
  const sell = async (connection: Connection) => void sales.push(await till.sell(connection))
  const payOne = async (connection: Connection) => {
    await till.pay(connection, sales.pop()!)
    paid += 1
  }
  const run = (work: (connection: Connection) => Promise<unknown>, more?: () => boolean) => () =>
    closedLoop(work === echoOnce ? echo.port : gateway.port, size, seconds, work, more)
  results.echo.push(await measure(echo, run(echoOnce)))
  results.create.push(await measure(gateway, run(sell)))
  results.notify.push(
    await measure(
      gateway,
      run(payOne, () => sales.length > 0),
    ),
  )
  results.payment.push(await measure(gateway, run(sellAndPay)))
}

say(`warming up ${seconds} s ...`)
await closedLoop(echo.port, size, seconds / 2, echoOnce)
await closedLoop(gateway.port, size, seconds, sellAndPay)
for (let index = 1; index <= rounds; index++) {
  say(`round ${index} of ${rounds} (about ${4 * seconds} s) ...`)
  await round()
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!
const rate = (kind: keyof typeof results) => median(results[kind].map(({ perSecond }) => perSecond))
const ratio = (kind: keyof typeof results) =>
  median(results[kind].map(({ perSecond }, index) => perSecond / results.echo[index]!.perSecond))

/** Readers of the log are behind after so much at once; steady load is measured once they are not. Answers for how long they were. */
async function caughtUp(): Promise<number> {
  const from = Date.now()
  while (Date.now() - from < catchUpMaxMs) {
    const { lags } = (await (await fetch(`http://127.0.0.1:${gateway.port}/readyz`)).json()) as Lags
    if (lags.every(({ behindMs }) => behindMs < 500)) break
    await wait(100)
  }
  return (Date.now() - from) / 1000
}

say('read models catch up ...')
const behindFor = await caughtUp()
say('latency at half the rate ...')
const half = rate('payment') / 2
const alone: number[] = []
await closedLoop(gateway.port, 1, Math.min(seconds, 3), async (connection) => {
  const from = performance.now()
  await till.sell(connection)
  alone.push(performance.now() - from)
})
const latency = await openLoop(gateway.port, half, seconds * 2, sellAndPay)

console.log(`${size} connections, ${rounds} rounds of ${seconds} s, medians; ratio to echo of the same round`)
for (const kind of kinds)
  console.log(
    `${kind.padEnd(8)} ${rate(kind).toFixed(0).padStart(6)}/s  ratio ${ratio(kind).toFixed(2)}  CPU ${median(
      results[kind].map(({ cpu }) => cpu),
    )
      .toFixed(0)
      .padStart(4)} µs`,
  )
const ms = (value: number) => `${value.toFixed(1)} ms`
console.log(
  `payment at ${half.toFixed(0)}/s, open loop: p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}, max ${ms(latency.max)}`,
)
console.log(
  `read models had caught up ${behindFor.toFixed(1)} s after the rounds, and ${(await caughtUp()).toFixed(1)} s after that`,
)
console.log(`create alone on one connection: p50 ${ms(median(alone))}`)
console.log(`memory ${((await usage(gateway)).memory / 2 ** 20).toFixed(0)} MB after ${paid} payments`)

const { count: known } = await till.takings()
console.log(
  `the API counts ${known} paid payments, the bench ${paid}: ${known === paid ? 'equal' : 'THEY DIFFER'}`,
)
process.exitCode = known === paid ? 0 : 1
echo.child.kill()
gateway.child.disconnect()
