// What only a file can do wrong: other processes, damage, full and read-only disks, and being killed.
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { checkSignature } from '../../src/adapters/node/signer.ts'
import { openDatabase } from '../../src/adapters/sqlite/database.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { eventMigrations } from '../../src/adapters/sqlite/eventTables.ts'
import { verifyLog } from '../../src/adapters/sqlite/verifyLog.ts'
import {
  type EventStore,
  type NewEvent,
  type Recorded,
  StoreBusy,
  StoreUnavailable,
} from '../../src/domain/core/eventStore.ts'
import { runWriter } from './appender.ts'

let folder: string
let file: string
beforeEach(({ onTestFinished }) => {
  const made = mkdtempSync(join(tmpdir(), 'thungan-sqlite-'))
  onTestFinished(() => rmSync(made, { recursive: true })) // last of all: what is registered later runs first
  folder = made
  file = join(folder, 'events.db')
})

describe('one file', () => {
  it('makes its folder, starts empty, and is durable after it was closed', async () => {
    file = join(folder, 'not', 'there', 'yet', 'events.db')
    const store = open()
    expect(await store.head()).toBe('')
    expect(await store.readAll('', 10)).toEqual([])
    const result = await store.append('payment-1', 0, [event('a'), event('b')])
    const recorded = await store.read('payment-1')
    await store.close()

    const reopened = open()
    expect(await reopened.read('payment-1')).toStrictEqual(recorded)
    expect(await reopened.readAll('', 10)).toStrictEqual(recorded)
    expect(await reopened.append('payment-1', 0, [event('a'), event('b')])).toEqual({
      ...result,
      status: 'repeated',
    })
  })

  it('takes the time from the clock it was given', async () => {
    const store = open(() => new Date('2026-02-03T04:05:06.789Z'))
    await store.append('payment-1', 0, [event('a')])
    expect((await store.read('payment-1'))[0]?.recordedAt).toBe('2026-02-03T04:05:06.789Z')
  })

  it('commits what was asked for before it closes, and refuses what comes after', async () => {
    const store = open()
    const appended = store.append('payment-1', 0, [event('a')])
    await store.close()
    expect(await appended).toMatchObject({ status: 'appended' })
    await expect(store.append('payment-1', 1, [event('b')])).rejects.toThrow(StoreUnavailable)
    await expect(store.read('payment-1')).rejects.toThrow(StoreUnavailable)
  })

  it('serves from disk what its memory of recent events no longer holds', async () => {
    const store = open()
    const events = Array.from({ length: 5_000 }, (_, index) => event(`e${index}`))
    for (let version = 0; version < 5_000; version += 500) {
      await store.append('payment-1', version, events.slice(version, version + 500))
    }
    const all = await store.readAll('', 10_000)
    expect(all.map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    for (const after of [0, 903, 904, 905, 4_998]) {
      const position = after === 0 ? '' : all[after - 1]!.position
      expect(await store.readAll(position, 3)).toStrictEqual(all.slice(after, after + 3))
    }
  })

  it('keeps the log whole around events too big to remember', async () => {
    const store = open()
    await store.append('payment-1', 0, [
      event('a'),
      { ...event('big'), data: { text: 'x'.repeat(50_000) } },
      event('c'),
    ])
    await store.append('payment-1', 3, [event('d')])
    const all = await store.readAll('', 10)
    expect(all.map(({ id }) => id)).toEqual(['a', 'big', 'c', 'd'])
    expect(await store.readAll(all[1]!.position, 10)).toStrictEqual(all.slice(2))
    expect(await store.readAll(all[0]!.position, 1)).toStrictEqual(all.slice(1, 2))
  })

  it('refuses appends past its queue with StoreBusy, and takes them again after', async () => {
    const store = open()
    const many = Array.from({ length: 8_200 }, (_, index) =>
      store.append(`payment-${index}`, 0, [event(`e${index}`)]),
    )
    const results = await Promise.allSettled(many)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(8)
    expect(refused.every(({ reason }) => reason instanceof StoreBusy)).toBe(true)
    expect(await store.readAll('', 10_000)).toHaveLength(8_192)
    expect(await store.append('payment-more', 0, [event('more')])).toMatchObject({ status: 'appended' })
  })

  it('fails only the append that cannot be encoded', async () => {
    const store = open()
    const good = store.append('payment-1', 0, [event('a')])
    const bad = store.append('payment-2', 0, [{ ...event('b'), data: { amount: 1n } }])
    await expect(bad).rejects.toThrow(TypeError)
    expect(await good).toMatchObject({ status: 'appended' })
  })
})

describe('a file that cannot be used', () => {
  it('is named when it is not an SQLite database', () => {
    writeFileSync(file, 'Not a database, but long enough to be taken for one. '.repeat(100))
    expectRefusal(/is not an SQLite database: move it away/)
  })

  it('is named when its pages are damaged', async () => {
    await fill(100)
    damageAllButFirstPage()
    expectRefusal(/is corrupt: move it away and restore the last backup/)
  })

  it('is named when a newer version made it', async () => {
    await open().close()
    const database = new DatabaseSync(file)
    database.exec('pragma user_version = 99')
    database.close()
    expectRefusal(/was made by a newer version \(its schema is version 99, this program knows 2\)/)
  })

  it('is named when its folder cannot be made', () => {
    writeFileSync(join(folder, 'occupied'), '')
    file = join(folder, 'occupied', 'events.db')
    expectRefusal(/occupied cannot be made/)
  })

  it('is named when it is a folder', () => {
    mkdirSync(file)
    expectRefusal(/cannot be opened/)
  })

  it.each([
    'pragma journal_mode = wal; pragma locking_mode = exclusive; create table held (id); begin exclusive',
    'pragma journal_mode = delete; create table held (id); begin exclusive',
  ])('is named when another process holds it: %s', async (holding) => {
    const holder = await hold(holding)
    expectRefusal(/is held by another process: end that process/)
    await kill(holder)
    expect(await open().append('payment-1', 0, [event('a')])).toMatchObject({ status: 'appended' })
  })

  it('is busy for as long as another process keeps the write lock, and reads go on', async () => {
    const store = open()
    await store.append('payment-1', 0, [event('a')])
    const holder = await hold('begin immediate')
    await expect(store.append('payment-1', 1, [event('b')])).rejects.toThrow(StoreBusy)
    expect(await store.read('payment-1')).toHaveLength(1)
    await kill(holder)
    expect(await store.append('payment-1', 1, [event('b')])).toMatchObject({ status: 'appended', version: 2 })
  })

  it('is busy and not corrupt when two processes make it at the same moment', async () => {
    const children = ['a', 'b', 'c', 'd'].map((name) => appender(name, 2, 5))
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0, 0])
    expect(await open().readAll('', 1_000)).toHaveLength(4 * 2 * 5)
  })
})

