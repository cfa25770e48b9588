// Following EventStoreDB through dropped subscriptions: no event is skipped, none comes twice, and nothing piles up.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import type { EventStoreDouble } from '../../support/eventstoredb/double.ts'
import { idsOf, newEvent, openDouble, openStore, take } from '../../support/eventstoredb/store.ts'

const anySignal = () => new AbortController().signal
const [ended, cancelled, aborted, internal, unavailable] = [0, 1, 10, 13, 14]

async function fill(store: EventStore, length: number): Promise<string[]> {
  const events = Array.from({ length }, () => newEvent())
  for (const [index, event] of events.entries())
    await store.append(`payment-${index % 7}`, Math.floor(index / 7), [event])
  return idsOf(events)
}

/** Writes what belongs to nobody here, between what the store writes. */
function writeForeign(double: EventStoreDouble, length: number): void {
  const nothing = new Uint8Array()
  for (let index = 0; index < length; index++) {
    const metadata = new Map([
      ['type', 'Foreign'],
      ['content-type', 'application/octet-stream'],
    ])
    const record = {
      id: `foreign-${double.log.records.length}`,
      metadata,
      data: nothing,
      customMetadata: nothing,
    }
    const stream = `others-${double.log.records.length}`
    double.log.append(stream, -1n, [record])
  }
}

describe('a subscription that drops', () => {
  it.each([
    ['is ended', ended],
    ['is cancelled by the server', cancelled],
    ['is aborted', aborted],
    ['breaks', internal],
    ['becomes unavailable', unavailable],
  ])('%s after every number of events: all come once and in order', async (_, code) => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await fill(store, 120)
    double.faults.script = ({ method, number }) =>
      method === 'subscribe' ? { kind: 'cut', afterEvents: number % 8, code } : undefined
    expect(idsOf(await take(store.follow('', anySignal(), 5), 120))).toEqual(ids)
    expect(double.faults.calls.subscribe).toBeGreaterThan(30)
  })

  it('while events are appended misses none of them', async () => {
    const double = await openDouble()
    const [store, follower] = [openStore(double.url), openStore(double.url)]
    double.faults.script = ({ method, number }) =>
      method === 'subscribe'
        ? { kind: 'cut', afterEvents: 3, code: number % 2 ? ended : unavailable }
        : undefined
    const following = take(follower.follow('', anySignal()), 100)
    const ids = await fill(store, 100)
    expect(idsOf(await following)).toEqual(ids)
  })

  it('goes on from the position it was given, not from the start', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await fill(store, 40)
    const after = (await store.readAll('', 15)).at(-1)!.position
    double.faults.script = ({ method }) =>
      method === 'subscribe' ? { kind: 'cut', afterEvents: 4, code: unavailable } : undefined
    expect(idsOf(await take(store.follow(after, anySignal()), 25))).toEqual(ids.slice(15))
  })

  it('is refused for a while and then served', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await fill(store, 3)
    double.faults.script = ({ method, number }) =>
      method === 'subscribe' && number < 5 ? { kind: 'unavailable' } : undefined
    expect(idsOf(await take(store.follow('', anySignal()), 3))).toEqual(ids)
  })

  it('moves to another node when its own stops', async () => {
    const double = await openDouble({ nodes: 3 })
    const store = openStore(`${double.url}&discoveryInterval=20`)
    const ids = await fill(store, 5)
    const iterator = store.follow('', anySignal())[Symbol.asyncIterator]()
    const first = await iterator.next()
    const next = iterator.next()
    double.stop(0)
    double.elect(1)
    const sent = newEvent()
    await store.append('payment-after', 0, [sent])
    expect(idsOf([...first.value, ...(await next).value])).toEqual([...ids, sent.id])
    await iterator.return?.()
  })
})

