// Reading the log for a purpose: in order, nothing left out, also when reading or handling fails on the way.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { readLog } from '../../src/adapters/node/logReader.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'

// Pauses by the clock that the test moves: the promises of node:timers do not know it.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}))

const now = () => new Date('2026-11-22T03:00:00Z')
let store: EventStore
let ending: AbortController
beforeEach(() => {
  vi.useFakeTimers()
  store = memoryEventStore({ now })
  ending = new AbortController()
})
afterEach(() => {
  ending.abort()
  vi.useRealTimers()
})

const record = (id: string) =>
  store.append(`thing-${id}`, 0, [{ type: 'ThingHappened', data: {}, id, metadata: {} }])
const log = { error: vi.fn(), debug: vi.fn() }

/** Reads from the head of the log; the ids it was told, in order. Handling fails as often as `failures` says. */
function follow(failures: number) {
  const told: string[] = []
  let left = failures
  const reader = readLog(
    store,
    {
      name: 'watchers',
      from: store.head,
      handle: (events) => {
        if (left-- > 0) throw new Error('a broken watcher')
        told.push(...events.map(({ id }) => id))
      },
    },
    { now, log },
    ending.signal,
  )
  return { told, reader }
}

test('a reader that begins at the head misses nothing that comes while it fails', async () => {
  await record('before')
  const { told } = follow(1)
  await vi.advanceTimersByTimeAsync(0)
  await record('a') // is told of it and fails
  await vi.advanceTimersByTimeAsync(500)
  await record('b') // it waits to try again
  await vi.advanceTimersByTimeAsync(1_000)
  await record('c')
  await vi.advanceTimersByTimeAsync(0)
  expect(told).toEqual(['a', 'b', 'c'])
})

test('the same when the store fails', async () => {
  const { follow: inner } = store
  let broken = true
  store = {
    ...store,
    follow: async function* (...args) {
      for await (const events of inner(...args)) {
        if (broken) throw new Error('the disk is gone')
        yield events
      }
    },
  }
  const { told } = follow(0)
  await vi.advanceTimersByTimeAsync(0)
  await record('a')
  await vi.advanceTimersByTimeAsync(2_500)
  broken = false
  await record('b')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['a', 'b'])
})

test('where to begin is asked again while asking fails', async () => {
  const head = vi.fn(store.head).mockRejectedValueOnce(new Error('not yet'))
  store = { ...store, head }
  const { told } = follow(0)
  await vi.advanceTimersByTimeAsync(1_000)
  await record('a')
  await vi.advanceTimersByTimeAsync(0)
  expect([head.mock.calls.length, told]).toEqual([2, ['a']])
})