describe('settings', () => {
  it('are the durable ones for the log and the fast ones for what can be made again', () => {
    const settingsOf = (synchronous: 'FULL' | 'NORMAL', inBulk = false) => {
      const database = openDatabase({ file: join(folder, synchronous), synchronous, migrations: [], inBulk })
      const names = ['journal_mode', 'synchronous', 'busy_timeout', 'wal_autocheckpoint', 'mmap_size']
      const values = names.map((name) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0])
      database.close()
      return values
    }
    expect(settingsOf('FULL')).toEqual(['wal', 2, 1_000, 1_000, 0])
    expect(settingsOf('NORMAL')).toEqual(['wal', 1, 1_000, 4_000, 0])
    expect(settingsOf('FULL', true)).toEqual(['wal', 0, 1_000, 32_768, 0])
  })

  it('apply each migration once, all or none', () => {
    const migrate = (...migrations: string[]) =>
      openDatabase({ file, synchronous: 'NORMAL', migrations }).close()
    const first = 'create table one (id integer)'
    migrate(first)
    expect(() => migrate(first, 'create table two (id integer); insert into missing values (1)')).toThrow(
      StoreUnavailable,
    )
    migrate(first, 'create table two (id integer)')
    migrate(first, 'create table two (id integer)')
  })
})

describe('a log made by the first schema', () => {
  it('gets the hashes that it would have had', async () => {
    const first = openDatabase({ file, synchronous: 'FULL', migrations: eventMigrations.slice(0, 1) })
    first.exec(`insert into streams values (1, 'payment-1'), (2, 'payment-2');
      insert into events values
        (1, 1, 1, 'a', 'Asked', '{"amount":"1"}', '{}', 1700000000000),
        (2, 2, 1, 'b', 'Asked', '{"text":"Cà phê"}', '{"actor":"key_1"}', 1700000000001),
        (3, 1, 2, 'c', 'Paid', '{}', '{}', 1700000000002)`)
    first.close()
    const older = open(() => new Date(1_700_000_000_003))
    await older.append('payment-1', 2, [event('d')])

    file = join(folder, 'new.db')
    let instant = 1_700_000_000_000
    const newer = open(() => new Date(instant++))
    const [asked, paid] = [
      { id: 'a', type: 'Asked', data: { amount: '1' }, metadata: {} },
      { id: 'c', type: 'Paid', data: {}, metadata: {} },
    ]
    const other = { id: 'b', type: 'Asked', data: { text: 'Cà phê' }, metadata: { actor: 'key_1' } }
    await newer.append('payment-1', 0, [asked])
    await newer.append('payment-2', 0, [other])
    await newer.append('payment-1', 1, [paid])
    await newer.append('payment-1', 2, [event('d')])
    const all = await older.readAll('', 10)
    expect(all).toHaveLength(4)
    expect(all).toStrictEqual(await newer.readAll('', 10))
  })
})