describe("others' events in the same log", () => {
  it('are filtered by the server, passed over by reads, and never counted as ours', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    writeForeign(double, 30)
    const first = newEvent()
    await store.append('payment-1', 0, [first])
    writeForeign(double, 300)
    const second = newEvent()
    await store.append('payment-2', 0, [second])
    writeForeign(double, 30)
    const all = await store.readAll('', 10)
    expect(idsOf(all)).toEqual([first.id, second.id])
    expect(await store.head()).toBe(all[1]?.position)
    expect(await store.readAll(all[0]!.position, 1)).toStrictEqual([all[1]])
    expect(await take(store.follow('', anySignal()), 2)).toStrictEqual(all)
    expect(await openStore(double.url, { prefix: 'elsewhere.' }).head()).toBe('')
  })

  it('are passed over once: who asks again what came after our last event, or where that is, is sent little', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    writeForeign(double, 5_000)
    const [first] = await fill(store, 1)
    writeForeign(double, 12_000)
    const [event] = await store.readAll('', 1)
    expect(event?.id).toBe(first)
    const head = event!.position
    expect(await store.head()).toBe(head)
    expect(await store.readAll(head, 1)).toEqual([])
    double.faults.sent = 0
    for (let turn = 0; turn < 10; turn++) {
      writeForeign(double, 1)
      expect(await store.readAll(head, 1)).toEqual([])
      expect(await store.head()).toBe(head)
    }
    expect(double.faults.sent).toBeLessThan(100)
    const sent = newEvent()
    await store.append('payment-late', 0, [sent])
    expect(idsOf(await store.readAll(head, 1))).toEqual([sent.id])
    expect(await store.head()).toBe((await store.read('payment-late'))[0]?.position)
    expect(idsOf(await store.readAll('', 10))).toEqual([first, sent.id])
  })

  it('are not passed over again after a drop: it goes on from the last checkpoint', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const [first] = await fill(store, 1)
    writeForeign(double, 20_000)
    const caughtUp = double.caughtUp()
    const following = take(store.follow('', anySignal()), 2)
    await caughtUp
    const again = double.caughtUp()
    double.drop(unavailable)
    await again
    const sent = newEvent()
    await store.append('payment-late', 0, [sent])
    expect(idsOf(await following)).toEqual([first, sent.id])
    expect(double.faults.begun).toEqual([0, 2 * 8_192])
  })

  it('come with a checkpoint that is not gone on from while events before it wait to be taken', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const ids = await fill(store, 3)
    writeForeign(double, 9_000)
    const caughtUp = double.caughtUp()
    const slow = store.follow('', anySignal(), 1)[Symbol.asyncIterator]()
    const first = await slow.next()
    await caughtUp
    double.drop(internal)
    await take(store.follow('', anySignal()), 3) // by the same connection: the drop has been heard of
    const rest = [await slow.next(), await slow.next()]
    expect(idsOf([first, ...rest].flatMap(({ value }) => value))).toEqual(ids)
    await slow.return?.()
  })
})

it('10,000 reconnects later nothing was skipped or doubled, and nothing has piled up', async () => {
  const double = await openDouble()
  const store = openStore(double.url)
  for (let stream = 0; stream < 100; stream++)
    await store.append(
      `payment-${stream}`,
      0,
      Array.from({ length: 100 }, () => newEvent({})),
    )
  const expected = double.log.records.map(({ position }) => String(position))
  double.faults.script = ({ method, number }) =>
    method === 'subscribe'
      ? { kind: 'cut', afterEvents: 1, code: number % 10 ? ended : unavailable }
      : undefined

  const early: number[] = []
  const seen: string[] = []
  for await (const batch of store.follow('', anySignal())) {
    for (const { position } of batch) seen.push(position)
    if (seen.length === 2_000) early.push(heapAfterCollection())
    if (seen.length === 10_000) break
  }
  expect(seen).toEqual(expected)
  expect(double.faults.calls.subscribe).toBe(10_000)
  expect(heapAfterCollection() - early[0]!).toBeLessThan(8_000_000)
}, 120_000)

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
