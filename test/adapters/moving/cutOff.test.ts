// A move that is cut off at any point, and kill -9 in the middle of it: the same command goes on, nothing twice and nothing missing.
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { afterEach, expect, test, vi } from 'vitest'
import { eventStoreDBMoveTarget } from '../../../src/adapters/eventstoredb/moveTarget.ts'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import { addImportCommand } from '../../../src/adapters/node/cli/import.ts'
import { checkFile } from '../../../src/adapters/node/moving/checkFile.ts'
import { sqliteEventStore } from '../../../src/adapters/sqlite/eventStore.ts'
import { sqliteMoveTarget } from '../../../src/adapters/sqlite/moveTarget.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import type { MoveTarget } from '../../../src/domain/core/logMove.ts'
import { newEvent, openDouble, openStore } from '../../support/eventstoredb/store.ts'
import { startGateway } from '../../support/gatewayProcess.ts'
import {
  everything,
  exported,
  exportLog,
  importInto,
  newFolder,
  toFolder,
  tradedBooks,
} from '../../support/moving.ts'
import { thungan } from '../../support/thungan.ts'

const programs: { kill: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const { kill } of programs.splice(0)) await kill()
})

/** Starts `thungan`, and ends it by kill -9 once something holds. It must not have been done by then. */
async function killedOnce(args: readonly string[], holds: () => boolean, env: Record<string, string> = {}) {
  const one = startGateway(env, 'src/adapters/node/cli/thungan.ts', args)
  programs.push(one)
  let over = false
  void one.ended.then(() => {
    over = true
  })
  while (!holds() && !over) await wait(1)
  const { code } = await one.kill()
  expect(code).toBe(null)
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** A log that takes a while to move: events of many streams, in turn. */
async function longLog(events: number): Promise<EventStore> {
  const store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  const text = 'Nguyễn '.repeat(40)
  for (let at = 0; at < events; at++)
    await store.append(`payment-${at % 500}`, Math.floor(at / 500), [newEvent({ at, text })])
  return store
}

test('an export that was cut off at any byte goes on to the same file', async () => {
  const { store, close } = await tradedBooks(undefined, 1)
  const whole = await exported(store)
  const { size } = statSync(whole)
  const folder = newFolder()
  for (let length = 0; length <= size; length += 977) {
    const file = join(folder, `${length}.ndjson`)
    copyFileSync(whole, `${file}.part`)
    truncateSync(`${file}.part`, length)
    await exportLog(store, file)
    expect(readFileSync(file).equals(readFileSync(whole)), `after ${length} bytes`).toBe(true)
    expect(existsSync(`${file}.part`)).toBe(false)
  }
  close()
})

test('an export goes on although the log has grown, and not with the log of another', async () => {
  const store = memoryEventStore({ now: () => new Date() })
  await store.append('payment-1', 0, [newEvent()])
  const short = await exported(store)
  await store.append('payment-1', 1, [newEvent()])
  const file = join(newFolder(), 'log.ndjson')
  copyFileSync(short, `${file}.part`) // whole, but it did not get its name
  expect(await exportLog(store, file)).toMatchObject({ count: 2 })
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(await exported(store), 'utf8'))

  const other = memoryEventStore({ now: () => new Date() })
  await other.append('payment-1', 0, [newEvent()])
  const third = join(newFolder(), 'log.ndjson')
  copyFileSync(short, `${third}.part`)
  await expect(exportLog(other, third)).rejects.toThrow('was begun from another log')
})

/** A target that takes so many events and then is gone, as if its process had ended in the middle of an append. */
function dying(target: MoveTarget, events: number): MoveTarget {
  let left = events
  return {
    ...target,
    add: async (given) => {
      const taken = given.slice(0, left)
      left -= taken.length
      if (taken.length > 0) await target.add(taken)
      if (left === 0) throw new Error('killed')
    },
  }
}

test.each(['folder', 'cluster'])(
  'an import into a %s that was cut off after any event goes on',
  async (kind) => {
    const { store, close } = await tradedBooks(undefined, 1)
    const file = await exported(store)
    const events = await everything(store)
    for (let after = 1; after < events.length; after += 5) {
      const double = await openDouble({ firstPosition: 0n })
      const dataDir = newFolder()
      const target = () =>
        kind === 'folder' ? sqliteMoveTarget(dataDir) : eventStoreDBMoveTarget({ url: double.url })
      await expect(importInto(dying(target(), after), file)).rejects.toThrow('killed')
      await importInto(target(), file)
      const moved =
        kind === 'folder'
          ? sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
          : openStore(double.url)
      expect(await everything(moved), `after ${after}`).toStrictEqual(events)
      await moved.close()
    }
    close()
  },
)

