// A whole log from any store into any other: the same events at the same positions, and whoever works on it goes on as if nothing had happened.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { checkSignature } from '../../../src/adapters/node/signer.ts'
import { verifyLog } from '../../../src/adapters/sqlite/verifyLog.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import { type Books, openBooks } from '../../support/closing.ts'
import { newEvent, openDouble, openStore, take } from '../../support/eventstoredb/store.ts'
import {
  differingReadModels,
  everything,
  exported,
  importInto,
  memoryTarget,
  toCluster,
  toFolder,
  tradeADay,
  tradedBooks,
} from '../../support/moving.ts'

const bytes = (file: string): string => readFileSync(file, 'utf8')

/** The same log under other hands: books over a store that it was moved into. */
const booksOver = (store: EventStore, { clock }: Pick<Books, 'clock'>): Books =>
  openBooks({ beside: { store, clock } })

const verified = (dataDir: string) => verifyLog({ file: join(dataDir, 'events.sqlite'), checkSignature })

test('from memory into a folder, from there into a cluster and back into a folder, it is the same file each time', async () => {
  const books = await tradedBooks()
  const file = await exported(books.store)
  const folder = await toFolder(file)
  const cluster = await toCluster(await exported(folder.store))
  const back = await toFolder(await exported(cluster))
  const memory = memoryTarget()
  await importInto(memory, await exported(back.store))
  expect(bytes(await exported(memory))).toBe(bytes(file))
  for (const store of [folder.store, cluster, back.store]) {
    expect(await everything(store)).toStrictEqual(await everything(books.store))
    expect(await store.head()).toBe(await books.store.head())
    expect(bytes(await exported(store))).toBe(bytes(file))
    expect(await differingReadModels(books.store, store)).toEqual([])
  }
  for (const { dataDir } of [folder, back])
    expect(await verified(dataDir)).toMatchObject({
      events: (await everything(books.store)).length,
      seals: 3,
    })
  expect(await verified(back.dataDir)).not.toHaveProperty('finding')
  books.close()
})

test.each(['folder', 'cluster'])(
  'moved into a %s, days are settled and sealed as they would have been where it was',
  async (kind) => {
    const books = await tradedBooks()
    const now = () => books.clock.now
    const file = await exported(books.store)
    const store = kind === 'folder' ? (await toFolder(file, now)).store : await toCluster(file, now)
    const moved = booksOver(store, books)
    for (const { ports } of [books, moved]) await ports.caughtUp()
    const before = await books.reports()
    expect(await moved.reports()).toEqual(before)

    await tradeADay(moved)
    await moved.ports.caughtUp()
    const after = await moved.reports()
    expect(after.size).toBe(before.size + 2)
    for (const [id, text] of before) expect(after.get(id)).toBe(text)
    const sums = [...after].filter(([id]) => !before.has(id)).map(([, text]) => text.split('\n').length)
    const linesOfADay = [...before].slice(0, 2).map(([, text]) => text.split('\n').length)
    expect(sums.toSorted()).toEqual(linesOfADay.toSorted()) // that day's sales, no more and no fewer
    await store.close()
    moved.close()
    books.close()
  },
)

test('a log that was born in a cluster keeps its positions in a folder, is verified there, and goes on', async () => {
  const clock = { now: new Date('2026-11-22T03:00:00Z') }
  const now = () => clock.now
  const double = await openDouble({ firstPosition: 0n })
  const cluster = openStore(double.url, { now })
  const books = await tradedBooks({ store: cluster, clock })
  const { store, dataDir } = await toFolder(await exported(cluster), now)
  expect(await everything(store)).toStrictEqual(await everything(cluster))
  expect(await differingReadModels(cluster, store)).toEqual([])
  const moved = booksOver(store, books)
  await moved.ports.caughtUp()
  await tradeADay(moved)

  const all = await everything(store)
  const events = all.length
  const { lastPosition } = all.findLast(({ type }) => type === 'DaySealed')!.data as SealedDay
  const unsealed = all.filter(({ position }) => position > lastPosition).length
  expect(await verified(dataDir)).toMatchObject({ events, seals: 4, unsealed })
  expect(await verified(dataDir)).not.toHaveProperty('finding')
  expect(await verifyDay(dataDir, '2026-11-23')).not.toHaveProperty('finding')
  expect(all.every(({ position }) => position.length === 19)).toBe(true)
  await store.close()
  remove(dataDir, 20)
  expect(await verified(dataDir)).toHaveProperty('finding')
  moved.close()
  books.close()
})

