// Bad days for webhooks, by seed: receivers that fail, answers that are lost, a process that dies at any step. Every message
// arrives, in sequence, without a gap, and whoever counts the log anew gets the same numbers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Post } from '../../src/adapters/webhooks/post.ts'
import type { Attempt } from '../../src/domain/webhooks/delivery.ts'
import { messageTypes } from '../../src/domain/webhooks/messageTypes.ts'
import { numbering, type WebhookMessage } from '../../src/domain/webhooks/numbering.ts'
import type { WebhookQueue } from '../../src/domain/webhooks/webhookQueue.ts'
import { openWorld, paymentOf, record, register, startProcess, type World } from '../support/deliveries.ts'
import { virtualTime } from '../support/virtualTime.ts'
import { type Random, seeded } from './random.ts'

const steps = 120
const merchants = ['mer_AAAAA', 'mer_BBBBB']
const endpoints = ['whe_AAAAA00000000001', 'whe_AAAAA00000000002', 'whe_BBBBB00000000003']
const recorded = [
  'QrIssued',
  'CreditApplied',
  'PaymentPaid',
  'PaymentExpired',
  'PaymentCanceled',
  'PaymentRequested',
]

type Seen = { sequence: number; id: string; previousId: string | null; replay: boolean }
type Mortal = ReturnType<typeof startProcess> & { readonly isDead: () => boolean }
type Day = World & {
  readonly random: Random
  readonly queueFile: string
  readonly seen: Map<string, Seen[]>
  readonly replays: { endpointId: string; from: number; to: number; after: number }[]
  healed: boolean
  process: Mortal
  deaths: number
}

/** A receiver that fails three times in ten: before it has taken the message, or after, when only the answer is lost. */
const receiver =
  (day: Day): Post =>
  async (_url, _headers, text) => {
    const body = JSON.parse(text) as Seen & { endpointId: string; replay?: true }
    const failing = !day.healed && day.random.below(10) < 3
    const takes = !failing || day.random.oneIn(2)
    if (takes) day.seen.get(body.endpointId)!.push({ ...body, replay: body.replay === true })
    return failing
      ? day.random.pick<Attempt>([{ status: 500 }, { failure: 'timeout' }, { failure: 'unreachable' }])
      : { status: 200 }
  }

class Killed extends Error {}

/** A process that dies at its steps, now before the queue has written and now after; a dead one does nothing more. */
function start(day: Day): Day['process'] {
  const life = { over: false }
  const never = new Promise<never>(() => {})
  const die = () => {
    life.over = true
    day.deaths += 1
  }
  const risky =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      if (life.over) throw new Killed()
      const fate = day.healed ? -1 : day.random.below(60)
      if (fate === 0) die()
      if (life.over) throw new Killed()
      const result = work(...args)
      if (fate === 1) die()
      if (life.over) throw new Killed()
      return result
    }
  const around = (queue: WebhookQueue): WebhookQueue => ({
    ...queue,
    take: risky(queue.take),
    advance: risky(queue.advance),
    lane: (...args) => {
      if (life.over) throw new Killed()
      return queue.lane(...args)
    },
  })
  const post: Post = (...request) => (life.over ? never : receiver(day)(...request))
  const wait: Day['time']['wait'] = (...sleep) => (life.over ? never : day.time.wait(...sleep))
  const world = { ...day, time: { ...day.time, wait } }
  return { ...startProcess(world, day.queueFile, post, around), isDead: () => life.over }
}

function openDay(seed: number, folder: string): Day {
  const world = openWorld(virtualTime('2026-11-22T02:00:00Z'))
  const seen = new Map(endpoints.map((endpointId) => [endpointId, []]))
  const day = {
    ...world,
    random: seeded(seed),
    queueFile: join(folder, `${seed}.sqlite`),
    seen,
    replays: [],
    healed: false,
    deaths: 0,
  } as unknown as Day
  day.process = start(day)
  return day
}

