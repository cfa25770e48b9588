// Read models in PostgreSQL: every event counts once whichever gateway counts it, and one takes over from the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { projections } from '../../projections/readModels.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { type PostgresReadModels, postgresReadModels } from '../../src/adapters/postgres/readModels.ts'
import { schemaName } from '../../src/adapters/postgres/schema.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import { type EventStore, type NewEvent, StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import { ask, openBank, openShop, openTestGateway, passTime, pay } from '../support/gateway.ts'
import { payFrom, refund } from '../support/money.ts'
import { asked, startPostgres, type TestPostgres } from '../support/postgres.ts'

let postgres: TestPostgres
let url: string
let store: EventStore
let models: PostgresReadModels
const opened: PostgresReadModels[] = []
const open = async (): Promise<PostgresReadModels> => {
  const one = await postgresReadModels(url)
  opened.push(one)
  return one
}
const anySignal = () => new AbortController().signal

const merchantId = 'mer_7K3MA'
const vnd = (amount: string) => ({ amount, currency: 'VND' })

/** A payment asked for and paid, as the log has it. */
async function sell(id: string, amount: string, paidAt: string, more: object = {}): Promise<void> {
  const where = { merchantId, siteId: 'sit_7K3MA9QZXW4F2', method: 'qr', amount: vnd(amount), fee: vnd('10') }
  const times = { expiresAt: paidAt, requestedAt: paidAt }
  const events: NewEvent[] = [
    { type: 'PaymentRequested', data: { ...where, ...times, ...more }, id: `${id}-1`, metadata: {} },
    { type: 'PaymentPaid', data: { ...where, paidAt }, id: `${id}-2`, metadata: {} },
  ]
  await store.append(`payment-${id}`, 0, events)
}

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  url = await postgres.newDatabase()
  store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  models = await open()
  await sell('pay_A', '1000', '2026-11-22T16:59:59.999Z') // 23:59 in Hanoi
  await sell('pay_B', '500', '2026-11-22T17:00:00.000Z') // the next day there
  await models.projector.apply(await store.readAll('', 100))
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const takings = ({ queries } = models) => queries.dailyTakings(merchantId, '2026-11-01', '2026-11-30')
const expected = [
  { group: { businessDate: '2026-11-22', method: 'qr' }, count: 1, gross: 1000n, fees: 10n, currency: 'VND' },
  { group: { businessDate: '2026-11-23', method: 'qr' }, count: 1, gross: 500n, fees: 10n, currency: 'VND' },
]

test('takings fall on the business day in Vietnam', async () => expect(await takings()).toEqual(expected))

test('payments of a day come with the payout of the settlement that they are in', async () => {
  const toPosition = await store.head()
  const settled = { merchantId, businessDate: '2026-11-22', currency: 'VND' }
  const account = { bankBin: '970436', accountNumber: '1', accountName: 'A' }
  const payout = { ...settled, endToEndId: 'SET-1', amount: vnd('1480'), account, attempt: 1 }
  const sums = Object.fromEntries(
    ['gross', 'refunds', 'chargebacks', 'fees', 'vat', 'reserve', 'carriedIn', 'net'].map((name) => [
      name,
      '0',
    ]),
  )
  const closed = { ...settled, ...sums, fromPosition: '', toPosition, cutOff: '00:00' }
  const [requestedAt, at] = ['2026-11-22T17:00:00.000Z', '2026-11-24T03:00:00.000Z']
  const happened: [string, object][] = [
    ['SettlementClosed', closed],
    ['PayoutRequested', { ...payout, requestedAt }],
    ['PayoutSettled', { endToEndId: 'SET-1', merchantId, amount: vnd('1480'), at }],
  ]
  const events = happened.map(([type, data], index) => ({ type, data, id: `set-${index}`, metadata: {} }))
  await store.append('settlement-set_A', 0, events)
  await sell('pay_C', '700', '2026-11-22T04:00:00.000Z') // in no settlement yet
  await models.projector.apply(await store.readAll('', 100))
  const payments = await models.queries.settledPayments('2026-10-23', '2026-11-22')
  expect(payments.map(({ paidAt }) => paidAt).toSorted()).toEqual([
    '2026-11-22T16:59:59.999Z',
    '2026-11-22T17:00:00.000Z',
  ])
  expect(payments).toMatchObject(Array(2).fill({ requestedAt, settledAt: at }))
  expect(await models.queries.settledPayments('2026-10-23', '2026-11-21')).toEqual([])
  expect(await models.queries.settledPayments('2026-11-22', '2026-12-22')).toEqual([])
})

