// How many bills a second a biller's file is taken at through HTTP, durably, first new and then again, and the most memory that takes.
// Run: node load-tests/billsBench.ts [bills] [names]; with `names` each bill has its own customer, sealed under a key of its own.
// Beside it, in the same run, what the store alone does with as many bills; processor time is that of the whole gateway.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { storeAlone } from './billsFloor.ts'
import { startFlags } from './startFlags.ts'

const bills = Number(process.argv[2] ?? 200_000)
const named = process.argv[3] === 'names'
const operatorKey = 'operator-key-of-the-bench'
const sampleMs = 100
const rowsAPiece = 1_000

const server = fork(fileURLToPath(new URL('gatewayServer.ts', import.meta.url)), {
  env: { ...process.env, OPERATOR_KEY: operatorKey },
  execArgv: startFlags(),
})
const [{ port }] = (await once(server, 'message')) as [{ port: number }]

const json = async (method: string, path: string, key: string, body: object) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
  return (await response.json()) as { id: string; apiKey: string }
}

const biller = await json('POST', '/v1/merchants', operatorKey, {
  name: 'Điện lực',
  taxCode: '0101234567',
  sector: 'electricity',
  district: 'Hoàn Kiếm',
  settlementAccount: { bankBin: '970422', accountNumber: '0123456789', accountName: 'DIEN LUC' },
})
await json('PUT', `/v1/billers/${biller.id}`, biller.apiKey, { customerCode: { check: 'evn' } })

const row = (number: number): string => {
  const digits = String(number).padStart(9, '0')
  const customer = named ? `,Nguyễn Văn ${digits},0${digits},${number} Tràng Tiền` : ',,,'
  return `HD${digits},PD13${digits},${10_000 + number},2026-11-05,2026-11-12${customer}\n`
}
function* file(): Generator<Uint8Array> {
  const utf8 = new TextEncoder()
  yield utf8.encode(
    'billNumber,customerCode,amount,issuedOn,dueOn,customerName,customerPhone,customerAddress\n',
  )
  for (let start = 0; start < bills; start += rowsAPiece) {
    const size = Math.min(rowsAPiece, bills - start)
    yield utf8.encode(Array.from({ length: size }, (_, at) => row(start + at)).join(''))
  }
}

type Usage = { readonly cpu: NodeJS.CpuUsage; readonly memory: number }
let peak = 0
let cpu = 0
const ask = (child: ChildProcess) => child.send('how much')
server.on('message', ({ cpu: used, memory }: Partial<Usage>) => {
  if (used) cpu = used.user + used.system
  peak = Math.max(peak, memory ?? 0)
})
const cpuNow = async (): Promise<number> => {
  const heard = once(server, 'message')
  ask(server)
  await heard
  return cpu
}
const sampling = setInterval(ask, sampleMs, server)

/** Not by fetch, which waits five minutes for an answer and no longer. */
async function upload() {
  const headers = {
    authorization: `Bearer ${biller.apiKey}`,
    'content-type': 'text/csv',
    'control-count': `${bills}`,
  }
  const sending = request({ port, host: '127.0.0.1', method: 'POST', path: '/v1/bills', headers })
  const answering = once(sending, 'response') as Promise<[IncomingMessage]>
  await pipeline(file(), sending)
  const [response] = await answering
  return (await readJson(response)) as { accepted: number; unchanged: number; rejectedCount: number }
}

async function send(what: string): Promise<void> {
  peak = 0
  const cpuBefore = await cpuNow()
  const started = performance.now()
  const answer = await upload()
  const seconds = (performance.now() - started) / 1_000
  const { accepted, unchanged, rejectedCount } = answer
  const rate = Math.round(bills / seconds)
  const each = ((await cpuNow()) - cpuBefore) / bills
  console.log(
    `${what}: ${accepted} accepted, ${unchanged} unchanged, ${rejectedCount} rejected in ${seconds.toFixed(1)} s: ` +
      `${rate} bills/s, ${each.toFixed(1)} µs of processor a bill, at most ${Math.round(peak / 1_048_576)} MiB`,
  )
}

const floor = await storeAlone(bills, named)
console.log(
  `the store${named ? ' and the vault' : ''} alone: ${floor.perSecond} bills/s, ${floor.cpuMicroseconds.toFixed(1)} µs of processor a bill`,
)
await send(named ? 'new, with customers' : 'new')
await send('again')
clearInterval(sampling)
server.disconnect()
