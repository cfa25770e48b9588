// A customer that is forgotten leaves no trace in any file: neither the name nor the key, also where the process was killed.
import { createDecipheriv } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { billFile, billRow } from '../support/billers.ts'
import { type Caller, callerOf } from '../support/client.ts'
import { supermarket } from '../support/gateway.ts'
import { freePort, type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { thungan } from '../support/thungan.ts'
import { filesIn, filesWith } from '../support/traces.ts'

const operatorKey = 'operator-key-of-the-privacy-test'
const dataDir = mkdtempSync(join(tmpdir(), 'thungan-forgotten-'))
const running: GatewayProcess[] = []
afterAll(async () => {
  await Promise.all(running.map(({ kill }) => kill()))
  rmSync(dataDir, { recursive: true, force: true })
})

const code = (at: number): string => `PD13000${String(100_000 + at)}`
const personal = (at: number) =>
  [`Đặng Thị Ánh Tuyết ${at}`, `09876${String(10_000 + at)}`, `${at} ngõ Huế, Hai Bà Trưng`] as const
const columns = 'dueOn,customerName,customerPhone,customerAddress'
const row = (number: string, at: number): string => {
  const [name, phone, address] = personal(at)
  return `${billRow(number, '1000', code(at))},${name},${phone},"${address}"`
}
const file = (...rows: string[]): string => billFile(...rows).replace('dueOn', columns)

async function start(): Promise<GatewayProcess & { at: string; caller: Caller }> {
  const port = String(await freePort())
  const gateway = startGateway({
    PORT: port,
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'debug',
  })
  running.push(gateway)
  await gateway.printed(/is open/)
  const at = `http://127.0.0.1:${port}`
  return { ...gateway, at, caller: callerOf(at) }
}

async function openBiller(at: string, caller: Caller) {
  const changes = { ...supermarket, name: 'Điện lực', sector: 'electricity' }
  const { id: billerId, apiKey: key } = (await caller.post('/v1/merchants', operatorKey, changes)).body
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const set = await fetch(`${at}/v1/billers/${billerId}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(plainProfile),
  })
  expect(set.status).toBe(200)
  return { billerId: billerId as string, key: key as string }
}

async function upload(at: string, key: string, body: string) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/csv' }
  const answer = await fetch(`${at}/v1/bills`, { method: 'POST', headers, body })
  return (await answer.json()) as { accepted: number; unchanged: number }
}

/** The keys of the vault, as they are kept and as they are. */
function keys(): Map<string, Buffer[]> {
  const master = Buffer.from(readFileSync(join(dataDir, 'master.key'), 'utf8'), 'base64')
  const database = new DatabaseSync(join(dataDir, 'vault.sqlite'))
  const rows = database.prepare('select id, wrapped from keys').all()
  database.close()
  return new Map(
    rows.map(({ id, wrapped }) => [
      id as string,
      [Buffer.from(wrapped as Uint8Array), unwrapped(wrapped as Uint8Array, master)],
    ]),
  )
}
function unwrapped(wrapped: Uint8Array, master: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12))
  decipher.setAuthTag(wrapped.subarray(12, 28))
  return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()])
}
const goneSince = (before: Map<string, Buffer[]>): Buffer[] => {
  const now = keys()
  return [...before].flatMap(([id, forms]) => (now.has(id) ? [] : forms))
}

const people = 600 // more keys than a page holds
const file1 = file(...Array.from({ length: people }, (_, at) => row(`A${at}`, at)))

test('by the gateway or the command, beside it, after kill -9 and without it', {
  timeout: 120_000,
}, async () => {
  const one = await start()
  const { billerId, key } = await openBiller(one.at, one.caller)
  expect(await upload(one.at, key, file1)).toMatchObject({ accepted: people })
  const all = keys()
  const forgotten: Buffer[] = []
  const names = [7, 8, 9].flatMap(personal)
  const traces = () => filesWith(dataDir, names, forgotten)

  // it is the wrapped keys that could be found: were they not there before, this test would show nothing
  expect(filesWith(dataDir, [], [...all.values()][0]!)).toEqual(['vault.sqlite-wal'])

  const path = `/v1/billers/${billerId}/customers/forget`
  const answer = await one.caller.post(path, key, { customerCode: code(7) })
  expect([answer.status, answer.body.times]).toEqual([200, 1])
  forgotten.push(...goneSince(all))
  expect(forgotten).toHaveLength(2)
  expect(traces()).toEqual([])

  const beside = await thungan(['forget', billerId, code(8), '--data-dir', dataDir])
  expect(beside).toMatchObject({ status: 0, stderr: '' })
  forgotten.push(...goneSince(all))
  expect(forgotten).toHaveLength(6)
  expect(traces()).toEqual([])
  const bills = await one.caller.get(`/v1/bills?billerId=${billerId}&customerCode=${code(8)}`, key)
  expect([bills.body.data.length, bills.body.customer]).toEqual([1, undefined])

  await upload(one.at, key, file1) // says the names again, of bills that are there
  const killed = upload(
    one.at,
    key,
    file(...Array.from({ length: 5_000 }, (_, at) => row(`B${at}`, at + people))),
  )
  killed.catch(() => {})
  const { out, err } = await one.kill()
  for (const name of names) expect(out + err).not.toContain(name)
  expect(filesIn(dataDir)).toContain('vault.sqlite-wal')

  const alone = await thungan([
    'forget',
    billerId,
    code(7),
    code(8),
    code(9),
    '--data-dir',
    dataDir,
    '--json',
  ])
  expect(JSON.parse(alone.stdout).data.map(({ times }: { times: number }) => times)).toEqual([1, 1, 1])
  forgotten.push(...goneSince(all))
  expect(traces()).toEqual([])

  const nobody = await thungan(['forget', billerId, 'PD13000999999', '--data-dir', dataDir])
  expect([nobody.status, nobody.stdout]).toEqual([1, 'PD13000999999  no such customer of this biller\n'])

  const two = await start()
  expect(await upload(two.at, key, file1)).toMatchObject({ accepted: 0, unchanged: people })
  expect(traces()).toEqual([])
  const verified = await thungan(['verify', '--data-dir', dataDir])
  expect(verified.status).toBe(0)
})

test('whatever was answered before kill -9 is forgotten, the rest when it is asked for again, and each is recorded once', {
  timeout: 120_000,
}, async () => {
  const crowd = Array.from({ length: 20 }, (_, at) => at + 100_000)
  const one = await start()
  const { billerId, key } = await openBiller(one.at, one.caller)
  await upload(one.at, key, file(...crowd.map((at) => row(`C${at}`, at))))
  const all = keys()
  const path = `/v1/billers/${billerId}/customers/forget`
  const answered = new Set<number>()
  const forget = async (at: number) => {
    const { status } = await one.caller.post(path, key, { customerCode: code(at) })
    if (status === 200) answered.add(at)
  }
  for (const at of crowd.slice(0, 5)) await forget(at)
  const asked = crowd.slice(5).map(forget)
  await Promise.race(asked) // it is in the middle of them
  await one.kill()
  await Promise.allSettled(asked)
  expect(answered.size).toBeGreaterThan(5)

  const two = await start()
  const nameOf = async (at: number) => {
    const bills = `/v1/bills?billerId=${billerId}&customerCode=${code(at)}`
    return (await two.caller.get(bills, key)).body.customer?.name as string | undefined
  }
  for (const at of answered) expect(await nameOf(at)).toBeUndefined()
  for (const at of crowd) {
    const again = await two.caller.post(path, key, { customerCode: code(at) })
    expect([again.status, again.body.times]).toEqual([200, 1])
    expect(await nameOf(at)).toBeUndefined()
  }
  expect(filesWith(dataDir, crowd.flatMap(personal), goneSince(all))).toEqual([])
  await two.kill()
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = (await store.readAll('', 100_000)).filter(({ type }) => type === 'CustomerForgotten')
  await store.close()
  const ofThese = events.filter(({ data }) => (data as { billerId: string }).billerId === billerId)
  expect(ofThese).toHaveLength(crowd.length)
  expect(new Set(ofThese.map(({ stream }) => stream)).size).toBe(crowd.length)
})
