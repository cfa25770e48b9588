// The webhook queue: counted in whatever batches, twice, or from the start anew, it holds the same numbers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeTurn } from '../../../src/adapters/sqlite/turn.ts'
import { sqliteWebhookQueue } from '../../../src/adapters/sqlite/webhookQueue.ts'
import type { Recorded } from '../../../src/domain/core/eventStore.ts'
import { type EndpointLane, type Lane, newLane } from '../../../src/domain/webhooks/delivery.ts'
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
  const lane = (next: number, more: Partial<EndpointLane> = {}): EndpointLane => ({
    ...newLane('', next, null),
    endpointId: own,
    ...more,
  })
  const counted = async (name?: string) => {
    const queue = open(name)
    queue.checkpoint()
    queue.take(await log())
    return queue
  }
  const replays = async () => {
    for (const [from, to] of [
      [1, 1],
      [2, 3],
    ] as const) {
      const data = { from, to, requestedAt: start }
      await world.gateway.webhookEndpoints.handle(own, { type: 'RequestWebhookReplay', data }, {})
    }
  }
  const disableAndEnable = async () => {
    const disable = {
      type: 'DisableWebhookEndpoint',
      data: { reason: 'failing', disabledAt: start },
    } as const
    await world.gateway.webhookEndpoints.handle(own, disable, {})
    const enable = { type: 'EnableWebhookEndpoint', data: { enabledAt: start } } as const
    await world.gateway.webhookEndpoints.handle(own, enable, {})
    return (await log()).at(-1)!.position
  }

  test('never goes back: of what is said of it the furthest holds, in whatever order', async () => {
    await story()
    const changed = (await log()).findLast(({ type }) => type === 'WebhookEndpointChanged')
    const revived = changed!.position
    const failed = { failed: 1, notBefore: 5, lastFailure: 'timeout', revived }
    for (const order of [
      [lane(2, { revived }), lane(1, failed)],
      [lane(1, failed), lane(2, { revived })],
    ]) {
      const queue = await counted(`order-${order[0]!.next}`)
      for (const one of order) queue.advance([one])
      expect(queue.lane(own, 'live')).toEqual({ ...newLane('', 2, null), revived })
      queue.advance([lane(2, failed)])
      expect(queue.lane(own, 'live')).toMatchObject({ next: 2, ...failed })
      queue.close()
    }
  })

  test('that was given its attempts anew keeps them, whether the failures before are heard of earlier or later', async () => {
    await story()
    const exhausted = lane(2, { failed: 10, notBefore: 5 })
    const before = await counted('before')
    before.advance([exhausted])
    const revivedAt = await disableAndEnable()
    before.take((await log()).slice(-2))
    const after = await counted('after')
    after.advance([exhausted])
    for (const queue of [before, after]) {
      expect(queue.lane(own, 'live')).toMatchObject({ next: 2, failed: 0, notBefore: 0, revived: revivedAt })
      queue.close()
    }
  })

  test('that another gateway told of is not begun anew when the log is counted from the start', async () => {
    await story()
    await replays()
    const first = await counted()
    first.advance([lane(3)])
    const [one, two] = first.replays(own) as [Lane, Lane]
    first.advance([{ ...newLane(one.name, 2, 1), endpointId: own }])
    expect(first.replays(own), 'the next one follows').toEqual([two])
    first.advance([{ ...newLane(two.name, 4, 3), endpointId: own }])
    expect(first.replays(own)).toEqual([])
    expect(first.lane(own, 'live')).toMatchObject({ next: 3 })

    const told = first.lanesAfter(undefined, 100)
    expect(told.map(({ endpointId, name, next }) => [endpointId, name, next])).toEqual([
      [own, '', 3],
      [own, two.name, 4],
      [other, '', 1],
    ])
    expect(first.lanesAfter(told[0], 1)).toEqual([told[1]])
    const empty = open('empty')
    empty.advance(told)
    empty.checkpoint()
    empty.take(await log())
    expect(empty.lanesAfter(undefined, 100)).toEqual(told)
    expect(empty.replays(own)).toEqual([])
    await replays()
    empty.take((await log()).slice(-2))
    expect(empty.replays(own)).toHaveLength(2)
    for (const queue of [first, empty]) queue.close()
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
