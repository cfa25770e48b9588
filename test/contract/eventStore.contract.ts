// What every event store must do, field by field of the port. Each store runs it through a test file of its own.
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppendResult, EventStore, NewEvent, Recorded } from '../../src/domain/core/eventStore.ts'

/** `open` gives a store; it need not be empty, but nobody else writes to it. */
export function eventStoreContract(name: string, open: () => EventStore | Promise<EventStore>): void {
  describe(`${name}: the event store contract`, () => {
    let store: EventStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    describe('append and read', () => {
      it('finds nothing in an unknown stream', async () => {
        expect(await store.read(newStream())).toEqual([])
        expect(await store.read(newStream(), 3)).toEqual([])
      })

      it('gives n events the versions 1 to n and answers with version and position of the last', async () => {
        const stream = newStream()
        const result = await store.append(stream, 0, [event(), event(), event()])
        const recorded = await store.read(stream)
        expect(recorded.map(({ version }) => version)).toEqual([1, 2, 3])
        expect(result).toEqual({ status: 'appended', version: 3, position: recorded[2]?.position })
      })

      it('continues at the expected version', async () => {
        const stream = newStream()
        await store.append(stream, 0, [event(), event()])
        expect(await store.append(stream, 2, [event()])).toMatchObject({ status: 'appended', version: 3 })
        expect(await store.read(stream)).toHaveLength(3)
      })

      it('reads what comes after a version', async () => {
        const stream = newStream()
        const events = [event(), event(), event()]
        await store.append(stream, 0, events)
        expect(idsOf(await store.read(stream, 0))).toEqual(idsOf(events))
        expect(idsOf(await store.read(stream, 1))).toEqual(idsOf(events.slice(1)))
        expect(await store.read(stream, 3)).toEqual([])
        expect(await store.read(stream, 4)).toEqual([])
      })

      it('keeps streams apart whose names begin alike', async () => {
        const stream = newStream()
        const [one, other] = [event(), event()]
        await store.append(stream, 0, [one])
        await store.append(`${stream}0`, 0, [other])
        expect(idsOf(await store.read(stream))).toEqual([one.id])
        expect(idsOf(await store.read(`${stream}0`))).toEqual([other.id])
      })

      it('refuses to append nothing', async () => {
        await expect(store.append(newStream(), 0, [])).rejects.toThrow(RangeError)
      })
    })

    describe('what comes back', () => {
      it('is the event with all its metadata, and where and when it was recorded', async () => {
        const stream = newStream()
        const sent = { ...event(), metadata: fullMetadata }
        const before = new Date().toISOString()
        await store.append(stream, 0, [sent])
        const after = new Date().toISOString()
        const [recorded, ...others] = await store.read(stream)
        const { position, recordedAt, hash, ...rest } = recorded!
        expect(rest).toStrictEqual({ ...sent, stream, version: 1 })
        expect(position).toBe(await store.head())
        expect(recordedAt).toBe(new Date(recordedAt).toISOString())
        expect(recordedAt >= before && recordedAt <= after).toBe(true)
        expect(hash).toMatch(/^[\w-]{43}$/)
        expect(others).toEqual([])
      })

      it('is equal whatever the text, the numbers, the nesting and the size', async () => {
        const stream = newStream()
        const events = oddData.map((data) => ({ ...event(), data }))
        await store.append(stream, 0, events)
        expect((await store.read(stream)).map(({ data }) => data)).toStrictEqual(oddData)
      })

      it('has no property that was undefined, and text where there was a Date', async () => {
        const stream = newStream()
        const from = await store.head()
        const data = { at: new Date(0), none: undefined }
        await store.append(stream, 0, [{ ...event(), data }])
        const expected = { at: '1970-01-01T00:00:00.000Z' }
        expect((await store.read(stream))[0]?.data).toStrictEqual(expected)
        expect((await store.readAll(from, 1))[0]?.data).toStrictEqual(expected)
      })

      it('does not change when the caller changes what it sent', async () => {
        const stream = newStream()
        const from = await store.head()
        const data = { amount: '1' }
        await store.append(stream, 0, [{ ...event(), data }])
        data.amount = '2'
        expect((await store.read(stream))[0]?.data).toEqual({ amount: '1' })
        expect((await store.readAll(from, 1))[0]?.data).toEqual({ amount: '1' })
      })

      it('is the same by every way of reading', async () => {
        const stream = newStream()
        const from = await store.head()
        await store.append(stream, 0, [{ ...event(), metadata: fullMetadata }, event()])
        const recorded = await store.read(stream)
        expect(await store.readAll(from, 10)).toStrictEqual(recorded)
        expect(await takeFrom(store, from, 2)).toStrictEqual(recorded)
      })
    })

    describe('the hash', () => {
      it('chains each event to the one before it in its stream, across appends and odd data', async () => {
        const stream = newStream()
        const odd = oddData.map((data) => ({ ...event(), data }))
        await store.append(stream, 0, [{ ...event(), metadata: fullMetadata }, event()])
        await store.append(newStream(), 0, [event()])
        await store.append(stream, 2, odd)
        await store.append(stream, 2 + odd.length, [event()])
        expectChain(await store.read(stream))
      })

      it('starts anew with every stream, and differs although the events are alike', async () => {
        const one = event()
        const [first, second] = [newStream(), newStream()]
        await store.append(first, 0, [one])
        await store.append(second, 0, [one])
        const [a, b] = [await store.read(first), await store.read(second)]
        expectChain(a)
        expectChain(b)
        expect(a[0]?.hash).not.toBe(b[0]?.hash)
      })

      it('goes on from what stands after a conflict and after a repeat', async () => {
        const stream = newStream()
        const sent = event()
        await store.append(stream, 0, [sent])
        await store.append(stream, 0, [event()])
        await store.append(stream, 0, [sent])
        await Promise.all([store.append(stream, 1, [event()]), store.append(stream, 1, [event()])])
        await store.append(stream, 2, [event()])
        const recorded = await store.read(stream)
        expect(recorded).toHaveLength(3)
        expectChain(recorded)
      })
    })

    describe('conflicts', () => {
      it('reports the real version to a stale writer', async () => {
        const stream = newStream()
        await store.append(stream, 0, [event(), event()])
        expect(await store.append(stream, 1, [event()])).toStrictEqual({ status: 'conflict', version: 2 })
        expect(await store.append(stream, 0, [event()])).toStrictEqual({ status: 'conflict', version: 2 })
        expect(await store.read(stream)).toHaveLength(2)
      })

      it('reports the real version to one who is ahead', async () => {
        const stream = newStream()
        await store.append(stream, 0, [event()])
        expect(await store.append(stream, 2, [event()])).toStrictEqual({ status: 'conflict', version: 1 })
        expect(await store.read(stream)).toHaveLength(1)
      })

      it('reports version 0 when the stream was expected and is not there', async () => {
        const stream = newStream()
        expect(await store.append(stream, 1, [event()])).toStrictEqual({ status: 'conflict', version: 0 })
        expect(await store.read(stream)).toEqual([])
        expect(await store.append(stream, 0, [event()])).toMatchObject({ status: 'appended', version: 1 })
      })

      it('appends all of a batch or none of it', async () => {
        const stream = newStream()
        const from = await store.head()
        const first = event()
        await store.append(stream, 0, [first])
        await store.append(stream, 0, [event(), event(), event()])
        expect(idsOf(await store.readAll(from, 10))).toEqual([first.id])
      })

      it('lets exactly one of many racers win', async () => {
        const stream = newStream()
        const racers = Array.from({ length: 20 }, () => event())
        const results = await Promise.all(racers.map((racer) => store.append(stream, 0, [racer])))
        const winner = racers[results.findIndex(({ status }) => status === 'appended')]
        expect(results.filter(({ status }) => status === 'appended')).toHaveLength(1)
        expect(results.filter(isConflictAt(1))).toHaveLength(19)
        expect(idsOf(await store.read(stream))).toEqual([winner?.id])
      })

      it('loses no append of many who retry', async () => {
        const stream = newStream()
        const writers = Array.from({ length: 8 }, () => Array.from({ length: 5 }, () => event()))
        await Promise.all(writers.map((events) => appendEach(store, stream, events)))
        const recorded = await store.read(stream)
        expect(recorded.map(({ version }) => version)).toEqual(
          Array.from({ length: 40 }, (_, index) => index + 1),
        )
        expect(idsOf(recorded).sort()).toEqual(idsOf(writers.flat()).sort())
      })
    })

    describe('appends in order', () => {
      it('does all of them and answers each', async () => {
        const [first, second] = [newStream(), newStream()]
        const [one, two, three] = [event(), event(), event()]
        const results = await store.appendInOrder([
          { stream: first, expectedVersion: 0, events: [one, two] },
          { stream: second, expectedVersion: 0, events: [three] },
        ])
        const [inFirst, inSecond] = [await store.read(first), await store.read(second)]
        expect(inFirst.map(({ id }) => id)).toEqual([one.id, two.id])
        expect(inSecond.map(({ id }) => id)).toEqual([three.id])
        expect(results).toStrictEqual([
          { status: 'appended', version: 2, position: inFirst[1]!.position },
          { status: 'appended', version: 1, position: inSecond[0]!.position },
        ])
      })

      it('stops at the first that is not appended, and keeps what was before it', async () => {
        const [kept, taken, never] = [newStream(), newStream(), newStream()]
        await store.append(taken, 0, [event()])
        const results = await store.appendInOrder([
          { stream: kept, expectedVersion: 0, events: [event()] },
          { stream: taken, expectedVersion: 0, events: [event()] },
          { stream: never, expectedVersion: 0, events: [event()] },
        ])
        expect(results.map(({ status }) => status)).toEqual(['appended', 'conflict'])
        expect(results[1]).toStrictEqual({ status: 'conflict', version: 1 })
        expect(await store.read(kept)).toHaveLength(1)
        expect(await store.read(never)).toEqual([])
      })

      it('stops at a repeated one: what came after it was decided on another state', async () => {
        const [repeated, after] = [newStream(), newStream()]
        const sent = { stream: repeated, expectedVersion: 0, events: [event()] }
        await store.append(sent.stream, 0, sent.events)
        const results = await store.appendInOrder([
          sent,
          { stream: after, expectedVersion: 0, events: [event()] },
        ])
        expect(results.map(({ status }) => status)).toEqual(['repeated'])
        expect(await store.read(after)).toEqual([])
      })

      it('follows a stream on from its own append', async () => {
        const stream = newStream()
        const results = await store.appendInOrder([
          { stream, expectedVersion: 0, events: [event()] },
          { stream, expectedVersion: 1, events: [event()] },
        ])
        expect(results.map(({ version }) => version)).toEqual([1, 2])
      })
    })

    describe('the same append again', () => {
      it('is recognized, with the version and position of the first time', async () => {
        const stream = newStream()
        const events = [event(), event()]
        const first = await store.append(stream, 0, events)
        expect(await store.append(stream, 0, events)).toStrictEqual({ ...first, status: 'repeated' })
        expect(await store.read(stream)).toHaveLength(2)
      })

      it('is recognized when the stream has grown since', async () => {
        const stream = newStream()
        const events = [event(), event()]
        await store.append(stream, 0, [event()])
        const first = await store.append(stream, 1, events)
        await store.append(stream, 3, [event()])
        expect(await store.append(stream, 1, events)).toStrictEqual({ ...first, status: 'repeated' })
      })

      it('is recognized when it races with itself', async () => {
        const stream = newStream()
        const sent = event()
        const results = await Promise.all([1, 2, 3].map(() => store.append(stream, 0, [sent])))
        expect(results.map(({ status }) => status).sort()).toEqual(['appended', 'repeated', 'repeated'])
        expect(new Set(results.map((result) => 'position' in result && result.position)).size).toBe(1)
        expect(await store.read(stream)).toHaveLength(1)
      })

      it('is a conflict when only some of the events are the same', async () => {
        const stream = newStream()
        const [first, second] = [event(), event()]
        await store.append(stream, 0, [first, second])
        const conflict = { status: 'conflict', version: 2 }
        expect(await store.append(stream, 0, [first, event()])).toStrictEqual(conflict)
        expect(await store.append(stream, 0, [event(), second])).toStrictEqual(conflict)
        expect(await store.append(stream, 0, [first, second, event()])).toStrictEqual(conflict)
        expect(await store.append(stream, 1, [first])).toStrictEqual(conflict)
      })
    })

    describe('the whole log', () => {
      it('has strictly increasing positions of one length, and its head is the last', async () => {
        const from = await store.head()
        for (let index = 0; index < 12; index += 1) await store.append(newStream(), 0, [event()])
        const positions = (await store.readAll(from, 100)).map(({ position }) => position)
        expect(positions).toHaveLength(12)
        expect(positions).toEqual([...new Set(positions)].sort())
        expect(new Set(positions.map(({ length }) => length)).size).toBe(1)
        expect(positions.every((position) => position > from)).toBe(true)
        expect(await store.head()).toBe(positions.at(-1))
      })

      it('is read in pages, in the order of appending', async () => {
        const from = await store.head()
        const events = await appendMany(store, 7)
        const first = await store.readAll(from, 3)
        const second = await store.readAll(first[2]!.position, 3)
        const third = await store.readAll(second[2]!.position, 3)
        const expected = [events.slice(0, 3), events.slice(3, 6), events.slice(6)]
        expect([first, second, third].map(idsOf)).toEqual(expected.map(idsOf))
        expect(await store.readAll(third[0]!.position, 3)).toEqual([])
      })

      it("starts at ''", async () => {
        const stream = newStream()
        await store.append(stream, 0, [event(), event()])
        const [first] = await store.readAll('', 1)
        const all = await store.readAll('', 100_000)
        expect(all[0]).toStrictEqual(first)
        expect(all.slice(-2)).toStrictEqual(await store.read(stream))
      })
    })

    describe('follow', () => {
      it('gives history and then what comes, once and in order, across batches', async () => {
        const from = await store.head()
        const history = await appendMany(store, 7)
        const live = Array.from({ length: 6 }, () => event())
        const seen: string[] = []
        const sizes: number[] = []
        for await (const batch of store.follow(from, anySignal(), 3)) {
          seen.push(...idsOf(batch))
          sizes.push(batch.length)
          const next = live[seen.length - history.length]
          if (next) await store.append(newStream(), 0, [next])
          if (seen.length >= history.length + live.length) break
        }
        expect(seen).toEqual(idsOf([...history, ...live]))
        expect(Math.max(...sizes)).toBe(3)
      })

      it('wakes for an append made while it waits', async () => {
        const from = await store.head()
        const iterator = store.follow(from, anySignal())[Symbol.asyncIterator]()
        const next = iterator.next()
        const sent = event()
        await store.append(newStream(), 0, [sent])
        expect(idsOf((await next).value)).toEqual([sent.id])
        await iterator.return?.()
      })

      it('serves two followers independently, a slow one and one that starts later', async () => {
        const from = await store.head()
        const slow = store.follow(from, anySignal(), 2)[Symbol.asyncIterator]()
        const early = await appendMany(store, 2)
        const first = await slow.next()
        const middle = await store.head()
        const late = await appendMany(store, 4)
        expect(idsOf(await takeFrom(store, middle, 4))).toEqual(idsOf(late))
        const second = await slow.next()
        const third = await slow.next()
        expect(idsOf([...first.value, ...second.value, ...third.value])).toEqual(idsOf([...early, ...late]))
        await slow.return?.()
      })

      it('misses nothing of many concurrent appends', async () => {
        const from = await store.head()
        const following = takeFrom(store, from, 200, 16)
        const events = Array.from({ length: 200 }, () => event())
        await Promise.all(events.map((each) => store.append(newStream(), 0, [each])))
        const seen = await following
        expect(seen).toStrictEqual(await store.readAll(from, 200))
        expect(idsOf(seen).sort()).toEqual(idsOf(events).sort())
      })

      it('ends when aborted while it waits', async () => {
        const waiting = new AbortController()
        const ended = takeAll(store.follow(await store.head(), waiting.signal))
        waiting.abort()
        expect(await ended).toEqual([])
      })

      it('ends when aborted while a batch is worked on, and gives none after', async () => {
        const from = await store.head()
        await appendMany(store, 4)
        const consumed = new AbortController()
        const seen: Recorded[] = []
        for await (const batch of store.follow(from, consumed.signal, 1)) {
          seen.push(...batch)
          consumed.abort()
        }
        expect(seen).toHaveLength(1)
        expect(await takeAll(store.follow(from, AbortSignal.abort()))).toEqual([])
      })

      it('ends when the store is closed', async () => {
        const ended = takeAll(store.follow(await store.head(), anySignal()))
        await store.close()
        expect(await ended).toEqual([])
      })
    })
  })
}

