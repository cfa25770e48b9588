// The process deliverWebhooks in virtual time: order, the schedule, endpoints that are dead, gone or slow, and restarts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Post } from '../../../src/adapters/webhooks/post.ts'
import { createSlots } from '../../../src/adapters/webhooks/slots.ts'
import { openGateway } from '../../../src/domain/gateway.ts'
import type { Attempt } from '../../../src/domain/webhooks/delivery.ts'
import type { WebhookEndpointCommand } from '../../../src/domain/webhooks/webhookEndpoint.ts'
import {
  openWorld,
  paymentOf,
  record,
  register,
  startProcess,
  type WebhookProcess,
  type World,
} from '../../support/deliveries.ts'
import { virtualTime } from '../../support/virtualTime.ts'

const start = '2026-11-22T03:00:00.000Z'
const first = 'whe_AAAAA00000000001'
const second = 'whe_BBBBB00000000002'
const merchantOf = (endpointId: string) => `mer_${endpointId.slice(4, 9)}`

let folder: string
let world: World
let started: WebhookProcess[]
let sent: { host: string; sequence: number; at: number; replay: boolean }[]
/** What receivers answer, by host; 200 unless said. */
let answers: Record<string, (sequence: number) => Attempt | Promise<Attempt>>
let paid: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-webhooks-'))
  world = openWorld(virtualTime(start))
  started = []
  sent = []
  answers = {}
  paid = 0
})
afterEach(async () => {
  for (const process of started) await process.stop()
  rmSync(folder, { recursive: true })
})

const post: Post = async ({ host }, headers, body) => {
  const { sequence } = JSON.parse(body)
  const replay = headers['thungan-replay'] === 'true'
  sent.push({ host, sequence, at: world.time.now().getTime() - Date.parse(start), replay })
  return answers[host]?.(sequence) ?? { status: 200 }
}

function begin(): WebhookProcess {
  const process = startProcess(world, join(folder, 'webhooks.sqlite'), post)
  started.push(process)
  return process
}

async function pays(endpointId: string, count = 1): Promise<void> {
  for (let one = 0; one < count; one++) {
    paid += 1
    await record(world, 'PaymentPaid', paymentOf(merchantOf(endpointId), paid))
  }
}

const hostOf = (endpointId: string) => `${endpointId.slice(9)}.example`
const sentTo = (endpointId: string) => sent.filter(({ host }) => host === hostOf(endpointId))
const numbersOf = (endpointId: string) => sentTo(endpointId).map(({ sequence }) => sequence)
const statusOf = async (endpointId: string) => (await world.gateway.webhookEndpoints.load(endpointId)).state

async function readAndSettle(process: WebhookProcess): Promise<void> {
  await process.read()
  for (let turn = 0; turn < 20; turn++) await world.time.settle()
}

test('a failed message is tried on the schedule, and nothing after it goes before it', async () => {
  const process = begin()
  await register(world, first)
  await pays(first, 2)
  answers[hostOf(first)] = () => ({ status: 500 })
  await readAndSettle(process)
  await world.time.pass(4 * 24 * 3_600_000)
  expect(numbersOf(first)).toEqual(Array(10).fill(1))
  const waits = sentTo(first).map(({ at }, index, all) => (at - (all[index - 1]?.at ?? 0)) / 1_000)
  expect(waits).toEqual([0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400])
  expect(await statusOf(first)).toMatchObject({ status: 'disabled', disabled: { reason: 'failing' } })
  expect(process.outcomes).toEqual(Array(10).fill('refused'))
})

test('enabled again, it goes on where it stopped, with all attempts anew', async () => {
  const process = begin()
  await register(world, first)
  await pays(first)
  answers[hostOf(first)] = () => ({ failure: 'unreachable' })
  await readAndSettle(process)
  await world.time.pass(4 * 24 * 3_600_000)
  await pays(first)
  await readAndSettle(process)
  expect(numbersOf(first)).toEqual(Array(10).fill(1))
  sent = []
  answers[hostOf(first)] = (sequence) => ({ status: sequence === 1 && sent.length === 1 ? 500 : 200 })
  await world.gateway.webhookEndpoints.handle(
    first,
    { type: 'EnableWebhookEndpoint', data: { enabledAt: world.time.now().toISOString() } },
    {},
  )
  await readAndSettle(process)
  await world.time.pass(10_000)
  expect(numbersOf(first)).toEqual([1, 1, 2])
})

test('enabled just while its lane looks and finds it disabled, it is not forgotten', async () => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const read: typeof world.store.read = async (...stream) => {
    const events = await world.store.read(...stream)
    await gate
    return events
  }
  const cache = { get: () => undefined, set: () => {} }
  const gateway = openGateway({ store: { ...world.store, read }, newEventId: () => '', cache })
  await register(world, first)
  await pays(first)
  const handle = (command: WebhookEndpointCommand) =>
    world.gateway.webhookEndpoints.handle(first, command, {})
  await handle({ type: 'DisableWebhookEndpoint', data: { reason: 'requested', disabledAt: start } })
  const process = startProcess({ ...world, gateway }, join(folder, 'webhooks.sqlite'), post)
  started.push(process)
  await process.read() // the lane has read the disabled endpoint, and waits at the gate
  await handle({ type: 'EnableWebhookEndpoint', data: { enabledAt: start } })
  await process.read()
  open()
  await readAndSettle(process)
  expect(numbersOf(first)).toEqual([1])
})

