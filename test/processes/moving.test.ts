// A shop that moves: from a folder into a cluster and back, by the real commands; books, names, webhooks and receivers go on.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { checkSignature } from '../../src/adapters/node/signer.ts'
import { verifyLog } from '../../src/adapters/sqlite/verifyLog.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { billFile, billRow } from '../support/billers.ts'
import { callerOf, openShopAt } from '../support/client.ts'
import { openEventStoreDouble } from '../support/eventstoredb/double.ts'
import { eventually, supermarket } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { openReceiver } from '../support/receiver.ts'
import { thungan } from '../support/thungan.ts'

vi.setConfig({ testTimeout: 120_000 }) // nine processes, also on a busy machine

const operatorKey = 'operator-key-of-a-move'
const folder = mkdtempSync(join(tmpdir(), 'thungan-move-'))
const running: GatewayProcess[] = []
const double = await openEventStoreDouble({ firstPosition: 0n })
const receiver = await openReceiver()
afterAll(async () => {
  await Promise.all(running.map(({ kill }) => kill()))
  double.close()
  await receiver.close()
  rmSync(folder, { recursive: true })
})

const here = join(folder, 'here')
const there = join(folder, 'there')
const back = join(folder, 'back')
const cluster = { EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: `${double.url}&discoveryInterval=20` }
const common = { OPERATOR_KEY: operatorKey, DEMO: '0', LOG_LEVEL: 'error', PUBLIC_URL: 'https://pay.example' }

async function start(environment: Readonly<Record<string, string>>) {
  const port = await freePort() // its own address is not the one that it prints
  const gateway = startGateway({ ...common, ...environment, PORT: String(port) })
  running.push(gateway)
  await gateway.printed(/is open/)
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    gateway.child.kill('SIGTERM')
    expect((await gateway.ended).code).toBe(0)
  }
  return { ...callerOf(url), url, stop }
}
type Gateway = Awaited<ReturnType<typeof start>>

/** What belongs to the log and is not in it. */
function copyBeside(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of ['master.key', 'vault.sqlite', 'webhooks.sqlite'])
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name))
}

async function upload({ url }: Gateway, key: string, ...rows: string[]): Promise<void> {
  const body = billFile(...rows).replace('dueOn', 'dueOn,customerName')
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/csv' }
  expect((await fetch(`${url}/v1/bills`, { method: 'POST', body, headers })).status).toBe(200)
}

const sequences = () => receiver.received.map(({ body }) => body.sequence as number)