let count = 0
function nextNumber(): string {
  count += 1
  return String(count).padStart(12, '0')
}

const newStream = (): string => `payment-pay_${nextNumber()}`

const event = (): NewEvent => ({
  id: `019a3c5e-0000-7000-8000-${nextNumber()}`,
  type: 'PaymentRequested',
  data: { amount: { amount: '125000', currency: 'VND' } },
  metadata: {},
})

const fullMetadata = {
  occurredAt: '2026-01-01T00:00:00.000Z',
  actor: 'key_1',
  correlationId: 'cor_1',
  causationId: 'evt_1',
  commandId: 'cmd_1',
  requestHash: 'sha256:1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
}

const oddData = [
  {},
  { text: 'Cà phê sữa đá ☕ 👩‍👩‍👧 \u0000 \u2028 "\\" </script>' },
  { decomposed: 'e\u0301', composed: '\u00e9' },
  { loneSurrogate: '\ud800' },
  { numbers: [0, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER], nothing: null, yes: true, list: [[], {}] },
  { big: 'đ'.repeat(300_000) },
]

const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id)

/** The chain as the port describes it, computed here by other means than the store's. */
function expectChain(events: readonly Recorded[]): void {
  let before = ''
  for (const { stream, version, id, type, recordedAt, data, metadata, hash } of events) {
    const lines = [
      before,
      stream,
      version,
      id,
      type,
      recordedAt,
      JSON.stringify(data),
      JSON.stringify(metadata),
    ]
    expect(hash).toBe(createHash('sha256').update(lines.join('\n')).digest('base64url'))
    before = hash
  }
}

const isConflictAt = (version: number) => (result: AppendResult) =>
  result.status === 'conflict' && result.version === version

const anySignal = (): AbortSignal => new AbortController().signal

async function appendMany(store: EventStore, length: number): Promise<NewEvent[]> {
  const events = Array.from({ length }, () => event())
  for (const each of events) await store.append(newStream(), 0, [each])
  return events
}

/** Appends one after the other, each as often as it takes. */
async function appendEach(store: EventStore, stream: string, events: readonly NewEvent[]): Promise<void> {
  let version = 0
  for (const each of events) {
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const result = await store.append(stream, version, [each])
      version = result.version
      if (result.status === 'appended') break
    }
  }
}

async function takeFrom(
  store: EventStore,
  after: string,
  length: number,
  batchSize?: number,
): Promise<Recorded[]> {
  const taken: Recorded[] = []
  for await (const batch of store.follow(after, anySignal(), batchSize)) {
    taken.push(...batch)
    if (taken.length >= length) break
  }
  return taken
}

async function takeAll(batches: AsyncIterable<readonly Recorded[]>): Promise<Recorded[]> {
  const taken: Recorded[] = []
  for await (const batch of batches) taken.push(...batch)
  return taken
}
