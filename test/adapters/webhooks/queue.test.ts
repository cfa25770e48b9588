// The webhook queue: counted in whatever batches, twice, or from the start anew, it holds the same numbers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeTurn } from '../../../src/adapters/sqlite/turn.ts'
import { sqliteWebhookQueue } from '../../../src/adapters/sqlite/webhookQueue.ts'
import type { Recorded } from '../../../src/domain/core/eventStore.ts'
import { newLane } from '../../../src/domain/webhooks/delivery.ts'
import { numbering } from '../../../src/domain/webhooks/numbering.ts'
import { openWorld, paymentOf, record, register, type World } from '../../support/deliveries.ts'
import { virtualTime } from '../../support/virtualTime.ts'

const own = 'whe_AAAAA00000000001'
const other = 'whe_BBBBB00000000002'
const start = '2026-11-22T03:00:00.000Z'
let folder: string
let world: World
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-queue-'))
  world = openWorld(virtualTime(start))
})
afterEach(() => rmSync(folder, { recursive: true }))

const pays = (endpointId: string, number: number) =>
  record(world, 'PaymentPaid', paymentOf(`mer_${endpointId.slice(4, 9)}`, number))
const change = (events: readonly string[]) =>
  world.gateway.webhookEndpoints.handle(
    own,
    { type: 'ChangeWebhookEndpoint', data: { url: 'https://b.example/', events, changedAt: start } },
    {},
  )
const log = (): Promise<readonly Recorded[]> => world.store.readAll('', 10_000)

/** Before, between and after registration; with the filter away from it and back. */
async function story(): Promise<void> {
  await pays(own, 1) // before the registration: not a message
  await register(world, own)
  await pays(own, 2)
  await register(world, other)
  await pays(other, 3)
  await change(['payment.expired'])
  await pays(own, 4) // not asked for
  await record(world, 'PaymentExpired', paymentOf('mer_AAAAA', 5))
  await change(['payment.paid', 'payment.expired'])
  await pays(own, 6)
  await record(world, 'PaymentRequested', paymentOf('mer_AAAAA', 7))
}

const open = (name = 'queue') => sqliteWebhookQueue(join(folder, `${name}.sqlite`))
const numbersOf = (queue: ReturnType<typeof open>, endpointId: string) =>
  queue.messages(endpointId, 1, 100).map(({ sequence, ids }) => `${sequence} ${ids.paymentId!.slice(-3, -1)}`)

describe('counting', () => {
  test('begins after the registration and follows the filter', async () => {
    await story()
    const queue = open()
    queue.checkpoint()
    expect([...queue.take(await log())].sort()).toEqual([own, other])
    expect(numbersOf(queue, own)).toEqual(['1 02', '2 05', '3 06'])
    expect(numbersOf(queue, other)).toEqual(['1 03'])
    expect(queue.lastSequence(own)).toBe(3)
    expect(queue.endpointsOf('mer_AAAAA')).toEqual([own])
    expect(queue.waiting()).toEqual([own, other])
    queue.close()
  })

  test.each([1, 2, 3, 5, 100])('in batches of %i gives what the log says', async (size) => {
    await story()
    const events = await log()
    const queue = open()
    queue.checkpoint()
    for (let at = 0; at < events.length; at += size) queue.take(events.slice(at, at + size))
    const counters = numbering([])
    const expected = events.flatMap((event) => counters.next(event))
    expect([...queue.messages(own, 1, 100), ...queue.messages(other, 1, 100)]).toEqual(
      expected.toSorted((a, b) => a.endpointId.localeCompare(b.endpointId)),
    )
    queue.close()
  })

  test('goes on from its checkpoint in another process, and counts nothing twice', async () => {
    await story()
    const events = await log()
    const queue = open()
    expect(queue.checkpoint()).toBe('')
    queue.take(events.slice(0, 7))
    queue.close()
    const next = open()
    const position = next.checkpoint()
    expect(position).toBe(events[6]!.position)
    next.take(events.filter((event) => event.position > position))
    expect(numbersOf(next, own)).toEqual(['1 02', '2 05', '3 06'])
    next.close()
  })

  test('writes nothing while nothing concerns an endpoint, and reading on from there is harmless', async () => {
    for (let number = 0; number < 50; number++) await pays(own, number)
    const queue = open()
    queue.checkpoint()
    expect(queue.take(await log()).size).toBe(0)
    expect(queue.checkpoint()).toBe('')
    await register(world, own)
    queue.take(await log())
    expect(queue.lastSequence(own)).toBe(0)
    expect(queue.checkpoint()).toBe((await log()).at(-1)!.position)
    queue.close()
  })

  test('must be told where it stands before it counts', async () => {
    await story()
    const queue = open()
    const events = await log()
    expect(() => queue.take(events)).toThrow('ask for the checkpoint first')
    queue.close()
  })
})

describe('a lane', () => {
  test('is changed only as it was read: who comes late changes nothing', async () => {
    await story()
    const queue = open()
    queue.checkpoint()
    queue.take(await log())
    const before = queue.lane(own, 'live')!
    expect(before).toEqual(newLane('', 1, null))
    const failed = { ...before, failed: 1, notBefore: 5, lastFailure: 'timeout' }
    queue.advance(own, before, failed)
    queue.advance(own, before, newLane('', 2, null)) // read before the failure was written
    expect(queue.lane(own, 'live')).toEqual(failed)
    queue.close()
  })

  test('that is a replay goes when it is finished; the next one follows', async () => {
    await story()
    for (const [from, to] of [
      [1, 1],
      [2, 3],
    ] as const) {
      const data = { from, to, requestedAt: start }
      await world.gateway.webhookEndpoints.handle(own, { type: 'RequestWebhookReplay', data }, {})
    }
    const queue = open()
    queue.checkpoint()
    queue.take(await log())
    const replay = queue.lane(own, 'replay')!
    expect(replay).toMatchObject({ next: 1, last: 1 })
    queue.advance(own, replay, newLane(replay.name, 2, 1))
    expect(queue.replays(own)).toMatchObject([{ next: 2, last: 3 }])
    expect(queue.lane(own, 'live')).toMatchObject({ next: 1 })
    queue.close()
  })
})

describe('the turn', () => {
  test('has one holder at a time, and passes on when it is given back', () => {
    const file = join(folder, 'turn')
    const mine = takeTurn(file)
    expect(mine).toBeDefined()
    expect(takeTurn(file)).toBeUndefined()
    mine!.release()
    const next = takeTurn(file)
    expect(next).toBeDefined()
    next!.release()
  })

  test('cannot be taken where there is no folder', () => {
    expect(() => takeTurn(join(folder, 'nowhere', 'turn'))).toThrow(/cannot be opened/)
  })
})
