// Presence that gateways share: each knows when a terminal was seen by any, and who could not listen takes nobody for lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { createLog } from '../../src/adapters/node/log.ts'
import { type NodePresence, sharedPresence } from '../../src/adapters/node/sharedPresence.ts'
import { sqlitePresence } from '../../src/adapters/sqlite/presence.ts'
import { type EventStore, StoreUnavailable } from '../../src/domain/core/eventStore.ts'
import { eventually } from '../support/gateway.ts'

let folder: string
let clock: Date
let store: EventStore
let broken: boolean
let gateways: NodePresence[]
const now = () => clock
const pass = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1_000)
}
const at = () => clock.toISOString()

/** The one store, that one gateway closes and the other still needs. */
const line = (): EventStore => ({
  ...store,
  append: async (...values) => {
    if (broken) throw new StoreUnavailable('no node leads')
    return store.append(...values)
  },
  close: async () => {},
})

async function open(now = () => clock): Promise<NodePresence> {
  const local = sqlitePresence(join(folder, `${gateways.length}.sqlite`), now)
  const gateway = sharedPresence({ local, store: line(), now, log: createLog('silent') })
  gateways.push(gateway)
  await new Promise((resolve) => setImmediate(resolve)) // it listens from here on
  return gateway
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-shared-presence-'))
  clock = new Date('2026-11-22T03:00:00.000Z')
  store = memoryEventStore({ now })
  broken = false
  gateways = []
})
afterEach(async () => {
  for (const gateway of gateways) await gateway.close()
  rmSync(folder, { recursive: true })
})

test('what one gateway hears the other knows once it is told', async () => {
  const [here, there] = [await open(), await open()]
  const seen = { at: at(), status: 'paper low' }
  here.mark('ter_1', seen)
  expect(here.last('ter_1')).toEqual(seen)
  expect(there.last('ter_1')).toBeUndefined()
  await here.flush()
  await eventually('it is told', () => there.last('ter_1') !== undefined)
  expect(there.last('ter_1')).toEqual(seen)
})

test('older news does not undo newer', async () => {
  const [here, there] = [await open(), await open()]
  here.mark('ter_1', { at: at() })
  pass(5)
  const newer = { at: at() }
  there.mark('ter_1', newer)
  here.mark('ter_2', { at: at() })
  await here.flush()
  await eventually('it is told', () => there.last('ter_2') !== undefined)
  expect(there.last('ter_1')).toEqual(newer)
})

test('what could not be told is told the next time, with what came since', async () => {
  const [here, there] = [await open(), await open()]
  here.mark('ter_1', { at: at() })
  broken = true
  await expect(here.flush()).rejects.toThrow(StoreUnavailable)
  here.mark('ter_2', { at: at() })
  broken = false
  await here.flush()
  await eventually(
    'both are told',
    () => there.last('ter_1') !== undefined && there.last('ter_2') !== undefined,
  )
})

test('who does not hear itself listens from now on only, until it has heard itself again', async () => {
  const gateway = await open()
  expect(gateway.listeningSince).toBe(at())
  pass(600)
  expect(gateway.listeningSince).toBe(at()) // it never heard itself: nobody is lost by it
  await gateway.flush()
  await eventually('it hears itself', async () => (await store.head()) !== '')
  await new Promise((resolve) => setImmediate(resolve))
  const heard = at()
  for (let told = 0; told < 10; told++) {
    pass(10)
    await gateway.flush()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(gateway.listeningSince).toBe(heard)
  pass(16)
  expect(gateway.listeningSince).toBe(at())
})

test('a gateway whose clock is behind is known to be, by every telling', async () => {
  const here = await open()
  await open(() => new Date(clock.getTime() + 7_000)) // the store writes by the first one's clock
  const fast = gateways[1]!
  await here.flush()
  await eventually('it is told', () => fast.clocksApartMs!() === 7_000)
  expect(here.clocksApartMs!()).toBe(0)
})
