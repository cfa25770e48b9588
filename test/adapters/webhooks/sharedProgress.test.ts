// How gateways of a cluster take turns at delivering, and tell each other how far they have come: on a clock that the test moves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import { sharedProgress, writesKept } from '../../../src/adapters/node/sharedProgress.ts'
import { holdMs, leaseMs, renewMs, sharedTurn } from '../../../src/adapters/node/sharedTurn.ts'
import { sqliteWebhookQueue } from '../../../src/adapters/sqlite/webhookQueue.ts'
import type { EventStore } from '../../../src/domain/core/eventStore.ts'
import { type EndpointLane, newLane } from '../../../src/domain/webhooks/delivery.ts'

let ticks: number
let store: EventStore
beforeEach(() => {
  ticks = 1_000_000
  store = memoryEventStore({ now: () => new Date() })
})

type Told = { turn: ReturnType<typeof sharedTurn<string>>; says: string; heard: string[]; seen: string[] }

function gateway(over: EventStore = store, wants: () => Promise<boolean> | boolean = () => true): Told {
  const told = { says: '', heard: [] as string[], seen: [] as string[] }
  const turn = sharedTurn<string>({
    store: over,
    name: 'work',
    ticks: () => ticks,
    wants,
    speak: () => {
      const said = told.says
      return { said, recorded: () => void told.seen.push(`recorded ${said}`) }
    },
    hasNews: () => told.says !== '',
    hear: (said) => told.heard.push(...said),
    taken: () => told.seen.push('taken'),
    lost: () => told.seen.push('lost'),
  })
  return Object.assign(told, { turn })
}

describe('the turn', () => {
  test('is taken where nobody has it, by one, and kept by writing', async () => {
    const [a, b] = [gateway(), gateway()]
    await Promise.all([a.turn.look(), b.turn.look()])
    expect([a, b].filter(({ turn }) => turn.isMine())).toHaveLength(1)
    const [holder, other] = a.turn.isMine() ? [a, b] : [b, a]
    for (let second = 0; second < 20; second++) {
      ticks += renewMs
      await holder.turn.look()
      await other.turn.look()
      expect([holder.turn.isMine(), other.turn.isMine()]).toEqual([true, false])
    }
  })

  test('of one that is silent ends before another takes it', async () => {
    const [a, b] = [gateway(), gateway()]
    await a.turn.look()
    await b.turn.look()
    ticks += holdMs - 1
    expect(a.turn.isMine()).toBe(true)
    ticks += 1
    expect(a.turn.isMine()).toBe(false)
    ticks += leaseMs - holdMs - 1
    await b.turn.look()
    expect(b.turn.isMine()).toBe(false)
    ticks += 1
    await b.turn.look()
    expect(b.turn.isMine()).toBe(true)
  })

  test('that was lost in a long sleep is not acted on: the sleeper hears what came meanwhile, and its word is not recorded', async () => {
    const [a, b] = [gateway(), gateway()]
    await a.turn.look()
    await b.turn.look()
    ticks += 60_000
    b.says = 'news of b'
    await b.turn.look()
    a.says = 'news of a'
    await a.turn.look() // it believes that nobody wrote since
    expect(a.seen).toEqual(['recorded ', 'taken', 'lost'])
    await a.turn.look()
    expect(a.heard).toEqual(['news of b'])
    expect([a.turn.isMine(), b.turn.isMine()]).toEqual([false, true])
    ticks += 60_000
    await a.turn.look()
    expect(a.seen.slice(-2)).toEqual(['recorded news of a', 'taken'])
    expect((await store.read('work')).map(({ data }) => (data as { said: string }).said)).toEqual([
      '',
      'news of b',
      'news of a',
    ])
  })

  test('is not taken by one that listened, and was overtaken before it wrote', async () => {
    const a = gateway()
    const b = gateway()
    const slow = gateway(store, async () => {
      await a.turn.look()
      return true
    })
    await a.turn.look()
    await slow.turn.look()
    ticks += leaseMs
    await slow.turn.look() // the holder writes again in this very moment
    await b.turn.look()
    expect([a, slow, b].map(({ turn }) => turn.isMine())).toEqual([true, false, false])
    expect(slow.seen).toEqual(['lost'])
  })

  test('outlives an answer that was lost, whether the write was recorded or not', async () => {
    for (const isRecorded of [true, false]) {
      store = memoryEventStore({ now: () => new Date() })
      let isBroken = false
      const append: EventStore['append'] = async (...args) => {
        if (isBroken && !isRecorded) throw new Error('no answer')
        const result = await store.append(...args)
        if (isBroken) throw new Error('no answer')
        return result
      }
      const a = gateway({ ...store, append })
      await a.turn.look()
      a.says = 'news'
      isBroken = true
      await expect(a.turn.look()).rejects.toThrow('no answer')
      isBroken = false
      await a.turn.look()
      expect(a.seen, `recorded: ${isRecorded}`).toEqual(['recorded ', 'taken', 'recorded news'])
      expect(a.turn.isMine()).toBe(true)
    }
  })

  test('that is given back can be taken at once', async () => {
    const [a, b] = [gateway(), gateway()]
    await a.turn.look()
    await a.turn.leave()
    expect(a.turn.isMine()).toBe(false)
    await b.turn.look()
    expect(b.turn.isMine()).toBe(true)
  })
})

