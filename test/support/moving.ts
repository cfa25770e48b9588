// What tests of moving need: a log of some business days with settlements and seals, and stores to move it into.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { eventStoreDBMoveTarget } from '../../src/adapters/eventstoredb/moveTarget.ts'
import { checkFile } from '../../src/adapters/node/moving/checkFile.ts'
import { acceptFile, writeLog } from '../../src/adapters/node/moving/exportLog.ts'
import { fill, readBack } from '../../src/adapters/node/moving/importLog.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteMoveTarget } from '../../src/adapters/sqlite/moveTarget.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import type { MoveTarget } from '../../src/domain/core/logMove.ts'
import { closePassedCutOffs } from '../../src/domain/settlement/closeDay.ts'
import { type Books, givenBack, openBooks, sold } from './closing.ts'
import { openDouble, openStore } from './eventstoredb/store.ts'
import { sealDays } from './seals.ts'

const merchants = ['mer_AAAAA', 'mer_BBBBB']
const dayMs = 86_400_000

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder that is gone after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-moving-'))
  folders.push(folder)
  return folder
}

/** Business days with sales, money back, settlements and seals, in a memory store or in the one given. */
export async function tradedBooks(beside?: Pick<Books, 'store' | 'clock'>, days = 3): Promise<Books> {
  const books = openBooks(beside ? { beside } : {})
  for (const merchantId of merchants) {
    const data = {
      name: merchantId,
      taxCode: '0101234567',
      sector: 'supermarket',
      district: 'Hoàn Kiếm\u2028<',
      settlementAccount: { bankBin: '970422', accountNumber: '1', accountName: 'A' },
      latePolicy: { mode: 'hold' },
      feePlan: { rate: '0', fixed: '0' },
      keyId: 'key_1',
      registeredAt: books.clock.now.toISOString(),
    }
    const event = { type: 'MerchantRegistered', data, id: `id-${merchantId}`, metadata: {} }
    await books.store.append(`merchant-${merchantId}`, 0, [event])
  }
  for (let day = 0; day < days; day++) await tradeADay(books)
  return books
}

/** Sales of a day, then the next day: the one before is settled and sealed. */
export async function tradeADay(books: Books): Promise<void> {
  const ids: string[] = []
  for (const [index, merchantId] of merchants.entries())
    for (let sale = 0; sale < 4; sale++)
      ids.push(await sold(books, merchantId, { amount: String(10_000 * (sale + 1)), fee: String(index) }))
  await givenBack(books, ids[0]!, { amount: '5000', currency: 'VND' })
  books.clock.now = new Date(books.clock.now.getTime() + dayMs)
  await books.ports.caughtUp()
  await closePassedCutOffs(books.ports)
  await sealDays(books.store, () => books.clock.now)
}

export const everything = async (store: Pick<EventStore, 'readAll'>): Promise<readonly Recorded[]> =>
  store.readAll('', 1_000_000)

type Source = Pick<EventStore, 'readAll' | 'head'>

/** The whole of an export. */
export async function exportLog(store: Source, file: string) {
  const end = await writeLog(store, file)
  await acceptFile(file)
  return end
}

export async function exported(store: Source): Promise<string> {
  const file = join(newFolder(), 'log.ndjson')
  await exportLog(store, file)
  return file
}

/** The whole of an import; answers what was read back. */
export async function importInto(target: MoveTarget, file: string) {
  try {
    const log = await checkFile(file)
    await fill(target, file, log)
    const end = await readBack(target, log)
    if (end.sha256 === log.sha256) await target.finish()
    return end
  } finally {
    await target.close()
  }
}

type Moved = { readonly store: EventStore; readonly dataDir: string }

export async function toFolder(file: string, now = () => new Date()): Promise<Moved> {
  const dataDir = newFolder()
  await importInto(sqliteMoveTarget(dataDir), file)
  return { store: sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now }), dataDir }
}

export async function toCluster(file: string, now = () => new Date()): Promise<EventStore> {
  const double = await openDouble({ firstPosition: 0n })
  await importInto(eventStoreDBMoveTarget({ url: double.url }), file)
  return openStore(double.url, { now })
}

/** A target in memory that, once it is finished, is a log to read. */
export function memoryTarget(): MoveTarget & Source {
  const events: Recorded[] = []
  return {
    begin: async () => {},
    readAll: async (after, limit) => events.filter(({ position }) => position > after).slice(0, limit),
    head: async () => events.at(-1)?.position ?? '',
    add: async (given) => void events.push(...given),
    finish: async () => {},
    close: async () => {},
  }
}

/** Read models made from one log, and made anew from another: the tables in which they differ. */
export async function differingReadModels(one: EventStore, other: EventStore): Promise<readonly string[]> {
  const models = sqliteReadModels(join(newFolder(), 'read-models.sqlite'))
  try {
    models.projector.apply(await everything(one))
    return (await models.rebuild(other)).differing
  } finally {
    models.close()
  }
}