test('410 disables at once, by an event that says why', async () => {
  const process = begin()
  await register(world, first)
  await pays(first, 3)
  answers[hostOf(first)] = (sequence) => ({ status: sequence === 2 ? 410 : 200 })
  await readAndSettle(process)
  expect(numbersOf(first)).toEqual([1, 2])
  const events = await world.store.read(`webhook-${first}`)
  expect(events.at(-1)).toMatchObject({
    type: 'WebhookEndpointDisabled',
    data: { reason: 'gone', disabledAt: start },
    metadata: { actor: 'deliverWebhooks' },
  })
})

test('Retry-After is waited for, and bounded', async () => {
  const process = begin()
  await register(world, first)
  await pays(first)
  const asked = ['3600', '999999999']
  answers[hostOf(first)] = () => {
    const retryAfter = asked.shift()
    return retryAfter ? { status: 503, retryAfter } : { status: 200 }
  }
  await readAndSettle(process)
  await world.time.pass(3 * 24 * 3_600_000)
  expect(sentTo(first).map(({ at }) => at / 3_600_000)).toEqual([0, 1, 25])
})

test('an endpoint sent elsewhere is tried there at once', async () => {
  const process = begin()
  await register(world, first)
  await pays(first)
  answers[hostOf(first)] = () => ({ failure: 'timeout' })
  await readAndSettle(process)
  const data = { url: 'https://better.example/', events: ['payment.paid'], changedAt: start }
  await world.gateway.webhookEndpoints.handle(first, { type: 'ChangeWebhookEndpoint', data }, {})
  await readAndSettle(process)
  expect(sent.map(({ host, at }) => [host, at])).toEqual([
    [hostOf(first), 0],
    ['better.example', 0],
  ])
})

describe('one endpoint does not delay another', () => {
  test('that is dead', async () => {
    const process = begin()
    await register(world, first)
    await register(world, second)
    answers[hostOf(first)] = () => ({ failure: 'timeout' })
    for (let round = 0; round < 20; round++) {
      await pays(first)
      await pays(second)
      await readAndSettle(process)
    }
    expect(numbersOf(second)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(
      sentTo(second).every(({ at }) => at === 0),
      'no time passed',
    ).toBe(true)
    expect(numbersOf(first)).toEqual([1])
  })

  test('that never answers', async () => {
    const process = begin()
    await register(world, first)
    await register(world, second)
    let answer = (_attempt: Attempt) => {}
    answers[hostOf(first)] = () => new Promise((resolve) => (answer = resolve))
    await pays(first)
    await pays(second, 3)
    await readAndSettle(process)
    expect(numbersOf(second)).toEqual([1, 2, 3])
    answer({ failure: 'timeout' })
  })

  test('nor a replay the newer messages', async () => {
    const process = begin()
    await register(world, first)
    await pays(first, 3)
    await readAndSettle(process)
    answers[hostOf(first)] = () => ({ status: sent.at(-1)!.replay ? 500 : 200 })
    const range = { from: 1, to: 2, requestedAt: start }
    await world.gateway.webhookEndpoints.handle(first, { type: 'RequestWebhookReplay', data: range }, {})
    await readAndSettle(process)
    await pays(first)
    await readAndSettle(process)
    expect(sentTo(first).map(({ sequence, replay }) => (replay ? `replay ${sequence}` : sequence))).toEqual([
      1,
      2,
      3,
      'replay 1',
      4,
    ])
    await world.time.pass(4 * 24 * 3_600_000)
    expect(await statusOf(first)).toMatchObject({ status: 'enabled' })
    expect(process.queue.replays(first), 'given up').toEqual([])
  })
})

test('what was not delivered is delivered by the next process, at its time', async () => {
  const process = begin()
  await register(world, first)
  await pays(first, 2)
  answers[hostOf(first)] = () => ({ status: sent.length <= 2 ? 503 : 200 })
  await readAndSettle(process)
  await world.time.pass(5_000)
  await process.stop()
  started = []
  const next = begin()
  await world.time.pass(299_000)
  expect(numbersOf(first)).toEqual([1, 1])
  await world.time.pass(1_000)
  expect(numbersOf(first)).toEqual([1, 1, 1, 2])
  expect(next.queue.lane(first, 'live')).toMatchObject({ next: 3, failed: 0 })
})

describe('slots', () => {
  const opened = () => {
    const open: (() => void)[] = []
    const begun: string[] = []
    const work = (name: string) => () =>
      new Promise<void>((resolve) => {
        begun.push(name)
        open.push(resolve)
      })
    return { open, begun, work }
  }

  test('bound what is open at once, in all and to one host, and pass the turn on', async () => {
    const { open, begun, work } = opened()
    const slots = createSlots(3, 2)
    const all = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => slots.use(name[0]!, work(name)))
    expect(begun).toEqual(['a1', 'a2', 'b1'])
    open.shift()!()
    await all[0]
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3'])
    for (const done of open.splice(0)) done()
    await Promise.all([all[1], all[2], all[3]])
    expect(begun.at(-1)).toBe('c1')
    open.shift()!()
    await all[4]
  })

  test('are given back by work that fails', async () => {
    const slots = createSlots(1, 1)
    await expect(slots.use('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await slots.use('a', async () => 'yes')).toBe('yes')
  })
})