type SealedDay = { readonly lastPosition: string }

const verifyDay = (dataDir: string, day: string) =>
  verifyLog({ file: join(dataDir, 'events.sqlite'), checkSignature, day })

function remove(dataDir: string, row: number): void {
  const database = new DatabaseSync(join(dataDir, 'events.sqlite'))
  database.exec(
    `delete from events where position = (select position from events order by position limit 1 offset ${row})`,
  )
  database.close()
}

test('a log with gaps whose last unsealed event of a stream was removed is short, and verify says so', async () => {
  const double = await openDouble({ firstPosition: 0n })
  const cluster = openStore(double.url)
  for (const id of ['a', 'b', 'c']) await cluster.append(`payment-${id}`, 0, [newEvent()])
  const { store, dataDir } = await toFolder(await exported(cluster))
  await store.close()
  expect(await verified(dataDir)).not.toHaveProperty('finding')
  remove(dataDir, 1)
  expect((await verified(dataDir)).finding).toMatchObject({ problem: 'event_missing' })
})

test('in a cluster, reading and following from any position of the moved log misses nothing and repeats nothing', async () => {
  const books = await tradedBooks()
  const cluster = await toCluster(await exported(books.store))
  await cluster.append('payment-new', 0, [newEvent(), newEvent()])
  const events = await everything(cluster)
  for (const [index, { position }] of events.entries()) {
    if (index % 7 > 0 && index < events.length - 5) continue
    expect(await cluster.readAll(position, 3)).toStrictEqual(events.slice(index + 1, index + 4))
    const rest = events.slice(index + 1, index + 10)
    const stop = new AbortController()
    if (rest.length > 0)
      expect(
        (await take(cluster.follow(position, stop.signal, 4), rest.length)).slice(0, rest.length),
      ).toStrictEqual(rest)
    stop.abort()
  }
  expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted())
  expect(new Set(events.map(({ position }) => position.length))).toEqual(new Set([16]))
  books.close()
})

test('from one cluster into another whose own positions are lower, what comes later still comes after', async () => {
  const far = await openDouble({ firstPosition: 10n ** 12n })
  const source = openStore(far.url)
  for (const id of ['a', 'b', 'c']) await source.append(`payment-${id}`, 0, [newEvent()])
  const cluster = await toCluster(await exported(source))
  const appended = await cluster.append('payment-a', 1, [newEvent()])
  await cluster.append('payment-b', 1, [newEvent(), newEvent()])

  const events = await everything(cluster)
  expect(events.slice(0, 3)).toStrictEqual(await everything(source))
  expect(events).toHaveLength(6)
  expect(appended).toMatchObject({ version: 2, position: events[3]!.position })
  expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted())
  expect(await cluster.head()).toBe(events[5]!.position)
  for (const [index, { position }] of events.entries())
    expect(await cluster.readAll(position, 10)).toStrictEqual(events.slice(index + 1))
  const stop = new AbortController()
  expect(await take(cluster.follow(events[3]!.position, stop.signal), 2)).toStrictEqual(events.slice(4))
  stop.abort()
  expect((await verified((await toFolder(await exported(cluster))).dataDir)).events).toBe(6)
})

test('a position beyond what the other store can keep is refused before anything is written', async () => {
  const double = await openDouble() // whose log begins beyond 2^60
  const cluster = openStore(double.url)
  await cluster.append('payment-1', 0, [newEvent()])
  const file = await exported(cluster)
  await expect(toFolder(file)).rejects.toThrow('beyond what a log in SQLite can keep')
})
