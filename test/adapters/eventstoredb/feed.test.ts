// Many who follow the log in one process: what is new is read once for all of them, and each still sees every event once and in order.
import { describe, expect, it } from 'vitest'
import type { EventStore, Recorded } from '../../../src/domain/core/eventStore.ts'
import { idsOf, newEvent, openDouble, openStore } from '../../support/eventstoredb/store.ts'

const unavailable = 14

async function append(store: EventStore, stream: string, count: number, from = 0): Promise<string[]> {
  const events = Array.from({ length: count }, () => newEvent())
  for (let at = 0; at < count; at += 100) await store.append(stream, from + at, events.slice(at, at + 100))
  return idsOf(events)
}

/** Follows until told to end; `gate` is awaited before each batch is taken. */
function follower(store: EventStore, after = '') {
  const ending = new AbortController()
  const seen: Recorded[] = []
  const one = { seen, gate: Promise.resolve(), end: () => ending.abort(), ended: Promise.resolve() }
  one.ended = (async () => {
    for await (const events of store.follow(after, ending.signal)) {
      await one.gate
      seen.push(...events)
    }
  })()
  return one
}

const haveSeen = (followers: readonly { readonly seen: readonly Recorded[] }[], count: number) =>
  expect
    .poll(() => followers.map(({ seen }) => seen.length), { timeout: 10_000, interval: 5 })
    .toEqual(followers.map(() => count))

describe('followers at the end of the log', () => {
  it('share one subscription, before and after it drops, and end it when the last has left', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await append(store, 'payment-1', 30)
    const followers = Array.from({ length: 5 }, () => follower(store))
    await haveSeen(followers, 30)
    ids.push(...(await append(store, 'payment-2', 1)))
    await haveSeen(followers, 31)
    await expect.poll(() => double.faults.open.size, { timeout: 5_000 }).toBe(1)

    ids.push(...(await append(store, 'payment-3', 20)))
    double.drop(unavailable)
    ids.push(...(await append(store, 'payment-4', 20)))
    await haveSeen(followers, 71)
    expect(double.faults.open.size).toBe(1)
    const late = follower(store, followers[0]!.seen.at(-1)!.position)
    ids.push(...(await append(store, 'payment-5', 1)))
    await haveSeen(followers, 72)
    for (const { seen } of followers) expect(idsOf(seen)).toEqual(ids)
    await haveSeen([late], 1)
    expect(double.faults.open.size, 'who comes with the newest position needs none of its own').toBe(1)

    for (const one of [...followers, late]) one.end()
    await Promise.all([...followers, late].map(({ ended }) => ended))
    await expect.poll(() => double.faults.open.size, { timeout: 5_000 }).toBe(0)
  })

  it('that fall behind read what they missed for themselves, and join again', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await append(store, 'payment-1', 2)
    const [fast, other, slow] = [follower(store), follower(store), follower(store)]
    await haveSeen([fast, other, slow], 2)
    ids.push(...(await append(store, 'payment-2', 1)))
    await haveSeen([fast, other, slow], 3)
    await expect.poll(() => double.faults.open.size, { timeout: 5_000 }).toBe(1)

    let open = () => {}
    slow.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    ids.push(...(await append(store, 'payment-3', 6_000)))
    await haveSeen([fast, other], 6_003)
    open()
    await haveSeen([slow], 6_003)
    ids.push(...(await append(store, 'payment-4', 1)))
    await haveSeen([fast, other, slow], 6_004)
    for (const { seen } of [fast, other, slow]) expect(idsOf(seen)).toEqual(ids)
    await expect.poll(() => double.faults.open.size, { timeout: 5_000 }).toBe(1)
    for (const one of [fast, other, slow]) one.end()
    await Promise.all([fast, other, slow].map(({ ended }) => ended))
  })
})