describe('two processes on one file', () => {
  it('race on the same streams, follow each other, and lose nothing', async () => {
    const store = open()
    const writers = 4
    const appends = 60
    const total = 2 * writers * appends
    const following = take(store, total)
    const child = appender('theirs', writers, appends)
    await once(child.stdout, 'readable') // it has begun
    const ours = Array.from({ length: writers }, (_, writer) =>
      runWriter(store, 'ours', writer, appends, () => {}),
    )
    await Promise.all(ours)
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
    const followed = await following

    expect(code).toBe(0)
    expect(followed).toStrictEqual(await store.readAll('', total + 1))
    expect(new Set(followed.map(({ id }) => id)).size).toBe(total)
    expectNoGaps(followed)
    await expectVerified(total)
  })

  it('hear of each other while they only wait', async () => {
    const store = open()
    await store.append('payment-1', 0, [event('a')])
    const following = take(store, 1 + 2 * 3)
    const child = appender('theirs', 2, 3)
    await once(child, 'exit')
    expect((await following).slice(1).every(({ id }) => id.startsWith('theirs'))).toBe(true)
  })

  it('see at once, by every way of reading, what the other has appended', async () => {
    const store = open()
    await store.append('shared-0', 0, [event('a')])
    await store.read('shared-0', 1) // now known by heart
    const child = appender('theirs', 1, 1)
    await once(child, 'exit')
    expect(await store.read('shared-0', 1)).toHaveLength(1)
    expect(await store.readAll('', 10)).toHaveLength(2)
    expect(await store.head()).toBe((await store.read('shared-0'))[1]?.position)
    expect(await store.append('shared-0', 1, [event('b')])).toEqual({ status: 'conflict', version: 2 })
  })
})

describe('two stores on one file', () => {
  it('see what the other has answered, whenever in a turn of the event loop they looked before', async () => {
    const [one, other] = [open(), open()]
    setImmediate(() => void other.read('payment-1')) // just before the first commits, in the same turn
    await one.append('payment-1', 0, [event('a')])
    expect(await other.read('payment-1')).toHaveLength(1)
    expect(await other.head()).toBe(await one.head())
    await Promise.all([one.close(), other.close()])
  })
})

describe('a process killed in the middle of a burst', () => {
  it('has kept every acknowledged append, and streams without gaps', async () => {
    for (const [round, lines] of [50, 400, 1_500].entries()) {
      const child = appender(`round${round}`, 32, 1_000_000)
      const acknowledged = await killAfter(child, lines)
      const store = open()
      const all = await store.readAll('', 1_000_000)
      const stored = new Set(all.map(({ stream, version, id }) => `${stream} ${version} ${id}`))
      expect(acknowledged.length).toBeGreaterThanOrEqual(lines)
      expect(acknowledged.filter((line) => !stored.has(line))).toEqual([])
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
      expectNoGaps(all)
      await expectVerified(all.length)
      await store.close()
    }
  })
})

// A real full or read-only disk is a small one in memory, mounted for the test: that takes root.
const canMount = process.getuid?.() === 0 && process.platform === 'linux'

describe.skipIf(!canMount)('a disk in memory (skipped where this user may not mount one)', () => {
  it('refuses appends when it is full, all of a group, and takes them again when there is room', async () => {
    mountDisk('1m')
    const store = open()
    await store.append('payment-0', 0, [event('before')])
    fillDisk()
    const refused = await appendUntilRefused(store)
    expect(refused).toBeInstanceOf(StoreUnavailable)
    expect(refused.message).toMatch(/events\.db .*(disk is full|check the disk).*/)
    const whole = await store.readAll('', 10_000)
    expectNoGaps(whole)
    const group = await Promise.allSettled(
      [1, 2, 3].map((number) => store.append(`payment-g${number}`, 0, [big(`g${number}`)])),
    )
    expect(group.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await store.readAll('', 10_000)).toStrictEqual(whole)

    rmSync(join(folder, 'filler'))
    expect(await store.append('payment-g1', 0, [big('g1')])).toMatchObject({ status: 'appended', version: 1 })
    await store.close()
    expect(await open().readAll('', 10_000)).toHaveLength(whole.length + 1)
  })

  it('is named when it is full before the file is made', () => {
    mountDisk('1m')
    fillDisk()
    expectRefusal(/disk/)
  })

  it('is named when its folder is read-only, for a new file and for one that is there', async () => {
    mountDisk('1m')
    remount('ro')
    expectRefusal(/cannot be opened: check that its folder exists and that this user may write there/)
    remount('rw')
    await fill(3)
    remount('ro')
    expectRefusal(/cannot be opened: check that its folder exists and that this user may write there/)
  })

  it('is named when only the file is read-only', async () => {
    await fill(3)
    mount('--bind', file, file)
    execFileSync('mount', ['-o', 'remount,bind,ro', file])
    expectRefusal(/is read-only: let this user write the file and its folder/)
  })
})

