// Bad days for webhooks on a cluster, by seed: gateways that are paused and wake, die and come back with an empty folder, answers that
// are lost. Every message arrives, in sequence; what comes twice comes under its id.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { type SharedProgress, sharedProgress } from '../../src/adapters/node/sharedProgress.ts'
import type { Post } from '../../src/adapters/webhooks/post.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import { numbering } from '../../src/domain/webhooks/numbering.ts'
import {
  openWorld,
  paymentOf,
  record,
  register,
  startProcess,
  type WebhookProcess,
} from '../support/deliveries.ts'
import { virtualTime } from '../support/virtualTime.ts'
import { seeded } from './random.ts'

const steps = 150
const endpoints = ['whe_AAAAA00000000001', 'whe_AAAAA00000000002', 'whe_BBBBB00000000003']
type Seen = {
  readonly sequence: number
  readonly id: string
  readonly endpointId: string
  readonly replay?: true
}
type Gateway = {
  process: WebhookProcess
  progress: SharedProgress
  paused: PromiseWithResolvers<void> | undefined
  dead: boolean
}

async function day(seed: number, folder: string) {
  const random = seeded(seed)
  const time = virtualTime('2026-11-22T02:00:00Z')
  const world = openWorld(time)
  const turns = memoryEventStore({ now: time.now })
  const seen: Seen[] = []
  const counts = { takings: 0, paused: 0, died: 0, lost: 0 }
  let healed = false
  let folders = 0

  const append: EventStore['append'] = async (...args) => {
    const fate = healed ? -1 : random.below(12)
    if (fate === 0) throw new Error('refused')
    const result = await turns.append(...args)
    if (fate !== 1) return result
    counts.lost += 1
    throw new Error('the answer was lost')
  }

  function open(): Gateway {
    const gateway = { paused: undefined, dead: false } as unknown as Gateway
    const post: Post = async (_url, _headers, text) => {
      const takes = healed || random.below(10) > 1
      if (takes) seen.push(JSON.parse(text))
      await gateway.paused?.promise // in the middle of an answer
      if (gateway.dead) return new Promise<never>(() => {})
      return takes && (healed || random.below(10) > 0) ? { status: 200 } : { status: 500 }
    }
    gateway.process = startProcess(world, join(folder, `${folders++}.sqlite`), post, undefined, (queue) => {
      gateway.progress = sharedProgress({
        queue,
        store: { ...turns, append },
        wants: () => true,
        taken: () => {
          counts.takings += 1
          gateway.process.wake()
        },
        ticks: () => time.now().getTime(),
        log: { error: () => {}, debug: () => {} },
      })
      return gateway.progress
    })
    return gateway
  }

  const gateways = [open(), open(), open()]
  async function work(): Promise<void> {
    for (const gateway of gateways) {
      if (gateway.paused) continue
      await gateway.process.read(1 + random.below(7))
      for (let look = 0; look < 4; look++) {
        await time.settle()
        await gateway.progress.look().catch(() => {}) // the loop logs it, and looks again
      }
    }
  }
  const wakeUp = (gateway: Gateway): void => {
    gateway.paused?.resolve()
    gateway.paused = undefined
  }

  for (const endpointId of endpoints) await register(world, endpointId)
  for (let number = 0; number < steps; number++) {
    const index = random.below(gateways.length)
    const gateway = gateways[index]!
    switch (random.below(8)) {
      case 0:
        if (gateway.paused) wakeUp(gateway)
        else {
          gateway.paused = Promise.withResolvers()
          counts.paused += 1
        }
        break
      case 1:
        gateway.dead = true
        wakeUp(gateway)
        gateways[index] = open() // with nothing in its folder
        counts.died += 1
        break
      case 2:
        await time.pass(1_000 * random.below(20))
        break
      default:
        await record(world, 'PaymentPaid', paymentOf(random.pick(['mer_AAAAA', 'mer_BBBBB']), number))
        await time.pass(200)
    }
    await work()
  }
  healed = true
  gateways.forEach(wakeUp)
  for (let minute = 0; minute < 60; minute++) {
    await time.pass(60_000)
    for (let again = 0; again < 8; again++) await work()
  }
  const counters = numbering([])
  const messages = (await world.store.readAll('', 100_000)).flatMap((event) => counters.next(event))
  const close = async () => {
    for (const { process, progress } of gateways) {
      progress.giveUp()
      await process.stop()
    }
  }
  return { seen, messages, counts, gateways, close }
}

test.each([1, 2, 3, 4, 5, 6])('after a bad day of several gateways, seed %i', async (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-in-turn-'))
  const { seen, messages, counts, gateways, close } = await day(seed, folder)
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(0)
  for (const endpointId of endpoints) {
    const told = seen.filter((message) => message.endpointId === endpointId)
    const expected = messages.filter((message) => message.endpointId === endpointId)
    expect(expected.length).toBeGreaterThan(0)
    const once = [...new Map(told.map((message) => [message.id, message])).values()]
    expect(once.map(({ sequence, id }) => [sequence, id])).toEqual(
      expected.map(({ sequence, id }) => [sequence, id]),
    )
    const last = told.map(({ sequence }, at) => [
      sequence,
      Math.max(0, ...told.slice(0, at).map((one) => one.sequence)),
    ])
    expect(
      last.filter(([sequence, before]) => sequence! > before! + 1),
      'none before the one it follows',
    ).toEqual([])
    expect(
      last.filter(([sequence, before]) => sequence! < before!),
      'what comes again is the last one',
    ).toEqual([])
    for (const { process } of gateways)
      expect(process.queue.lane(endpointId, 'live')?.next, 'all know that all was told').toBe(
        expected.length + 1,
      )
  }
  await close()
  rmSync(folder, { recursive: true })
})
