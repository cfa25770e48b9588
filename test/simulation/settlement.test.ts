// Bad days for settlement, by seed: money moves between and during closings, closers race and die, and every entry is in one batch.
import { describe, expect, test } from 'vitest'
import { businessDate } from '../../src/domain/core/businessDay.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import {
  type ClosingPorts,
  closeDates,
  closePassedCutOffs,
  closeToday,
} from '../../src/domain/settlement/closeDay.ts'
import { entryOf, netOf } from '../../src/domain/settlement/entry.ts'
import type { Closed } from '../../src/domain/settlement/settlement.ts'
import { type Books, givenBack, openBooks, replayed, sold } from '../support/closing.ts'
import { hashOfLines } from '../support/settlement.ts'
import { faultyStore } from './faultyStore.ts'
import { type Random, seeded } from './random.ts'

const merchants = ['mer_AAAAA', 'mer_BBBBB', 'mer_CCCCC', 'mer_DDDDD']
const account = { bankBin: '970422', accountNumber: '1', accountName: 'A' }

type World = Books & {
  readonly random: Random
  readonly paid: { id: string; amount: string; currency: string }[]
}

async function openWorld(seed: number): Promise<World> {
  const random = seeded(seed)
  const books = openBooks({ around: (store) => faultyStore(store, random) })
  for (const merchantId of merchants) {
    const data = {
      name: merchantId,
      taxCode: '0101234567',
      sector: 'supermarket',
      district: 'Hoàn Kiếm',
      settlementAccount: account,
      latePolicy: { mode: 'hold' },
      feePlan: { rate: '0', fixed: '0' },
      keyId: 'key_1',
      registeredAt: books.clock.now.toISOString(),
      ...(random.oneIn(2) && { cutOff: random.pick(['16:00', '18:30']) }),
    }
    const event = { type: 'MerchantRegistered', data, id: `id-${merchantId}`, metadata: {} }
    await books.store.append(`merchant-${merchantId}`, 0, [event])
  }
  return { ...books, random, paid: [] }
}

async function moveMoney(world: World): Promise<void> {
  const { random, paid } = world
  const back = paid.length > 0 && random.oneIn(3) ? random.pick(paid) : undefined
  if (back) return givenBack(world, back.id, back, random.oneIn(4))
  const currency = random.oneIn(5) ? 'USD' : 'VND'
  const amount = String(1_000 + random.below(100_000))
  const fee = String(random.below(500))
  const id = await sold(world, random.pick(merchants), { amount, fee, currency })
  paid.push({ id, amount, currency })
}

/** The ports of a closer to whom things happen: money moves while it works, and its process may end at any append. */
function troubled(world: World): ClosingPorts {
  const { ports, random } = world
  return {
    ...ports,
    hasher: () => {
      if (random.oneIn(3)) void moveMoney(world)
      return ports.hasher()
    },
    nextTurn: async () => {
      if (random.oneIn(2)) await moveMoney(world)
    },
    caughtUp: async () => {
      const end = await ports.caughtUp()
      if (random.oneIn(4)) await moveMoney(world)
      return end
    },
  }
}

async function closeSomehow(world: World): Promise<void> {
  const { clock, random } = world
  const ports = troubled(world)
  const today = businessDate(clock.now.toISOString())
  const ways = [
    () => closeToday(ports),
    () => closeDates(today, ports),
    () => closePassedCutOffs(ports),
    () => Promise.all([closePassedCutOffs(ports), closeDates(today, troubled(world))]),
    () => Promise.all([closeToday(ports), closePassedCutOffs(troubled(world))]),
  ]
  await random
    .pick(ways)()
    .catch(() => {}) // a store that is busy, or dies after the commit: the next one goes on
}

const steps = 120

async function badDays(seed: number): Promise<World> {
  const world = await openWorld(seed)
  const { clock, random, ports } = world
  for (let step = 0; step < steps; step++) {
    if (random.oneIn(4)) await closeSomehow(world)
    else await moveMoney(world)
    if (random.oneIn(3)) clock.now = new Date(clock.now.getTime() + random.below(5 * 3_600_000))
  }
  clock.now = new Date(clock.now.getTime() + 3 * 86_400_000)
  for (let tries = 0; tries < 50; tries++) {
    await closePassedCutOffs(ports).catch(() => {})
    clock.now = new Date(clock.now.getTime() + 3_600_000) // money may still have been on its way
  }
  await ports.caughtUp()
  return world
}

const all = async ({ store }: Books): Promise<readonly Recorded[]> => store.readAll('', 100_000)

const byAccount = <T extends { merchantId: string; currency: string }>(
  list: readonly T[],
): Map<string, T[]> => Map.groupBy(list, ({ merchantId, currency }) => `${merchantId} ${currency}`)