test('the same events again count nothing', async () => {
  await models.projector.apply(await store.readAll('', 100))
  expect(await takings()).toEqual(expected)
  expect(await models.projector.checkpoint()).toBe(await store.head())
})

test('a batch that fails leaves neither rows nor checkpoint behind, and the next one counts', async () => {
  const before = await models.projector.checkpoint()
  await sell('pay_C', '700', '2026-11-22T03:00:00.000Z')
  const good = await store.readAll(before, 100)
  await store.append('payment-pay_D', 0, [{ type: 'PaymentPaid', data: {}, id: 'bad', metadata: {} }])
  await expect(models.projector.apply(await store.readAll(before, 100))).rejects.toThrow()
  expect(await models.projector.checkpoint()).toBe(before)
  expect(await takings()).toEqual(expected)
  await models.projector.apply(good)
  expect((await takings())[0]).toMatchObject({ count: 2, gross: 1700n })
})

test('sums beyond what a double can tell apart are exact', async () => {
  await sell('pay_C', '9007199254740993', '2026-11-22T03:00:00.000Z')
  await models.projector.apply(await store.readAll('', 100))
  expect((await takings())[0]).toMatchObject({ count: 2, gross: 9007199254741993n })
})

test('text that PostgreSQL cannot hold does not stop the projector', async () => {
  await sell('pay_C', '700', '2026-11-22T03:00:00.000Z', { orderId: 'HD\0-1\ud800' })
  await models.projector.apply(await store.readAll('', 100))
  const { rows } = await models.queries.listPayments({ merchantId }, { limit: 1, cursor: undefined })
  expect(rows[0]).toMatchObject({ id: 'pay_B' })
  expect((await takings())[0]).toMatchObject({ count: 2, gross: 1700n })
})