function open(now: () => Date = () => new Date()): EventStore {
  const store = sqliteEventStore({ file, now })
  onTestFinished(() => store.close())
  return store
}

const event = (id: string): NewEvent => ({
  id,
  type: 'PaymentRequested',
  data: { id },
  metadata: { actor: 'key_1' },
})

const big = (id: string): NewEvent => ({ ...event(id), data: { text: 'x'.repeat(20_000) } })

function expectRefusal(message: RegExp): void {
  const refusal = refusalToOpen()
  expect(refusal).toBeInstanceOf(StoreUnavailable)
  expect(refusal.message).toMatch(message)
  expect(refusal.message).toContain(folder)
}

function refusalToOpen(): Error {
  try {
    open()
  } catch (error) {
    return error as Error
  }
  throw new Error('It opened')
}

function expectNoGaps(events: readonly Recorded[]): void {
  const versions = new Map<string, number>()
  for (const { stream, version } of events) {
    expect(version).toBe((versions.get(stream) ?? 0) + 1)
    versions.set(stream, version)
  }
}

/** Every hash follows from the one before it, whoever wrote that. */
async function expectVerified(events: number): Promise<void> {
  const { finding, ...verified } = await verifyLog({ file, checkSignature })
  expect(finding).toBeUndefined()
  expect(verified.events).toBe(events)
}

async function fill(count: number): Promise<void> {
  const store = open()
  for (let index = 0; index < count; index += 1)
    await store.append(`payment-${index}`, 0, [event(`e${index}`)])
  await store.close()
}

function damageAllButFirstPage(): void {
  const pageSize = 4_096
  const damaged = Buffer.alloc(statSync(file).size - pageSize, 0xa5)
  writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, pageSize), damaged]))
}

async function take(store: EventStore, count: number): Promise<Recorded[]> {
  const taken: Recorded[] = []
  for await (const batch of store.follow('', new AbortController().signal)) {
    taken.push(...batch)
    if (taken.length >= count) break
  }
  return taken
}

type Child = ChildProcessByStdio<null, Readable, null>

function node(...args: string[]): Child {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => kill(child))
  return child
}

const appender = (name: string, writers: number, appends: number): Child =>
  node(join(import.meta.dirname, 'appender.ts'), file, name, String(writers), String(appends))

/** A process that runs this SQL on the file and then keeps it open. */
async function hold(sql: string): Promise<Child> {
  const script = `const database = new (require('node:sqlite').DatabaseSync)(process.argv[1])
    database.exec(process.argv[2])
    console.log('held')
    setInterval(() => database.isOpen, 1_000)`
  const child = node('-e', script, file, sql)
  await once(child.stdout, 'data')
  return child
}

async function kill(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** What the process acknowledged, killed as soon as it has printed so many lines. */
async function killAfter(child: Child, lines: number): Promise<string[]> {
  const acknowledged: string[] = []
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line)
    if (acknowledged.length === lines) child.kill('SIGKILL')
  }
  return acknowledged.filter((line) => /^\S+ \d+ round\d-\d+-\d+$/.test(line))
}

function mount(...args: [...options: string[], target: string]): void {
  execFileSync('mount', args)
  onTestFinished(() => void execFileSync('umount', args.slice(-1)))
}

const mountDisk = (size: string) => mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)

const remount = (mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, folder])

function fillDisk(): void {
  const filler = openSync(join(folder, 'filler'), 'w')
  const block = Buffer.alloc(4_096)
  try {
    for (;;) writeSync(filler, block)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    closeSync(filler)
  }
}

async function appendUntilRefused(store: EventStore): Promise<Error> {
  for (let index = 1; index < 1_000; index += 1) {
    try {
      await store.append(`payment-${index}`, 0, [event(`e${index}`)])
    } catch (error) {
      return error as Error
    }
  }
  throw new Error('1,000 appends fit on a full disk')
}
