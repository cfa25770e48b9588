// How long a bank statement of many lines takes through HTTP, read, matched and durable, then sent again, and the most memory that takes.
// Run: node load-tests/reconciliationBench.ts [lines]. Of a hundred lines one each differs, has no bank reference, was never notified; one credit in a hundred is missing.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadableStream } from 'node:stream/web'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { newEventId } from '../src/adapters/node/eventIds.ts'
import { gatewayOver } from '../src/adapters/node/gatewayOver.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import type { CreditEvent } from '../src/domain/payments/credit.ts'
import { creditIdOf } from '../src/http/takeNotification.ts'

const lines = Number(process.argv[2] ?? 200_000)
const operatorKey = 'operator-key-of-the-bench'
const connectorId = 'con_7K3MA9QZXW4F'
const account = { bankBin: '970422', accountNumber: '0123456789' }
const day = '2026-11-20'
const at = `${day}T03:00:00.000Z`
const sampleMs = 100
const linesAPiece = 1_000
const appendsAtOnce = 512

const kinds = { differing: 1, nameless: 2, unnotified: 3, missing: 4 } as const
const isKind = (number: number, kind: keyof typeof kinds): boolean => number % 100 === kinds[kind]
const amountOf = (number: number): bigint => 1_000_000n + BigInt(number) * 7n

async function seed(dataDir: string): Promise<void> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const { merchants, connectors } = gatewayOver(store)
  const registered = { kind: 'vietqr-bank', name: 'Bank', registeredAt: at } as const
  await connectors.handle(connectorId, { type: 'RegisterConnector', data: registered }, {})
  const merchant = {
    name: 'Shop',
    taxCode: '0101234567',
    sector: 'supermarket',
    district: 'Hoàn Kiếm',
    settlementAccount: { ...account, accountName: 'SHOP' },
    feePlan: { percent: '0', fixed: '0' },
    latePolicy: { mode: 'hold' },
    keyId: 'key_7K3MA00000000000',
    registeredAt: at,
  } as const
  await merchants.handle('mer_7K3MA', { type: 'RegisterMerchant', data: merchant as never }, {})
  const credited = async (number: number) => {
    if (isKind(number, 'unnotified')) return
    const transactionId = `FT${number}`
    const amount = { amount: amountOf(number).toString(), currency: 'VND' } as const
    const received = { connectorId, ...account, amount, receivedAt: at }
    const events: CreditEvent[] = [
      {
        type: 'CreditReceived',
        data: { ...received, transactionId, references: [], sealed: 'v1.bench.none', occurredAt: at },
      },
      { type: 'CreditUnapplied', data: { ...received, reason: 'unmatched' } },
    ]
    const stream = `credit-${creditIdOf(connectorId, transactionId, nodeCrypto)}`
    await store.append(
      stream,
      0,
      events.map((event) => ({ ...event, id: newEventId(), metadata: {} })),
    )
  }
  for (let start = 0; start < lines; start += appendsAtOnce)
    await Promise.all(
      Array.from({ length: Math.min(appendsAtOnce, lines - start) }, (_, index) => credited(start + index)),
    )
  await store.close()
}

const bookedAmount = (number: number): bigint => amountOf(number) + (isKind(number, 'differing') ? 1n : 0n)
const booked = (number: number): string => {
  if (isKind(number, 'missing')) return ''
  const reference = isKind(number, 'nameless') ? '' : `<AcctSvcrRef>FT${number}</AcctSvcrRef>`
  return `<Ntry><Amt Ccy="VND">${bookedAmount(number)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt>${reference}<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>NGUYEN VAN A</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>190000${number}</Id></Othr></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BICFI>BFTVVNVX</BICFI></FinInstnId></DbtrAgt></RltdAgts><RmtInf><Ustrd>MBVCB.${number}.tien hang.CT tu 190000${number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`
}

function* statement(): Generator<Uint8Array> {
  const utf8 = new TextEncoder()
  let total = 0n
  for (let number = 0; number < lines; number++) if (!isKind(number, 'missing')) total += bookedAmount(number)
  const balance = (code: string, amount: bigint) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`
  yield utf8.encode(
    `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>${account.accountNumber}</Id></Othr></Id><Ccy>VND</Ccy></Acct>${balance('OPBD', 0n)}${balance('CLBD', total)}\n`,
  )
  for (let start = 0; start < lines; start += linesAPiece) {
    const size = Math.min(linesAPiece, lines - start)
    yield utf8.encode(Array.from({ length: size }, (_, index) => booked(start + index)).join(''))
  }
  yield utf8.encode('</Stmt></BkToCstmrStmt></Document>')
}

const dataDir = mkdtempSync(join(tmpdir(), 'thungan-bench-'))
await seed(dataDir)
const server = fork(fileURLToPath(new URL('gatewayServer.ts', import.meta.url)), {
  env: { ...process.env, OPERATOR_KEY: operatorKey, BENCH_DATA_DIR: dataDir },
})
const [{ port }] = (await once(server, 'message')) as [{ port: number }]
const base = `http://127.0.0.1:${port}`
for (;;) {
  const { lags } = (await (await fetch(`${base}/readyz`)).json()) as { lags: { behindMs: number }[] }
  if (lags.every(({ behindMs }) => behindMs === 0)) break
  await wait(500)
}

let peak = 0
let cpuSeconds = 0
const ask = (child: ChildProcess) => child.send('how much')
server.on('message', ({ memory, cpu }: { memory?: number; cpu?: NodeJS.CpuUsage }) => {
  if (memory) peak = Math.max(peak, memory)
  if (cpu) cpuSeconds = (cpu.user + cpu.system) / 1_000_000
})
const lastSample = () => wait(2 * sampleMs)
const sampling = setInterval(ask, sampleMs, server)

type Answer = { known: number; totals: Record<string, { count: number }> }

async function send(what: string): Promise<void> {
  await lastSample()
  peak = 0
  const before = cpuSeconds
  const started = performance.now()
  const response = await fetch(`${base}/v1/reconciliations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/xml' },
    body: ReadableStream.from(statement()),
    duplex: 'half',
  } as RequestInit)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  const seconds = (performance.now() - started) / 1_000
  await lastSample()
  const { totals } = JSON.parse(text) as Answer
  const counts = Object.entries(totals).map(([list, { count }]) => `${count} ${list}`)
  console.log(
    `${what}: ${lines} lines in ${seconds.toFixed(1)} s (${counts.join(', ')}): ` +
      `${Math.round(lines / seconds)} lines/s, ${(cpuSeconds - before).toFixed(1)} s of CPU, at most ${Math.round(peak / 1_048_576)} MiB`,
  )
}

await send('new')
await send('again')
clearInterval(sampling)
server.disconnect()
await once(server, 'exit')
rmSync(dataDir, { recursive: true })