/** Reads on; a process that died of it, or of a delivery, is started again on the same file. */
async function read(day: Day): Promise<void> {
  for (;;) {
    if (day.process.isDead()) day.process = start(day)
    try {
      await day.process.read(1 + day.random.below(7))
      await day.time.settle()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
    if (!day.process.isDead()) return
  }
}

async function step(day: Day, number: number): Promise<void> {
  const { random, gateway, time } = day
  const endpointId = random.pick(endpoints)
  switch (random.below(12)) {
    case 0: {
      const events = messageTypes.filter(() => random.oneIn(2))
      const data = { url: `https://${number}.example/`, events, changedAt: time.now().toISOString() }
      await gateway.webhookEndpoints.handle(endpointId, { type: 'ChangeWebhookEndpoint', data }, {})
      return
    }
    case 1: {
      const last = day.process.queue.lastSequence(endpointId)
      if (last === 0) return
      const from = 1 + random.below(last)
      const range = { from, to: from + random.below(last - from + 1) }
      const data = { ...range, requestedAt: time.now().toISOString() }
      await gateway.webhookEndpoints.handle(endpointId, { type: 'RequestWebhookReplay', data }, {})
      day.replays.push({ endpointId, ...range, after: day.seen.get(endpointId)!.length })
      return
    }
    case 2:
      await time.jump()
      return
    default:
      await record(day, random.pick(recorded), paymentOf(random.pick(merchants), number), {
        creditId: 'crd_1',
      })
  }
}

async function live(seed: number, folder: string): Promise<Day> {
  const day = openDay(seed, folder)
  const registrations = endpoints.map((endpointId) => register(day, endpointId, { events: messageTypes }))
  await registrations[0]
  for (let number = 0; number < steps; number++) {
    if (number === 20) await Promise.all(registrations)
    await step(day, number)
    await read(day)
  }
  day.healed = true
  await read(day)
  for (let jumps = 0; (await day.time.jump()) && jumps < 1_000; jumps++) await read(day)
  return day
}

/** Every message of the day, counted from the log alone by somebody who was not there. */
async function countedAnew({ store }: Day): Promise<Map<string, WebhookMessage[]>> {
  const counters = numbering([])
  const messages = (await store.readAll('', 100_000)).flatMap((event) => counters.next(event))
  return new Map(endpoints.map((id) => [id, messages.filter(({ endpointId }) => endpointId === id)]))
}

describe('after a bad day', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i', async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'thungan-webhooks-'))
    const day = await live(seed, folder)
    const expected = await countedAnew(day)
    expect(day.deaths, 'the process died').toBeGreaterThan(0)
    for (const endpointId of endpoints) {
      const messages = expected.get(endpointId)!
      expect(messages.length).toBeGreaterThan(0)
      const stored = day.process.queue.messages(endpointId, 1, 100_000)
      expect(stored, 'the queue has what the log says').toEqual(messages)

      const live = day.seen.get(endpointId)!.filter(({ replay }) => !replay)
      const once = [...new Map(live.map((message) => [message.id, message])).values()]
      expect(once.map(({ sequence }) => sequence)).toEqual(messages.map((_message, index) => index + 1))
      expect(once.map(({ id }) => id)).toEqual(messages.map(({ id }) => id))
      expect(once.map(({ previousId }) => previousId)).toEqual([
        null,
        ...once.slice(0, -1).map(({ id }) => id),
      ])
      const jumps = live.filter(({ sequence }, index) => sequence > (live[index - 1]?.sequence ?? 0) + 1)
      expect(jumps, 'no message came before the one it follows').toEqual([])
    }
    expect(day.replays.length).toBeGreaterThan(0)
    for (const { endpointId, from, to, after } of day.replays) {
      const again = day.seen
        .get(endpointId)!
        .slice(after)
        .filter(({ replay }) => replay)
      const numbers = new Set(again.map(({ sequence }) => sequence))
      for (let sequence = from; sequence <= to; sequence++)
        expect(numbers, `${endpointId} ${sequence} was replayed`).toContain(sequence)
    }
    await day.process.stop()
    rmSync(folder, { recursive: true })
  })
})
