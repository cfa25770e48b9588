// How many appends a second the SQLite event store makes durable, by number of callers; beside it, what the disk and
// bare SQLite can do in the same run. Run: node load-tests/appendBench.ts
import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTransaction, openDatabase } from '../src/adapters/sqlite/database.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { eventMigrations } from '../src/adapters/sqlite/eventTables.ts'
import type { EventStore, NewEvent } from '../src/domain/core/eventStore.ts'

const warmUpMs = 150
const measuredMs = 900
const callerCounts = [1, 16, 64, 256]

type Names = 'time-ordered' | 'random'

let count = 0
const nextNumber = (): string => {
  count += 1
  return String(count).padStart(12, '0')
}

const streamName = (names: Names): string =>
  names === 'random' ? `payment-pay_${randomBytes(9).toString('hex')}` : `payment-pay_${nextNumber()}`

/** 530 bytes as stored: a payment request with its metadata. */
const sampleEvent = (): NewEvent => ({
  id: `019a3c5e-0000-7000-8000-${nextNumber()}`,
  type: 'PaymentRequested',
  data: {
    merchantId: 'mer_0A1B2',
    siteId: 'sit_0A1B2C3D4E',
    terminalId: 'ter_0A1B2C3D4E',
    amount: { amount: '125000', currency: 'VND' },
    description: 'Cà phê sữa đá, bánh mì, quầy 3',
    expiresAt: '2026-01-01T00:15:00.000Z',
    orderId: 'order-2026-000001',
  },
  metadata: {
    actor: 'key_0A1B2C3D4E',
    correlationId: '019a3c5e-0000-7000-8000-000000000001',
    commandId: 'cmd_0A1B2C3D4E5F6G7H',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
})

/** Calls until the time is up, and gives how often a second it did. */
function rateOf(work: () => void, unitsPerCall: number): number {
  const begun = performance.now()
  let calls = 0
  for (; performance.now() < begun + measuredMs; calls += 1) work()
  return Math.round((calls * unitsPerCall * 1_000) / (performance.now() - begun))
}

function syncsPerSecond(file: string): number {
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4_096, 1)
  const rate = rateOf(() => {
    writeSync(descriptor, page, 0, page.length, 0)
    fdatasyncSync(descriptor)
  }, 1)
  closeSync(descriptor)
  return rate
}

/** The same rows without a store around them: nothing checked, encoded or awaited. */
function bareInsertsPerSecond(file: string, groupSize: number): number {
  const database = openDatabase({ file, synchronous: 'FULL', migrations: eventMigrations })
  const newStream = database.prepare('insert into streams (name) values (?)')
  const insert = database.prepare("insert into events values (?, ?, 1, ?, ?, ?, ?, 1, '')")
  const { type, data, metadata } = sampleEvent()
  const texts = [type, JSON.stringify(data), JSON.stringify(metadata)] as const
  const insertOne = () => {
    const id = newStream.run(streamName('time-ordered')).lastInsertRowid
    insert.run(id, id, `019a3c5e-0000-7000-8000-${nextNumber()}`, ...texts)
  }
  const group = () => {
    for (let index = 0; index < groupSize; index += 1) insertOne()
  }
  const rate = rateOf(() => inTransaction(database, group), groupSize)
  database.close()
  return rate
}

/** Appends to new streams, one after the other, until the time is up. */
async function caller(store: EventStore, names: Names, eventCount: number, until: number): Promise<number> {
  let appended = 0
  for (; performance.now() < until; appended += 1) {
    const events = Array.from({ length: eventCount }, sampleEvent)
    const { status } = await store.append(streamName(names), 0, events)
    if (status !== 'appended') throw new Error(status)
  }
  return appended
}

async function appendsPerSecond(
  store: EventStore,
  callers: number,
  names: Names,
  eventCount: number,
  ms: number,
) {
  const begun = performance.now()
  const running = Array.from({ length: callers }, () => caller(store, names, eventCount, begun + ms))
  const appended = (await Promise.all(running)).reduce((sum, each) => sum + each, 0)
  return Math.round((appended * 1_000) / (performance.now() - begun))
}

async function benchStore(file: string, names: Names, eventCount: number): Promise<void> {
  const store = sqliteEventStore({ file, now: () => new Date() })
  for (const callers of callerCounts) {
    await appendsPerSecond(store, callers, names, eventCount, warmUpMs)
    const rate = await appendsPerSecond(store, callers, names, eventCount, measuredMs)
    console.log(`${eventCount} event(s) per append, ${names} names, ${callers} callers: ${rate} appends/s`)
  }
  await store.close()
}

const folder = mkdtempSync(join(tmpdir(), 'thungan-append-'))
try {
  console.log(`disk: ${syncsPerSecond(join(folder, 'page'))} synced 4 KiB writes/s`)
  console.log(`bare SQLite, groups of 64: ${bareInsertsPerSecond(join(folder, 'bare.db'), 64)} inserts/s`)
  await benchStore(join(folder, 'one.db'), 'time-ordered', 1)
  await benchStore(join(folder, 'two.db'), 'time-ordered', 2)
  await benchStore(join(folder, 'random.db'), 'random', 1)
} finally {
  rmSync(folder, { recursive: true })
}
