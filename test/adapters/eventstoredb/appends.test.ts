// Appends to EventStoreDB that meet every kind of failure: each is recorded once, and the answer says what is true.
import { describe, expect, it } from 'vitest'
import { StoreBusy, StoreUnavailable } from '../../../src/domain/core/eventStore.ts'
import type { Fault } from '../../support/eventstoredb/faults.ts'
import { idsOf, newEvent, openDouble, openStore } from '../../support/eventstoredb/store.ts'

const stream = 'payment-pay_1'
const shortDeadline = '&defaultDeadline=400'

/** The first append of a script meets a fault, the others none. */
const first =
  (kind: Exclude<Fault['kind'], 'cut'>) =>
  ({ method, number }: { readonly method: string; readonly number: number }): Fault | undefined =>
    method === 'append' && number === 1 ? { kind } : undefined

describe('an append that fails once', () => {
  it.each(['unavailable', 'silent', 'committedThenUnavailable', 'committedThenSilent'] as const)(
    'with %s is recorded once and answered as appended',
    async (kind) => {
      const double = await openDouble()
      const store = openStore(double.url + (kind.toLowerCase().endsWith('silent') ? shortDeadline : ''))
      double.faults.script = first(kind)
      const events = [newEvent(), newEvent()]
      const result = await store.append(stream, 0, events)
      const recorded = await store.read(stream)
      expect(idsOf(recorded)).toEqual(idsOf(events))
      expect(result).toStrictEqual({ status: 'appended', version: 2, position: recorded[1]?.position })
      expect(double.log.records).toHaveLength(2)
    },
  )

  it('goes on with the chain after it', async () => {
    const double = await openDouble()
    const store = openStore(double.url + shortDeadline)
    double.faults.script = first('committedThenSilent')
    await store.append(stream, 0, [newEvent()])
    expect(await store.append(stream, 1, [newEvent()])).toMatchObject({ status: 'appended', version: 2 })
    expect(new Set((await store.read(stream)).map(({ hash }) => hash)).size).toBe(2)
  })

  it('is known as its own although others have written behind it meanwhile', async () => {
    const double = await openDouble()
    const store = openStore(double.url + shortDeadline)
    const other = openStore(double.url)
    const later = newEvent()
    let behind: Promise<unknown> | undefined
    double.faults.script = ({ method, number }) => {
      if (method !== 'append' || number > 1) return undefined
      behind = new Promise((resolve) => setTimeout(resolve, 20)).then(() => other.append(stream, 1, [later]))
      return { kind: 'committedThenSilent' }
    }
    const sent = newEvent()
    expect(await store.append(stream, 0, [sent])).toMatchObject({ status: 'appended', version: 1 })
    expect(await behind).toMatchObject({ status: 'appended', version: 2 })
    expect(idsOf(await store.read(stream))).toEqual([sent.id, later.id])
  })

  it('is repeated, not appended, when another gateway has recorded the same events', async () => {
    const double = await openDouble()
    const [store, other] = [openStore(double.url), openStore(double.url)]
    const sent = newEvent()
    const done = await other.append(stream, 0, [sent])
    expect(await store.append(stream, 0, [sent])).toStrictEqual({ ...done, status: 'repeated' })
    expect(await store.append(stream, 1, [newEvent()])).toMatchObject({ status: 'appended', version: 2 })
  })
})

describe('appends to several streams', () => {
  const [kept, never] = ['credit-cre_1', 'payment-pay_2']

  it('keep what was before the cut, and repeat it when all are sent again', async () => {
    const double = await openDouble()
    const store = openStore(double.url, { patienceMs: 0 })
    double.faults.script = ({ method, number }) =>
      method === 'append' && number === 2 ? { kind: 'unavailable' } : undefined
    const appends = [
      { stream: kept, expectedVersion: 0, events: [newEvent()] },
      { stream: never, expectedVersion: 0, events: [newEvent()] },
    ]
    await expect(store.appendInOrder(appends)).rejects.toThrow(StoreUnavailable)
    expect(await store.read(kept)).toHaveLength(1)
    expect(await store.read(never)).toEqual([])
    expect((await store.appendInOrder(appends)).map(({ status }) => status)).toEqual(['repeated'])
  })
})

