// kill -9 while a file of bills comes in, and while its rows are recorded: the same file again completes it, each row once.
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { callerOf } from '../support/client.ts'
import { eventually, supermarket } from '../support/gateway.ts'
import { type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }) // processes start many times, also on a busy machine

const bills = 6_000
const uploadId = 'upl_7K3MA9QZXW4F2P8R'
const operatorKey = 'operator-key-of-the-crash-test'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-bills-crash-'))
const running: GatewayProcess[] = []
afterAll(async () => {
  await Promise.all(running.map(({ kill }) => kill()))
  rmSync(dataDir, { recursive: true, force: true })
})

const row = (at: number) =>
  `HD${at},PD13${String(at).padStart(9, '0')},${10_000 + at},2026-11-05,2026-11-12,Nguyễn Văn ${at}`
const file = ['billNumber,customerCode,amount,issuedOn,dueOn,customerName']
  .concat(Array.from({ length: bills }, (_, at) => row(at)))
  .join('\n')

async function start() {
  const environment = { DATA_DIR: dataDir, OPERATOR_KEY: operatorKey, DEMO: '0', LOG_LEVEL: 'error' }
  const gateway = startGateway(environment)
  running.push(gateway)
  return { ...gateway, url: await gateway.url() }
}
type Server = Awaited<ReturnType<typeof start>>

let server: Server
let key: string
beforeAll(async () => {
  server = await start()
  const merchant = { ...supermarket, name: 'Điện lực', sector: 'electricity' }
  const { id, apiKey } = (await callerOf(server.url).post('/v1/merchants', operatorKey, merchant)).body
  key = apiKey
  const set = await fetch(`${server.url}/v1/billers/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(plainProfile),
  })
  expect(set.status).toBe(200)
})

const send = (body: string | ReadableStream) =>
  fetch(`${server.url}/v1/bills`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv', 'upload-id': uploadId },
    body,
    duplex: 'half',
  } as RequestInit)

const progress = async () => (await callerOf(server.url).get(`/v1/bills/uploads/${uploadId}`, key)).body

async function billEvents(): Promise<readonly Recorded[]> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = await store.readAll('', 1_000_000)
  await store.close()
  return events.filter(({ stream }) => stream.startsWith('bill-'))
}

/** What a request ends with that is cut: not an answer. */
const cut = (request: Promise<Response>) =>
  request.then(
    ({ status }) => status,
    (error: unknown) => (error as Error).name,
  )

test('killed before the file is whole: nothing is recorded, and nothing of it lies in the folder', async () => {
  const half = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(file.slice(0, file.length / 2))),
  })
  const answer = cut(send(half))
  await eventually('half of it has come in', async () => (await progress()).rows > 0)
  await server.kill()
  expect(await answer).toBe('TypeError')
  expect(await billEvents()).toEqual([])
  expect(readdirSync(dataDir).filter((name) => name.startsWith('upload'))).toEqual([])
  server = await start()
  expect((await progress()).code).toBe('not_found')
})

test('killed while its rows are recorded, twice: the file again completes it and says what was there', async () => {
  let before = 0
  for (const share of [0.2, 0.5]) {
    const answer = cut(send(file))
    await eventually('some of it is recorded', async () => {
      const { accepted, unchanged } = await progress()
      return accepted + unchanged >= bills * share && accepted > 0
    })
    await server.kill()
    expect(await answer).toBe('TypeError') // or it was taken whole before it was killed, and this shows nothing
    const recorded = (await billEvents()).length
    expect(recorded).toBeGreaterThan(before)
    expect(recorded).toBeLessThan(bills)
    before = recorded
    server = await start()
  }
  expect(await (await send(file)).json()).toMatchObject({
    accepted: bills - before,
    unchanged: before,
    rejectedCount: 0,
  })
})

test('sent on two connections at once afterwards, it changes nothing, and each is answered', async () => {
  const answers = await Promise.all([send(file), send(file)].map(async (answer) => (await answer).json()))
  for (const answer of answers) expect(answer).toMatchObject({ accepted: 0, unchanged: bills })
  await eventually('the read models have counted all', async () => {
    const { lags } = (await callerOf(server.url).get('/readyz')).body
    return lags.every(({ behindMs }: { behindMs: number }) => behindMs === 0)
  })
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')
  const events = await billEvents()
  expect(events.map(({ type }) => type)).toEqual(Array(bills).fill('BillIssued'))
  expect(new Set(events.map(({ stream }) => stream)).size).toBe(bills)
  const readModels = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  expect(readModels.projector.checkpoint()).toBe(await store.head())
  expect((await readModels.rebuild(store)).differing).toEqual([])
  readModels.close()
  await store.close()
})
