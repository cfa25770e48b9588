// What was known at an instant, over a log that is a file: kept over a restart, each counted once, and not without bound.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type KnownAt, openKnownAt } from '../../src/adapters/node/knownAt.ts'
import { openRevisions } from '../../src/adapters/node/revisions.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { type EventStore, StoreBusy } from '../../src/domain/core/eventStore.ts'

let dataDir: string
let store: EventStore
let known: KnownAt
let now: Date

const day = (number: number): string => `2026-03-${String(number).padStart(2, '0')}T05:00:00.000Z`
const file = () => join(dataDir, 'events.sqlite')
const open = (eventsFile?: string) => openKnownAt({ store, dataDir, eventsFile, now: () => now })

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'thungan-known-'))
  store = sqliteEventStore({ file: file(), now: () => now })
  for (let number = 1; number <= 20; number++) await register(number)
  now = new Date(day(31))
  known = open()
})
afterEach(async () => {
  known.close()
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** One more site in the log each day. */
async function register(number: number): Promise<void> {
  now = new Date(day(number))
  const data = { merchantId: 'mer_1', name: 'A', sector: 'other', district: 'Ba Vì', registeredAt: day(1) }
  await store.append(`site-${number}`, 0, [{ type: 'SiteRegistered', data, id: `s${number}`, metadata: {} }])
}

async function sitesAt(instant: string): Promise<number> {
  const { readModels } = await known.at(instant)
  const [row] = await readModels.acceptance('2026-03-31', '2026-01-01')
  return row?.registered ?? 0
}

const files = () =>
  readdirSync(join(dataDir, 'known-at'), { recursive: true })
    .map(String)
    .filter((name) => name.includes('.sqlite'))

test('each instant has what was recorded by then, in whatever order they are asked for', async () => {
  expect(await sitesAt(day(10))).toBe(10)
  expect(await sitesAt(day(4))).toBe(4)
  expect(await sitesAt(day(15))).toBe(15)
  expect(await sitesAt('2026-02-28T00:00:00.000Z')).toBe(0)
  expect(await sitesAt(day(10))).toBe(10)
})

test('instants between which nothing was recorded share one file', async () => {
  expect(await sitesAt(day(10))).toBe(10)
  const made = files().length
  expect(await sitesAt('2026-03-10T05:00:00.001Z')).toBe(10)
  expect(await sitesAt('2026-03-11T04:59:59.999Z')).toBe(10)
  expect(files().length).toBe(made)
})

test('what was counted is there after a restart', async () => {
  known.close()
  known = open(file()) // here it is folded in a thread
  expect(await sitesAt(day(10))).toBe(10)
  known.close()
  known = open()
  expect(files()).toContainEqual(expect.stringContaining('2026-03-10'))
  expect(await sitesAt(day(10))).toBe(10)
  expect(await sitesAt(day(11))).toBe(11)
})

test('at most twelve are kept, and one that is gone is counted again', async () => {
  for (let number = 1; number <= 15; number++) expect(await sitesAt(day(number))).toBe(number)
  expect(files().filter((name) => name.endsWith('.sqlite'))).toHaveLength(12)
  expect(await sitesAt(day(1))).toBe(1)
})

test('the folder may be deleted at any time: what was kept is counted again', async () => {
  expect(await sitesAt(day(5))).toBe(5)
  rmSync(join(dataDir, 'known-at'), { recursive: true })
  expect(await sitesAt(day(9))).toBe(9)
  expect(await sitesAt(day(5))).toBe(5)
  expect(await sitesAt('2026-02-01T00:00:00.000Z')).toBe(0)
})

test('what an ended process had begun is removed at the next start, what another one is writing is not', async () => {
  expect(await sitesAt(day(5))).toBe(5)
  known.close()
  const folder = join(dataDir, 'known-at', readdirSync(join(dataDir, 'known-at'))[0]!)
  const of = (pid: number) => `${fileName(day(6))}.${pid}`
  const ended = spawnSync(process.execPath, ['--version']).pid
  const leftovers = [of(ended), `${of(ended)}-wal`, of(process.pid)]
  for (const name of [...leftovers, of(process.ppid)]) writeFileSync(join(folder, name), '')
  known = open()
  expect(files().filter((name) => /\.sqlite\.\d/.test(name))).toEqual([
    join(basename(folder), of(process.ppid)),
  ])
  expect(await sitesAt(day(5))).toBe(5)
})

test('instants before the first event need no file, and take no other away', async () => {
  expect(await sitesAt(day(10))).toBe(10)
  const made = files()
  for (let month = 12; month >= 1; month--)
    expect(await sitesAt(`1990-${String(month).padStart(2, '0')}-10T17:00:00.000Z`)).toBe(0)
  expect(files()).toEqual(made)
})

test('no questions about other instants, nor about months long past, take away the last twelve published months', async () => {
  const months = Array.from({ length: 24 }, (_, n) => new Date(Date.UTC(2026, 2 + n, 10, 17)).toISOString())
  for (const [n, month] of months.entries()) {
    now = new Date(month)
    const data = { merchantId: 'mer_1', name: 'C', sector: 'other', district: 'Ba Vì', registeredAt: day(1) }
    const event = { type: 'SiteRegistered', data, id: `m${n}`, metadata: {} }
    await store.append(`site-m${n}`, 0, [event])
  }
  now = new Date('2028-03-01T00:00:00.000Z')
  const keptOf = () =>
    files().filter((name) => months.slice(12).some((month) => name.endsWith(fileName(month))))
  for (const month of months.slice(12)) await known.at(month)
  expect(keptOf()).toHaveLength(12)
  for (let number = 1; number <= 13; number++) expect(await sitesAt(day(number))).toBe(number)
  for (const month of months.slice(0, 12).reverse()) await known.at(month)
  expect(keptOf()).toHaveLength(12)
  known.close()
  known = open()
  expect(keptOf()).toHaveLength(12)
})

const fileName = (instant: string): string => `${instant.replaceAll(':', '_')}.sqlite`

test('one instant asked for by many is counted once; many at once are told to come back', async () => {
  expect(new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(() => sitesAt(day(7)))))).toEqual(new Set([7]))
  const many = await Promise.allSettled([8, 9, 10, 11, 12, 13].map((number) => sitesAt(day(number))))
  const refused = many.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused.length).toBe(2)
  for (const { reason } of refused) expect(reason).toBeInstanceOf(StoreBusy)
  expect(await sitesAt(day(13))).toBe(13)
})