describe('progress', () => {
  let folder: string
  const closing: (() => void)[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'thungan-progress-'))
  })
  afterEach(() => {
    for (const close of closing.splice(0)) close()
    rmSync(folder, { recursive: true })
  })

  const lane = (number: number, next: number): EndpointLane => ({
    ...newLane('', next, null),
    endpointId: `whe_${String(number).padStart(5, '0')}`,
  })

  function open(name: string, over: EventStore = store) {
    const queue = sqliteWebhookQueue(join(folder, `${name}.sqlite`))
    closing.push(queue.close)
    const seen: string[] = []
    const progress = sharedProgress({
      queue,
      store: over,
      wants: () => true,
      taken: () => seen.push('taken'),
      ticks: () => ticks,
      log: { error: () => seen.push('error'), debug: () => {} },
    })
    return {
      queue,
      progress,
      seen,
      next: (number: number) => queue.lanesAfter(lane(number - 1, 0), 1)[0]?.next,
    }
  }

  test('is kept once it is recorded, and the next to have the turn goes on from it', async () => {
    const [a, b] = [open('a'), open('b')]
    await a.progress.look()
    const kept = Promise.all([a.progress.keep(lane(1, 5)), a.progress.keep(lane(2, 9))])
    expect(a.next(1)).toBeUndefined()
    await a.progress.look()
    expect(await kept).toEqual([true, true])
    await b.progress.look()
    expect([b.next(1), b.next(2)]).toEqual([5, 9])
    ticks += leaseMs
    await b.progress.look()
    expect(b.seen).toEqual(['taken'])

    const late = a.progress.keep(lane(1, 6))
    await a.progress.look()
    expect(await late, 'another has gone on').toBe(false)
    expect(a.next(1)).toBe(5)
    expect(await a.progress.keep(lane(1, 6))).toBe(false)
  })

  test('that cannot be told is given up at the end, so that nobody waits for ever', async () => {
    const a = open('a')
    await a.progress.look()
    const kept = a.progress.keep(lane(1, 5))
    a.progress.giveUp()
    expect(await kept).toBe(false)
    expect(await a.progress.keep(lane(1, 5))).toBe(false)
  })

  test('is known to a gateway that comes with an empty folder when the server has dropped what was said first', async () => {
    const lanes = Array.from({ length: 1_200 }, (_, index) => lane(index, index + 1))
    const a = open('a')
    a.queue.advance(lanes)
    for (let write = 0; write < 1.5 * writesKept; write++) {
      ticks += renewMs
      await a.progress.look()
      if (write % 1_000 === 0) await nextTurn()
    }
    const read: EventStore['read'] = async (...args) => (await store.read(...args)).slice(-writesKept)
    const b = open('b', { ...store, read })
    await b.progress.look()
    expect(b.queue.lanesAfter(undefined, 2_000)).toEqual(lanes)
    const last = (await store.read('webhooks')).at(-1)!.data as { said: unknown[] }
    expect(last.said, 'most writes say nothing').toEqual([])
  })
})
