// A restore drill: a gateway takes payments while it is backed up, another is started on the copy, and everything that was answered before is there.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test, vi } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteVault } from '../../src/adapters/sqlite/vault.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { type Caller, callerOf, openShopAt } from '../support/client.ts'
import { eventually } from '../support/gateway.ts'
import { type GatewayProcess, startGateway } from '../support/gatewayProcess.ts'
import { openReceiver } from '../support/receiver.ts'
import { thungan } from '../support/thungan.ts'

vi.setConfig({ testTimeout: 120_000 }) // processes, also on a busy machine

const operatorKey = 'operator-key-of-a-drill'
const folder = mkdtempSync(join(tmpdir(), 'thungan-drill-'))
const running: GatewayProcess[] = []
const receiver = await openReceiver()
afterAll(async () => {
  await Promise.all(running.map(({ kill }) => kill()))
  await receiver.close()
  rmSync(folder, { recursive: true })
})

const dataDir = join(folder, 'data')
const copy = join(folder, 'copy')

async function start(dataDir: string) {
  const gateway = startGateway({
    DATA_DIR: dataDir,
    OPERATOR_KEY: operatorKey,
    DEMO: '0',
    LOG_LEVEL: 'error',
  })
  running.push(gateway)
  return { ...callerOf(await gateway.url()), kill: gateway.kill }
}

async function logOf(dataDir: string): Promise<readonly Recorded[]> {
  const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
  const events = await store.readAll('', 1_000_000)
  await store.close()
  return events
}

test('a backup that was made while payments came in is a gateway with all that was answered before it began', async () => {
  const gateway = await start(dataDir)
  const shop = await openShopAt(gateway, operatorKey)
  const hook = { url: receiver.url, events: ['payment.created'] }
  expect((await gateway.post('/v1/webhook-endpoints', shop.key, hook)).status).toBe(201)
  const answered: string[] = []
  const sell = async () => {
    const body = { siteId: shop.siteId, method: 'qr', amount: '125000', currency: 'VND' }
    const { id, qr } = (await gateway.post('/v1/payments', shop.key, body)).body
    const paid = await gateway.post('/v1/sandbox/pay', '', { qrPayload: qr.payload })
    if (paid.body.outcome === 'applied') answered.push(id)
  }
  for (let sale = 0; sale < 20; sale++) await sell()

  let selling = true
  const tills = [1, 2, 3].map(async () => {
    while (selling) await sell()
  })
  await eventually('the tills sell', () => answered.length > 25)
  const before = answered.slice()
  const begun = new Date().toISOString()
  const made = await thungan(['backup', copy, '--data-dir', dataDir, '--json'])
  const during = answered.length - before.length
  selling = false
  await Promise.all(tills)
  await gateway.kill()
  expect([made.status, made.stderr]).toEqual([0, ''])
  expect(during).toBeGreaterThan(0) // it had not to stand still
  expect(readdirSync(copy).toSorted()).toEqual([
    'events.sqlite',
    'master.key',
    'vault.sqlite',
    'webhooks.sqlite',
  ])
  expect(statSync(join(copy, 'master.key')).mode & 0o77).toBe(0)
  const { head, events } = JSON.parse(made.stdout)
  expect(events).toBeGreaterThan(before.length * 3)

  expect(await thungan(['verify', '--data-dir', copy])).toMatchObject({ status: 0 })
  const log = await logOf(copy)
  expect(log.at(-1)).toMatchObject(head)
  expect(log).toHaveLength(events)
  expect((await logOf(dataDir)).slice(0, events)).toStrictEqual(log)

  const lost = await start(dataDir)
  const drilled = await start(copy)
  for (const id of before)
    expect((await drilled.get(`/v1/payments/${id}`, shop.key)).body, id).toMatchObject({ status: 'paid' })
  const books = async ({ get }: Caller) =>
    (await get(`/v1/ledger/trial-balance?asOf=${begun}`, operatorKey)).body
  const paidBy = log.filter(({ type, recordedAt }) => type === 'PaymentPaid' && recordedAt <= begun)
  expect(paidBy.length).toBeGreaterThanOrEqual(before.length)
  const paid = String(125_000 * paidBy.length)
  await eventually('the books have been made again', async () =>
    JSON.stringify((await books(drilled)).accounts).includes(`"${paid}"`),
  )
  expect(await books(drilled)).toEqual(await books(lost))

  // What was delivered after the copy of the queue comes again, with the number and the id that it had.
  const last = log.filter(({ type }) => type === 'QrIssued').length
  const idsOf = (sequence: number) =>
    receiver.received
      .filter(({ body }) => body.sequence === sequence)
      .map(({ headers }) => headers['webhook-id'])
  await eventually('all that is in the copy was delivered', () => idsOf(last).length > 0)
  for (let sequence = 1; sequence <= last; sequence++) expect(new Set(idsOf(sequence)).size).toBe(1)
})

test('what is in the copy opens what is in the log: keys that were made while it was copied are there', async () => {
  const sealed = (await logOf(copy)).flatMap(
    ({ data }) => JSON.stringify(data).match(/"v1\.[\w-]{22}\.[\w-]+"/g) ?? [],
  )
  const key = Buffer.from(readFileSync(join(copy, 'master.key'), 'utf8'), 'base64')
  const vault = sqliteVault(join(copy, 'vault.sqlite'), key)
  expect(sealed.length).toBeGreaterThan(20)
  for (const text of sealed) expect(vault.open(JSON.parse(text))).toContain('125000')
  vault.close()
})

test('a backup writes over nothing, and one of a log that was changed does not get its name', async () => {
  const before = readFileSync(join(copy, 'master.key'), 'utf8')
  const again = await thungan(['backup', copy, '--data-dir', dataDir])
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('is there already')])
  expect(readFileSync(join(copy, 'master.key'), 'utf8')).toBe(before)

  const changed = join(folder, 'changed')
  mkdirSync(changed)
  cpSync(join(copy, 'events.sqlite'), join(changed, 'events.sqlite'))
  const database = new DatabaseSync(join(changed, 'events.sqlite'))
  database.exec(`update events set data = replace(data, '125000', '925000') where position = 20`)
  database.exec(`update events set data = data || ' ' where position = 21`)
  database.close()
  const to = join(folder, 'copy-of-changed')
  const refused = await thungan(['backup', to, '--data-dir', changed])
  expect([refused.status, refused.stdout]).toEqual([
    1,
    expect.stringContaining('is not the one that was recorded'),
  ])
  expect([existsSync(to), existsSync(`${to}.part`)]).toEqual([false, true])
  const third = await thungan(['backup', to, '--data-dir', changed])
  expect([third.status, third.stderr]).toEqual([2, expect.stringContaining('was left by a backup')])
})