test('answers that are lost, and nodes that do not answer, put nothing into a cluster twice', async () => {
  const { store, close } = await tradedBooks(undefined, 1)
  const double = await openDouble({ firstPosition: 0n })
  double.faults.script = ({ method, number }) => {
    if (method === 'append' && number % 3 === 0) return { kind: 'committedThenUnavailable' }
    return number % 5 === 0 ? { kind: 'unavailable' } : undefined
  }
  await importInto(eventStoreDBMoveTarget({ url: double.url }), await exported(store))
  double.faults.script = () => undefined
  expect(await everything(openStore(double.url))).toStrictEqual(await everything(store))
  close()
})

test('kill -9 of export and of import, and each goes on', async () => {
  const store = await longLog(6_000)
  const source = await toFolder(await exported(store))
  await source.store.close()
  const folder = newFolder()
  const file = join(folder, 'log.ndjson')
  const target = join(folder, 'target')

  await killedOnce(['export', file, '--data-dir', source.dataDir], () => sizeOf(`${file}.part`) > 0)
  expect(existsSync(file)).toBe(false)
  expect(await thungan(['export', file, '--data-dir', source.dataDir])).toMatchObject({ status: 0 })
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(await exported(store), 'utf8'))

  const draft = join(target, 'events.sqlite.moving')
  await killedOnce(['import', file, '--data-dir', target], () => sizeOf(`${draft}-wal`) > 200_000)
  expect(existsSync(join(target, 'events.sqlite'))).toBe(false)
  expect(await thungan(['import', file, '--data-dir', target])).toMatchObject({ status: 0 })
  expect(existsSync(draft)).toBe(false)
  const moved = sqliteEventStore({ file: join(target, 'events.sqlite'), now: () => new Date() })
  expect(await exported(moved).then((again) => readFileSync(again, 'utf8'))).toBe(readFileSync(file, 'utf8'))
  await moved.close()
}, 120_000)

test('kill -9 of an import into a cluster, and it goes on', async () => {
  const store = await longLog(1_500)
  const file = await exported(store)
  const double = await openDouble({ firstPosition: 0n })
  const env = { EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: double.url }
  await killedOnce(['import', file], () => double.log.records.length > 500, env)
  expect(double.log.records.length).toBeLessThan(1_500)
  expect(await thungan(['import', file], env)).toMatchObject({ status: 0 })
  expect(await everything(openStore(double.url))).toStrictEqual(await everything(store))
}, 120_000)

test('a store that gives back something else makes the command say both hashes and end with 1', async () => {
  const { store, close } = await tradedBooks(undefined, 1)
  const file = await exported(store)
  const double = await openDouble({ firstPosition: 0n })
  double.faults.script = ({ method, number }) => {
    if (method === 'append' && number === 10) rot(double.log.records[1]!.data)
    return undefined
  }
  vi.stubEnv('EVENT_STORE', 'eventstoredb')
  vi.stubEnv('EVENTSTORE_URL', double.url)
  const said = vi.spyOn(console, 'log').mockImplementation(() => {})
  const before = process.exitCode
  const program = new Command().exitOverride()
  addImportCommand(program)
  await program.parseAsync(['import', file], { from: 'user' })
  const [text, exitCode] = [String(said.mock.calls[0]), process.exitCode]
  process.exitCode = before
  said.mockRestore()
  vi.unstubAllEnvs()

  expect(exitCode).toBe(1)
  const { count, sha256 } = await checkFile(file)
  expect(text).toContain(
    `in the file  ${count} events, SHA-256 ${sha256}\nread back    ${count} events, SHA-256 `,
  )
  expect(text).toContain('They differ')
  expect(text.split(sha256)).toHaveLength(2)
  await expect(openStore(double.url).head()).rejects.toThrow('run thungan import again')
  close()
})

/** The taxCode of a merchant becomes another. */
function rot(bytes: Uint8Array): void {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('0101234567')
  bytes[at] = '9'.charCodeAt(0)
}
