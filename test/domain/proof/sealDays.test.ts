// The process that seals days: which events a seal covers, and that twice is once.
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../../src/adapters/node/crypto.ts'
import { checkSignature } from '../../../src/adapters/node/signer.ts'
import type { EventStore, Recorded } from '../../../src/domain/core/eventStore.ts'
import { eventLeaf } from '../../../src/domain/proof/dayTree.ts'
import { rootOf } from '../../../src/domain/proof/merkle.ts'
import { type Seal, sealText } from '../../../src/domain/proof/seal.ts'
import { sealDays, testSigner } from '../../support/seals.ts'

let number = 0

function openLog() {
  const clock = { now: new Date('2026-11-22T03:00:00.000Z') }
  const store = memoryEventStore({ now: () => clock.now })
  const happen = async (at: string, count = 1) => {
    clock.now = new Date(at)
    for (let index = 0; index < count; index += 1) {
      number += 1
      const event = { id: `e${number}`, type: 'Asked', data: { number }, metadata: {} }
      await store.append(`payment-${number}`, 0, [event])
    }
  }
  const seal = (at: string) => {
    clock.now = new Date(at)
    return sealDays(store, () => clock.now)
  }
  return { store, happen, seal, clock }
}

const sealsOf = async (store: EventStore): Promise<Seal[]> => {
  const events = await store.readAll('', 10_000)
  return events.filter(({ type }) => type === 'DaySealed').map(({ data }) => data as Seal)
}
const rootOver = (events: readonly Recorded[]): string =>
  rootOf(
    events.map((event) => eventLeaf(event, nodeCrypto.hash)),
    nodeCrypto.hash,
  )

test('a day is sealed once it is over in Vietnam, and not a moment before', async () => {
  const { store, happen, seal } = openLog()
  await happen('2026-11-22T03:00:00.000Z', 3)
  await seal('2026-11-22T16:59:59.999Z')
  expect(await sealsOf(store)).toEqual([])
  await seal('2026-11-22T17:00:00.000Z')
  const [sealed, ...others] = await sealsOf(store)
  expect(others).toEqual([])
  const events = await store.readAll('', 3)
  expect(sealed).toMatchObject({ date: '2026-11-22', count: 3, root: rootOver(events) })
  expect(sealed).not.toHaveProperty('previous')
  expect([sealed!.firstPosition, sealed!.lastPosition]).toEqual([events[0]!.position, events[2]!.position])
  expect(sealed!.publicKey).toBe(testSigner.publicKey)
  expect(checkSignature(sealed!.publicKey, sealText(sealed!), sealed!.signature)).toBe(true)
})

test('an old log is caught up with, day by day: each seal names the one before, empty days have none', async () => {
  const { store, happen, seal } = openLog()
  await happen('2026-11-01T03:00:00.000Z', 2)
  await happen('2026-11-02T16:59:59.999Z', 1)
  await happen('2026-11-02T17:00:00.000Z', 1_200)
  await happen('2026-11-09T03:00:00.000Z', 1)
  await seal('2026-11-10T03:00:00.000Z')
  const seals = await sealsOf(store)
  expect(seals.map(({ date, count }) => [date, count])).toEqual([
    ['2026-11-01', 2],
    ['2026-11-02', 1],
    ['2026-11-03', 1_200],
    ['2026-11-09', 1],
  ])
  for (const [index, { previous }] of seals.entries()) {
    const before = seals[index - 1]
    expect(previous).toEqual(
      before && { date: before.date, root: before.root, lastPosition: before.lastPosition },
    )
  }
  const third = await store.readAll(seals[1]!.lastPosition, 1_200)
  expect(seals[2]).toMatchObject({ root: rootOver(third), lastPosition: third.at(-1)!.position })
  expect(seals[2]!.blocks).toHaveLength(2)
})

test('the seal of a day is under the seal of the day it was made on', async () => {
  const { store, happen, seal } = openLog()
  await happen('2026-11-22T03:00:00.000Z')
  await seal('2026-11-23T03:00:00.000Z')
  await seal('2026-11-24T03:00:00.000Z')
  const seals = await sealsOf(store)
  expect(seals).toHaveLength(2)
  expect(seals[1]).toMatchObject({ date: '2026-11-23', count: 1 })
  expect(seals[1]!.root).toBe(rootOver((await store.readAll('', 3)).slice(1, 2)))
})

test('twice, and by several processes at once, is one seal', async () => {
  const { store, happen, seal, clock } = openLog()
  await happen('2026-11-20T03:00:00.000Z', 5)
  await happen('2026-11-21T03:00:00.000Z', 5)
  clock.now = new Date('2026-11-23T03:00:00.000Z')
  const now = () => clock.now
  await Promise.all([sealDays(store, now), sealDays(store, now), sealDays(store, now)])
  await seal('2026-11-23T04:00:00.000Z')
  expect((await sealsOf(store)).map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-21'])
})

test('every event is under exactly one seal, also when the clock goes back', async () => {
  const { store, happen, seal } = openLog()
  await happen('2026-11-20T16:59:00.000Z', 2)
  await happen('2026-11-20T17:01:00.000Z', 2)
  await happen('2026-11-20T16:58:00.000Z', 2)
  await seal('2026-11-21T17:00:00.000Z')
  await happen('2026-11-21T16:00:00.000Z', 2) // its day has its seal
  await seal('2026-11-22T17:00:00.000Z')
  const seals = await sealsOf(store)
  expect(seals.map(({ date, count }) => [date, count])).toEqual([
    ['2026-11-20', 2],
    ['2026-11-21', 4],
    ['2026-11-22', 4],
  ])
  expect(seals.map(({ previous }) => previous?.lastPosition)).toEqual([
    undefined,
    seals[0]!.lastPosition,
    seals[1]!.lastPosition,
  ])
})

test('one event from the far future does not stop the sealing', async () => {
  const { store, happen, seal } = openLog()
  await happen('2099-01-01T03:00:00.000Z')
  await happen('2026-11-20T03:00:00.000Z')
  await happen('2099-01-01T03:00:00.000Z')
  await happen('2026-11-20T04:00:00.000Z')
  await seal('2026-11-21T17:00:00.000Z')
  expect((await sealsOf(store)).map(({ date, count }) => [date, count])).toEqual([['2026-11-21', 4]])
  await seal('2026-11-22T17:00:00.000Z')
  expect(await sealsOf(store)).toHaveLength(2)
})

test('when told to stop it stops, and leaves no seal of half a day', async () => {
  const { store, happen, clock } = openLog()
  await happen('2026-11-20T03:00:00.000Z', 1_500)
  clock.now = new Date('2026-11-22T03:00:00.000Z')
  const stopping = new AbortController()
  const stopsAfterABatch: EventStore = {
    ...store,
    readAll: async (after, limit) => {
      if (after !== '') stopping.abort()
      return store.readAll(after, limit)
    },
  }
  await sealDays(stopsAfterABatch, () => clock.now, stopping.signal)
  expect(await sealsOf(store)).toEqual([])
  await sealDays(store, () => clock.now)
  expect(await sealsOf(store)).toMatchObject([{ date: '2026-11-20', count: 1_500 }])
})