describe('a cluster', () => {
  it('is followed to its leader', async () => {
    const double = await openDouble({ nodes: 3 })
    const store = openStore(`${double.url}&nodePreference=follower`)
    double.elect(2)
    expect(await store.append(stream, 0, [newEvent()])).toMatchObject({ status: 'appended' })
    double.elect(1)
    expect(await store.append(stream, 1, [newEvent()])).toMatchObject({ status: 'appended', version: 2 })
    expect(await store.read(stream)).toHaveLength(2)
  })

  it('goes on when its leader stops and another is elected', async () => {
    const double = await openDouble({ nodes: 3 })
    const store = openStore(`${double.url}&nodePreference=leader&discoveryInterval=20`)
    await store.append(stream, 0, [newEvent()])
    double.stop(0)
    double.elect(1)
    const events = Array.from({ length: 20 }, () => newEvent())
    const results = await Promise.all(
      events.map((each, index) => store.append(`payment-${index}`, 0, [each])),
    )
    expect(results.every(({ status }) => status === 'appended')).toBe(true)
    expect(double.log.records).toHaveLength(21)
  })

  it('that is gone is StoreUnavailable after a while, also at the second call, and found again', async () => {
    const double = await openDouble({ nodes: 2 })
    const options = '&maxDiscoverAttempts=2&discoveryInterval=10&defaultDeadline=200'
    const store = openStore(double.url + options, { patienceMs: 50 })
    await store.append(stream, 0, [newEvent()])
    double.stop(0)
    double.stop(1)
    await expect(store.append(stream, 1, [newEvent()])).rejects.toThrow(StoreUnavailable)
    await expect(store.append(stream, 1, [newEvent()])).rejects.toThrow(StoreUnavailable)
    await expect(store.read(stream)).rejects.toThrow(StoreUnavailable)
    await expect(store.head()).rejects.toThrow(StoreUnavailable)
  })
})

describe('many appends at once', () => {
  it('are bounded: too many that wait are refused as busy, the others done', async () => {
    const double = await openDouble()
    const store = openStore(double.url, { openMax: 4, waitingMax: 30 })
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => store.append(`payment-${index}`, 0, [newEvent()])),
    )
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(refused).toHaveLength(100 - 34)
    expect(refused.every(({ reason }) => reason instanceof StoreBusy)).toBe(true)
    expect(double.log.records).toHaveLength(34)
  })

  it('that wait when the store is closed are answered', async () => {
    const double = await openDouble()
    const store = openStore(double.url)
    const waiting = Array.from({ length: 200 }, (_, index) =>
      store.append(`payment-${index}`, 0, [newEvent()]),
    )
    await store.close()
    expect((await Promise.all(waiting)).every(({ status }) => status === 'appended')).toBe(true)
    await expect(store.append(stream, 0, [newEvent()])).rejects.toThrow(StoreUnavailable)
  })
})

it.each([
  [{ maxAge: 3_600 }, '{"$maxAge":3600}'],
  [{ maxCount: 10_000 }, '{"$maxCount":10000}'],
])(
  'what need not be kept is in streams that the server may shorten, said before their first event',
  async (retention, said) => {
    const double = await openDouble()
    const store = openStore(double.url, { retention })
    await store.append(stream, 0, [newEvent()])
    await store.append(stream, 1, [newEvent()])
    const streams = double.log.records.map((record) => record.stream)
    expect(streams).toEqual([`$$thungan.${stream}`, `thungan.${stream}`, `thungan.${stream}`])
    expect(Buffer.from(double.log.records[0]!.data).toString()).toBe(said)
  },
)
