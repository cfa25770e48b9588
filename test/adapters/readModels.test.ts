// Read models in SQLite: every event counts once, a rebuild finds what is wrong and mends it, a changed projection starts anew.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { type SqliteReadModels, sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import { type EventStore, type NewEvent, StoreBusy } from '../../src/domain/core/eventStore.ts'

let folder: string
let file: string
let store: EventStore
let models: SqliteReadModels

const merchantId = 'mer_7K3MA'
const vnd = (amount: string) => ({ amount, currency: 'VND' })

/** A payment asked for and paid, as the log has it. */
async function sell(id: string, amount: string, paidAt: string): Promise<void> {
  const where = { merchantId, siteId: 'sit_7K3MA9QZXW4F2', method: 'qr', amount: vnd(amount), fee: vnd('10') }
  const times = { expiresAt: paidAt, requestedAt: paidAt }
  const events: NewEvent[] = [
    { type: 'PaymentRequested', data: { ...where, ...times }, id: `${id}-1`, metadata: {} },
    { type: 'PaymentPaid', data: { ...where, paidAt }, id: `${id}-2`, metadata: {} },
  ]
  await store.append(`payment-${id}`, 0, events)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-models-'))
  file = join(folder, 'read-models.sqlite')
  store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  models = sqliteReadModels(file)
  await sell('pay_A', '1000', '2026-11-22T16:59:59.999Z') // 23:59 in Hanoi
  await sell('pay_B', '500', '2026-11-22T17:00:00.000Z') // the next day there
  models.projector.apply(await store.readAll('', 100))
})
afterEach(() => {
  models.close()
  rmSync(folder, { recursive: true, force: true })
})

const takings = () => models.queries.dailyTakings(merchantId, '2026-11-01', '2026-11-30')
const expected = [
  { group: { businessDate: '2026-11-22', method: 'qr' }, count: 1, gross: 1000n, fees: 10n, currency: 'VND' },
  { group: { businessDate: '2026-11-23', method: 'qr' }, count: 1, gross: 500n, fees: 10n, currency: 'VND' },
]

function tamper(sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

test('takings fall on the business day in Vietnam', async () => expect(await takings()).toEqual(expected))

test('the same events again count nothing', async () => {
  models.projector.apply(await store.readAll('', 100))
  expect(await takings()).toEqual(expected)
})

test('a batch that fails leaves neither rows nor checkpoint behind', async () => {
  const before = models.projector.checkpoint()
  await sell('pay_C', '700', '2026-11-22T03:00:00.000Z')
  await store.append('payment-pay_D', 0, [{ type: 'PaymentPaid', data: {}, id: 'bad', metadata: {} }])
  const events = await store.readAll(before, 100)
  expect(() => models.projector.apply(events)).toThrow()
  expect(models.projector.checkpoint()).toBe(before)
  expect(await takings()).toEqual(expected)
})

test('a rebuild equals what was projected step by step', async () => {
  expect(await models.rebuild(store)).toEqual({ position: await store.head(), differing: [] })
  expect(await takings()).toEqual(expected)
})

test('a rebuild names the table that somebody changed, and mends it', async () => {
  tamper(`update takings_v2 set gross = 999999`)
  tamper(`delete from payments_v6 where id = 'pay_B'`)
  const { differing } = await models.rebuild(store)
  expect(differing).toEqual(['payments_v6', 'takings_v2'])
  expect(await takings()).toEqual(expected)
  const { rows } = await models.queries.listPayments({ merchantId }, { limit: 10, cursor: undefined })
  expect(rows.map(({ id }) => id)).toEqual(['pay_B', 'pay_A'])
})

test('what is projected after a rebuild goes on from there', async () => {
  await models.rebuild(store)
  await sell('pay_C', '700', '2026-11-22T03:00:00.000Z')
  models.projector.apply(await store.readAll(models.projector.checkpoint(), 100))
  expect((await takings())[0]).toMatchObject({ count: 2, gross: 1700n })
})

test('a rebuild takes in what is projected while it runs', async () => {
  let id = 0
  const progress = () => {
    if (id++ > 0) return
    const events = Array.from({ length: 3 }, (_, index) =>
      sell(`pay_D${index}`, '5', '2026-11-22T03:00:00.000Z'),
    )
    void Promise.all(events).then(async () =>
      models.projector.apply(await store.readAll(models.projector.checkpoint(), 100)),
    )
  }
  const rebuilt = await models.rebuild(store, { progress })
  expect(rebuilt).toEqual({ position: await store.head(), differing: [] })
  expect((await takings())[0]).toMatchObject({ count: 4, gross: 1015n })
})

test('a log in a file is read by two threads; where there are no rows yet, they come from the drafts', async () => {
  const logFile = join(folder, 'events.sqlite')
  const log = sqliteEventStore({ file: logFile, now: () => new Date('2026-11-22T03:00:00Z') })
  for (const { stream, version, id, type, data, metadata } of await store.readAll('', 100))
    await log.append(stream, version - 1, [{ id, type, data, metadata }])
  const empty = sqliteReadModels(join(folder, 'empty.sqlite'))
  const position = await log.head()
  expect(await empty.rebuild(log, { logFile })).toEqual({ position, differing: [] })
  expect(await empty.queries.dailyTakings(merchantId, '2026-11-01', '2026-11-30')).toEqual(expected)
  expect(await empty.queries.ledgerTotals()).toEqual(await models.queries.ledgerTotals())
  expect(await models.rebuild(log, { logFile })).toEqual({ position, differing: [] })
  tamper(`delete from settlement_entries_v1`)
  expect((await models.rebuild(log, { logFile })).differing).toEqual(['settlement_entries_v1'])
  expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
  await log.close()
  empty.close()
})

test('two rebuilds at once: the second is refused, the first goes on; afterwards there may be another', async () => {
  const second = sqliteReadModels(file)
  const first = models.rebuild(store)
  await expect(second.rebuild(store)).rejects.toThrow(StoreBusy)
  expect((await first).differing).toEqual([])
  expect((await second.rebuild(store)).differing).toEqual([])
  second.close()
})

test('what a rebuild that was cut off left behind changes nothing for the next start, and the next rebuild clears it', async () => {
  writeFileSync(`${file}.draft1`, 'half of a rebuild')
  models.close()
  models = sqliteReadModels(file)
  expect(await takings()).toEqual(expected)
  expect((await models.rebuild(store)).differing).toEqual([])
})

test('where somebody makes the tables anew while a rebuild compares, it says so and leaves them', async () => {
  tamper(`update takings_v2 set gross = 999999`)
  const progress = () => tamper(`delete from checkpoints; delete from takings_v2`)
  await expect(models.rebuild(store, { progress })).rejects.toThrow(/made anew meanwhile/)
  expect(models.projector.checkpoint()).toBe('')
  expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
})

test('read models that are ahead of the log are told, and stay as they are', async () => {
  const older = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  await expect(models.rebuild(older)).rejects.toThrow(/further than the log goes/)
  expect(await takings()).toEqual(expected)
})

test('tables of another shape are dropped at the next start, and the log is read from its beginning', async () => {
  models.close()
  tamper('alter table takings_v2 rename to takings_v0')
  models = sqliteReadModels(file)
  expect(models.projector.checkpoint()).toBe('')
  models.projector.apply(await store.readAll('', 100))
  expect(await takings()).toEqual(expected)
})