test('a clock that was wrong once hides nothing, now and when its time has come', async () => {
  now = new Date('2031-01-01T00:00:00.000Z')
  const data = { merchantId: 'mer_1', name: 'B', sector: 'other', district: 'Ba Vì', registeredAt: day(1) }
  await store.append('site-99', 0, [{ type: 'SiteRegistered', data, id: 's99', metadata: {} }])
  for (const number of [21, 22, 23]) await register(number)
  now = new Date(day(31))
  const counts = async () => [await sitesAt(day(20)), await sitesAt(day(21)), await sitesAt(day(22))]
  expect(await counts()).toEqual([20, 22, 23])
  known.close()
  rmSync(join(dataDir, 'known-at'), { recursive: true })
  now = new Date('2032-01-01T00:00:00.000Z')
  known = open()
  expect(await counts()).toEqual([20, 22, 23])
})

test('revisions are read in a thread, too, and kept while the log stands still', async () => {
  const target = {
    indicator: 'others',
    year: 2026,
    label: { vi: 'x', en: 'x' },
    sectors: ['other'],
    unit: 'percent',
    target: 50,
    source: 'x',
  } as const
  const revisions = openRevisions(store, join(dataDir, 'events.sqlite'))
  const { data, omitted } = await revisions([target], '2026-03-18')
  expect(omitted).toBe(0)
  expect(data.map(({ knownAt, denominator }) => [knownAt.slice(0, 10), denominator])).toEqual([
    ['2026-03-18', 18],
    ['2026-03-19', 19],
    ['2026-03-20', 20],
  ])
  expect(await revisions([target], '2026-03-18')).toEqual({ data, omitted })
  await register(21)
  expect((await revisions([target], '2026-03-18')).data).toHaveLength(4)
})