describe('two gateways', () => {
  test('that start at once make one schema', async () => {
    url = await postgres.newDatabase()
    await Promise.all([open(), open(), open(), open()])
    const schemas = await asked(url, `select nspname from pg_namespace where nspname like 'thungan%'`)
    expect(schemas).toEqual([{ nspname: schemaName }])
  })

  test('count one after the other: the second waits for the turn, and takes over when the connection is gone', async () => {
    const second = await open()
    let begun = false
    const beginning = second.projector.begin(anySignal()).then((position) => {
      begun = true
      return position
    })
    await sell('pay_C', '700', '2026-11-22T03:00:00.000Z')
    await models.projector.apply(await store.readAll('', 100))
    expect(begun).toBe(false)
    await asked(url, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`)
    expect(await beginning).toBe(await store.head())
    await sell('pay_D', '300', '2026-11-22T03:00:00.000Z')
    await second.projector.apply(await store.readAll('', 100))
    expect((await takings(second))[0]).toMatchObject({ count: 3, gross: 2000n })
  })

  test('of which one lost its turn without knowing: what both were given counts once', async () => {
    const second = await open()
    await sell('pay_C', '700', '2026-11-22T03:00:00.000Z')
    const events = await store.readAll('', 100)
    const waiting = second.projector.apply(events)
    await models.projector.apply(events.slice(0, 5))
    await models.close()
    opened.splice(opened.indexOf(models), 1)
    await waiting
    expect((await takings(second))[0]).toMatchObject({ count: 2, gross: 1700n })
  })

  test('one that waits for its turn can be stopped', async () => {
    const second = await open()
    const stopping = new AbortController()
    const beginning = second.projector.begin(stopping.signal)
    stopping.abort()
    expect(await beginning).toBe('')
  })
})

test('no database is StoreUnavailable, and the password is not told', async () => {
  const refused = await postgresReadModels('postgresql://thungan:s3cret@127.0.0.1:1/none').catch(
    (error: Error) => error,
  )
  expect(refused).toBeInstanceOf(StoreUnavailable)
  expect((refused as Error).message).toBe(
    'The database of READ_MODEL_URL cannot be reached (ECONNREFUSED): nothing listens there',
  )
})

test('a database that is not there is named by its code', async () => {
  const nowhere = Object.assign(new URL(url), { pathname: '/nowhere' }).href
  await expect(postgresReadModels(nowhere)).rejects.toThrow('cannot be reached (3D000)')
})

test('a database that goes away is StoreUnavailable to those who ask, and nothing else', async () => {
  const own = await startPostgres()
  const away = await postgresReadModels(await own.newDatabase())
  await away.projector.begin(anySignal())
  await own.stop()
  const page = { limit: 1, cursor: undefined }
  await expect(away.queries.listPayments({}, page)).rejects.toThrow(StoreUnavailable)
  await expect(away.queries.listPayments({}, page)).rejects.toThrow(StoreUnavailable)
  await expect(away.projector.checkpoint()).rejects.toThrow(StoreUnavailable)
  await expect(away.projector.apply(await store.readAll('', 1))).rejects.toThrow()
  await away.close()
})

test('every table equals the one in SQLite, from the log of a gateway, in any batches', async () => {
  const gateway = await openTestGateway()
  const [shop, bank] = [await openShop(gateway), await openBank(gateway)]
  for (let index = 0; index < 12; index++) {
    const payment = await ask(gateway, shop, { amount: String(10_000 + index) })
    if (index % 4 === 0) continue
    const changes = index % 4 === 1 ? { amount: '1' } : index % 4 === 2 ? { amount: '99999' } : {}
    await payFrom(gateway, bank, payment, `t-${index}`, changes)
    if (index % 4 === 3) await refund(gateway, shop, payment.id, { amount: '5000', reason: 'returned goods' })
  }
  await pay(gateway, bank, { amount: '7000', reference: 'XXXXXXXX' }, 't-unmatched')
  await passTime(gateway, 24 * 3_600)
  await gateway.settled()
  const events = await gateway.store.readAll('', 100_000)

  url = await postgres.newDatabase()
  const inPostgres = await open()
  const folder = mkdtempSync(join(tmpdir(), 'thungan-equal-'))
  const inSqlite = sqliteReadModels(join(folder, 'read-models.sqlite'))
  for (let start = 0, size = 1; start < events.length; start += size, size = (size * 7) % 31 || 1)
    await inPostgres.projector.apply(events.slice(start, start + size))
  inSqlite.projector.apply(events)
  inSqlite.close()

  const database = new DatabaseSync(join(folder, 'read-models.sqlite'), { readOnly: true })
  let rows = 0
  for (const { name, key } of projections) {
    const order = key.map((column) => `"${column}"`).join(', ')
    const there = await asked(url, `select * from ${schemaName}."${name}" order by ${order}`)
    const here = database.prepare(`select * from "${name}" order by ${order}`, { readBigInts: true }).all()
    const plain = (list: object[]) =>
      JSON.parse(JSON.stringify(list, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
    expect({ name, rows: plain(there) }).toEqual({ name, rows: plain(here) })
    rows += here.length
  }
  expect(rows).toBeGreaterThan(25) // so that equal does not mean empty
  database.close()
  rmSync(folder, { recursive: true })
  await gateway.stop()
})