test('all that was owed, sealed, forgotten and numbered is the same after a move into a cluster, and after the way back', async () => {
  let gateway = await start({ DATA_DIR: here })
  const shop = await openShopAt(gateway, operatorKey)
  const electricity = { ...supermarket, name: 'Điện lực', sector: 'electricity' }
  const biller = (await gateway.post('/v1/merchants', operatorKey, electricity)).body
  const put = { method: 'PUT', body: JSON.stringify(plainProfile) }
  const headers = { authorization: `Bearer ${biller.apiKey}`, 'content-type': 'application/json' }
  expect((await fetch(`${gateway.url}/v1/billers/${biller.id}`, { ...put, headers })).status).toBe(200)
  const hook = { url: receiver.url, events: ['payment.created'] }
  expect((await gateway.post('/v1/webhook-endpoints', shop.key, hook)).status).toBe(201)

  const asked: { id: string; qr: { payload: string } }[] = []
  const sell = async (count: number) => {
    for (let sale = 0; sale < count; sale++) {
      const body = { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND' }
      const payment = (await gateway.post('/v1/payments', shop.key, body)).body
      asked.push(payment)
      await gateway.post('/v1/sandbox/pay', '', { qrPayload: payment.qr.payload })
    }
    await eventually('every message has come', () => sequences().at(-1) === asked.length)
  }
  const balance = async () => {
    const path = '/v1/ledger/trial-balance'
    const paid = String(125_000 * asked.length)
    let body: { accounts: readonly object[] } = { accounts: [] }
    await eventually('the books have all of it', async () => {
      body = (await gateway.get(path, operatorKey)).body
      return JSON.stringify(body.accounts).includes(`"${paid}"`)
    })
    return body.accounts
  }
  const nameOf = async (code: string) => {
    const path = `/v1/bills?billerId=${biller.id}&customerCode=${code}`
    const bills = async () => (await gateway.get(path, biller.apiKey)).body
    await eventually('the bills are listed', async () => (await bills()).data?.length > 0)
    return (await bills()).customer?.name
  }
  const forget = (customerCode: string) =>
    gateway.post(`/v1/billers/${biller.id}/customers/forget`, biller.apiKey, { customerCode })
  const [known, forgotten, late] = ['PD13000000001', 'PD13000000002', 'PD13000000003'] as const

  await upload(
    gateway,
    biller.apiKey,
    `${billRow('A1', '1000', known)},An`,
    `${billRow('A2', '1000', forgotten)},Bình`,
  )
  expect(await nameOf(forgotten)).toBe('Bình')
  expect((await forget(forgotten)).status).toBe(200)
  await sell(3)
  const booked = await balance()
  const first = (await gateway.get(`/v1/payments/${asked[0]!.id}`, shop.key)).text
  await gateway.stop()

  const file = join(folder, 'log.ndjson')
  const written = await thungan(['export', file, '--data-dir', here, '--json'])
  expect(written).toMatchObject({ status: 0 })
  const taken = await thungan(['import', file, '--json'], cluster)
  expect(taken).toMatchObject({ status: 0 })
  const { count, sha256 } = JSON.parse(written.stdout)
  expect(JSON.parse(taken.stdout)).toEqual({ ok: true, file: { count, sha256 }, target: { count, sha256 } })

  copyBeside(here, there)
  gateway = await start({ DATA_DIR: there, ...cluster })
  expect(await balance()).toEqual(booked)
  expect((await gateway.get(`/v1/payments/${asked[0]!.id}`, shop.key)).text).toBe(first)
  expect([await nameOf(known), await nameOf(forgotten)]).toEqual(['An', undefined])
  expect((await forget(known)).body.code).toBe('forgetting_unavailable')
  await upload(gateway, biller.apiKey, `${billRow('A3', '1000', late)},Chi`)
  await sell(2)
  const bookedThere = await balance()
  await gateway.stop()

  const second = join(folder, 'log-of-the-cluster.ndjson')
  expect(await thungan(['export', second], cluster)).toMatchObject({ status: 0 })
  expect(await thungan(['import', second, '--data-dir', back])).toMatchObject({ status: 0 })
  expect(
    readFileSync(second, 'utf8').startsWith(readFileSync(file, 'utf8').split('\n').slice(0, -2).join('\n')),
  ).toBe(true)
  copyBeside(there, back)
  const events = { file: join(back, 'events.sqlite'), checkSignature }
  expect(await verifyLog(events)).not.toHaveProperty('finding')
  const asksToForget = await thungan(['forget', biller.id, known, '--data-dir', back])
  expect([asksToForget.status, asksToForget.stderr]).toEqual([2, expect.stringContaining('was in a cluster')])

  gateway = await start({ DATA_DIR: back })
  expect(await balance()).toEqual(bookedThere)
  expect([await nameOf(known), await nameOf(forgotten), await nameOf(late)]).toEqual(['An', undefined, 'Chi'])
  expect((await forget(known)).body.code).toBe('forgetting_unavailable')
  await sell(1)
  await gateway.stop()

  expect(sequences()).toEqual([1, 2, 3, 4, 5, 6]) // none was left out, none came twice
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(receiver.received.map(({ body }) => body.previousId)).toEqual([null, ...ids.slice(0, -1)])
})

test('a folder or a cluster into which a log is still being moved is not opened as if it were empty', async () => {
  const half = join(folder, 'half')
  mkdirSync(half)
  writeFileSync(join(half, 'events.sqlite.moving'), '')
  const { code, err } = await startGateway({ ...common, DATA_DIR: half }).ended
  expect([code, err]).toEqual([1, expect.stringContaining('run thungan import again')])
  expect(existsSync(join(half, 'events.sqlite'))).toBe(false)
})