const closings = (events: readonly Recorded[]): Closed[] =>
  events.filter(({ type }) => type === 'SettlementClosed').map(({ data }) => data as Closed)

const sum = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n)

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

describe.each(seeds)('seed %i', (seed) => {
  test('every entry is in one batch, and batches follow one another', async () => {
    const world = await badDays(seed)
    try {
      const events = await all(world)
      const entries = byAccount(events.flatMap((event) => entryOf(event) ?? []))
      const batches = byAccount(closings(events))
      expect([...batches.keys()].toSorted()).toEqual([...entries.keys()].toSorted())
      for (const [key, own] of batches) {
        const inOrder = own.toSorted((a, b) => (a.businessDate < b.businessDate ? -1 : 1))
        let before = { toPosition: '', net: '0', businessDate: '' }
        for (const batch of inOrder) {
          expect(batch.businessDate > before.businessDate).toBe(true)
          expect(batch.fromPosition).toBe(before.toPosition)
          expect(batch.carriedIn).toBe(before.net.startsWith('-') ? before.net : '0')
          const inRange = entries
            .get(key)!
            .filter(({ position }) => position > batch.fromPosition && position <= batch.toPosition)
          expect(batch.count).toBe(inRange.length)
          expect(BigInt(batch.net)).toBe(sum(inRange.map(netOf)) + BigInt(batch.carriedIn))
          before = batch
        }
        expect(sum(own.map(({ count }) => BigInt(count)))).toBe(BigInt(entries.get(key)!.length))
      }
      const positive = closings(events).filter(({ net }) => BigInt(net) > 0n)
      const payouts = events.filter(({ type }) => type === 'PayoutRequested')
      expect(
        payouts.map(({ data }) => (data as { amount: { amount: string } }).amount.amount).toSorted(),
      ).toEqual(positive.map(({ net }) => net).toSorted())
    } finally {
      world.close()
    }
  })
})

test.each([21, 22])(
  'seed %i: reports are the same bytes in another store and after a rebuild',
  async (seed) => {
    const world = await badDays(seed)
    const copies = [await replayed(world.store, 'memory'), await replayed(world.store, 'sqlite')]
    try {
      const reports = await world.reports()
      expect(reports.size).toBeGreaterThan(5)
      for (const [id, text] of reports) {
        const { state } = await world.gateway.settlements.load(id)
        expect(state).toMatchObject({ hash: hashOfLines(text) })
      }
      for (const copy of copies) expect(await copy.reports()).toEqual(reports)
      const { differing } = await world.readModels.rebuild(world.store)
      expect(differing).toEqual([])
      expect(await world.reports()).toEqual(reports)
    } finally {
      for (const books of [world, ...copies]) books.close()
    }
  },
)

test('pages of a large batch, between which money moves, are one batch', async () => {
  const books = openBooks()
  try {
    for (let n = 0; n < 450; n++) await sold(books, 'mer_AAAAA', { amount: '1000', fee: '10' })
    books.clock.now = new Date('2026-11-22T17:00:30Z')
    let moved = 0
    const ports = {
      ...books.ports,
      nextTurn: async () => {
        moved += 1
        await sold(books, 'mer_AAAAA', { amount: '7' })
      },
    }
    await ports.caughtUp()
    await closeDates('2026-11-22', ports)
    const [batch] = closings(await all(books))
    expect(batch).toMatchObject({ count: 450, gross: '450000', fees: '4500', net: '445500' })
    books.clock.now = new Date('2026-11-23T17:00:30Z')
    await closeDates('2026-11-23', books.ports)
    expect(closings(await all(books))[1]).toMatchObject({ count: moved, gross: String(7 * moved), late: 0 })
    expect(moved).toBeGreaterThan(1)
  } finally {
    books.close()
  }
})

test('what one gateway began, another finishes, whose read models know nothing yet', async () => {
  const dying = openBooks()
  const other = openBooks({ beside: dying })
  try {
    for (const merchantId of merchants) await sold(dying, merchantId, { amount: '1000' })
    dying.clock.now = new Date('2026-11-22T17:00:30Z')
    await dying.ports.caughtUp()
    const dies = () => {
      throw new Error('killed')
    }
    await expect(closeDates('2026-11-22', { ...dying.ports, hasher: dies })).rejects.toThrow('killed')
    expect(closings(await all(dying))).toEqual([])
    await closeDates('2026-11-22', other.ports)
    expect(closings(await all(dying)).map(({ merchantId, cut }) => [merchantId, cut])).toEqual(
      merchants.map((merchantId) => [merchantId, 1]),
    )
  } finally {
    dying.close()
    other.close()
  }
})
