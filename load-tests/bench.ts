// `npm run bench`: how many payments a second, as a ratio to the bare floor measured in the same run.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Connection, openConnection } from './httpClient.ts'
import { openTill, operatorKey, type Sale } from './till.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 8)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const connectionsMax = 64

type Measured = {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
}

/** Every connection does `work` again and again for some seconds; the first tenth is warm-up and not counted. */
async function closedLoop(
  child: ChildProcess,
  connections: Connection[],
  work: (c: Connection) => Promise<unknown>,
): Promise<Measured> {
  const start = performance.now()
  const counted = start + seconds * 100
  const end = start + seconds * 1000
  const times: number[] = []
  let cpuBefore = 0
  const timer = setTimeout(async () => {
    cpuBefore = await cpuMicros(child)
  }, seconds * 100)
  await Promise.all(
    connections.map(async (connection) => {
      for (let now = performance.now(); now < end; ) {
        await work(connection)
        const done = performance.now()
        if (now > counted) times.push(done - now)
        now = done
      }
    }),
  )
  clearTimeout(timer)
  const cpu = (await cpuMicros(child)) - cpuBefore
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / (seconds * 0.9),
    cpuMicros: cpu / times.length,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
  }
}

async function cpuMicros(child: ChildProcess): Promise<number> {
  child.send('usage')
  const [message] = (await once(child, 'message')) as [{ cpu: { user: number; system: number } }]
  return message.cpu.user + message.cpu.system
}

async function start(
  file: string,
): Promise<{ child: ChildProcess; port: number; connections: Connection[] }> {
  const child = fork(new URL(file, import.meta.url), { env: { ...process.env, OPERATOR_KEY: operatorKey } })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const connections = await Promise.all(Array.from({ length: connectionsMax }, () => openConnection(port)))
  return { child, port, connections }
}

const echo = await start('./echoServer.ts')
const gateway = await start('./gatewayServer.ts')
const till = await openTill(gateway.port)
const results: Record<'echo' | 'create' | 'notify' | 'payment', Measured[]> = {
  echo: [],
  create: [],
  notify: [],
  payment: [],
}
let sold = 0

for (let round = 1; round <= rounds; round++) {
  process.stderr.write(`round ${round} of ${rounds} ...\n`)
  results.echo.push(
    await closedLoop(echo.child, echo.connections, (c) => c.send('/echo', '', till.saleBody())),
  )
  const open: Sale[] = []
  results.create.push(
    await closedLoop(gateway.child, gateway.connections, async (c) => {
      open.push(await till.sell(c))
    }),
  )
  results.notify.push(
    await closedLoop(gateway.child, gateway.connections, async (c) => {
      const sale = open.pop()
      if (!sale) return new Promise((resolve) => setTimeout(resolve, 1))
      sold++
      return till.pay(c, sale)
    }),
  )
  results.payment.push(
    await closedLoop(gateway.child, gateway.connections, async (c) => {
      await till.pay(c, await till.sell(c))
      sold++
    }),
  )
}

const median = (list: Measured[], key: keyof Measured): number =>
  list.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(list.length / 2)]!
const floor = median(results.echo, 'perSecond')
console.log(`64 connections, ${rounds} rounds of ${seconds} s, medians; ratio to echo in the same run`)
for (const [name, list] of Object.entries(results)) {
  const rate = median(list, 'perSecond')
  const columns = [
    name.padEnd(8),
    `${rate.toFixed(0).padStart(7)}/s`,
    `ratio ${(rate / floor).toFixed(2)}`,
    `CPU ${median(list, 'cpuMicros').toFixed(0).padStart(4)} µs`,
    `p50 ${median(list, 'p50').toFixed(1)} ms`,
    `p99 ${median(list, 'p99').toFixed(1)} ms`,
  ]
  console.log(columns.join('  '))
}
console.log(`paid in all: ${sold}`)
echo.child.kill()
gateway.child.disconnect()
for (const { connections } of [echo, gateway]) for (const connection of connections) connection.close()
