// `npm run bench:pos`: sales of 200 tills over ISO 8583, at a given rate, beside a bare echo of the same framing in the same run.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { loadTills, type PosLoad, type Terminal } from './posLoad.ts'
import { openTill, operatorKey } from './till.ts'

const rate = Number(process.env.POS_RATE ?? 2_000)
const seconds = Number(process.env.POS_SECONDS ?? 20)
const count = Number(process.env.POS_TILLS ?? 200)

type Server = { readonly child: ChildProcess; readonly port: number; readonly tillPort: number }

async function start(file: string): Promise<Server> {
  const env = { ...process.env, OPERATOR_KEY: operatorKey, ISO8583_PORT: '0' }
  const child = fork(new URL(file, import.meta.url), { env })
  // One that cannot start has said why, and would be waited for without end.
  child.once('exit', (code) => code && process.exit(code))
  const [{ port, tillPort }] = (await once(child, 'message')) as [{ port: number; tillPort: number }]
  return { child, port, tillPort }
}

async function cpuMicros({ child }: Server): Promise<number> {
  child.send('usage')
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: { user: number; system: number } }]
  return cpu.user + cpu.system
}

const say = (text: string) => process.stderr.write(`${text}\n`)
const echo = await start('./posEchoServer.ts')
const gateway = await start('./gatewayServer.ts')
say(`opening ${count} tills ...`)
const shop = await openTill(gateway.port)
const terminals = await openTerminals()

async function measure(server: Server, firstStan: number, secondsLong: number) {
  const before = await cpuMicros(server)
  const echoed = server === echo
  const load = await loadTills(server.tillPort, terminals, rate, secondsLong, { firstStan, echoed })
  return { ...load, cpu: ((await cpuMicros(server)) - before) / load.answered }
}

say(`warming up ${seconds / 4} s ...`)
const warm = await measure(gateway, 1, seconds / 4)
say(`the echo, ${seconds / 4} s ...`)
const floor = await measure(echo, 1, seconds / 4)
say(`sales at ${rate}/s, ${seconds} s ...`)
const sales = await measure(gateway, warm.nextStan, seconds)

const ms = (value: number) => `${value.toFixed(1)} ms`
const line = (name: string, { perSecond, p50, p95, p99, max, cpu }: PosLoad & { cpu: number }) =>
  console.log(
    `${name} ${perSecond.toFixed(0).padStart(6)}/s  p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, max ${ms(max)}  CPU ${cpu.toFixed(0)} µs`,
  )
console.log(`${count} tills, ${rate} sales a second asked for, open loop`)
line('echo', floor)
line('sale', sales)
console.log(`CPU of a sale: ${(sales.cpu / floor.cpu).toFixed(1)} times that of an echo`)

const sold = warm.answered + sales.answered
const { count: known } = await shop.takings()
console.log(
  `the API counts ${known} paid sales, the tills ${sold}: ${known === sold ? 'equal' : 'THEY DIFFER'}`,
)
process.exitCode = known === sold && sales.answered === Math.floor(rate * seconds) ? 0 : 1
echo.child.disconnect()
gateway.child.disconnect()

async function openTerminals(): Promise<Terminal[]> {
  const { merchantKey, siteId } = shop
  const post = async (path: string, key: string, body: object) => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json() as Promise<Terminal & { activationCode: string }>
  }
  const opened: Terminal[] = []
  for (let one = 0; one < count; one++) {
    const body = { siteId, kind: 'pos', serialNumber: `SN-${one}` }
    const { activationCode, ...terminal } = await post('/v1/terminals', merchantKey, body)
    await post('/v1/terminals/activate', '', { activationCode })
    opened.push(terminal)
  }
  return opened
}
