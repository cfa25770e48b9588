// Bad days by seed: credits late, short, over, double, repeated, reordered, with crashes between, and no đồng goes astray.
import { describe, expect, test } from 'vitest'
import { projections } from '../../projections/readModels.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../src/domain/gateway.ts'
import type { CreditEvent } from '../../src/domain/payments/credit.ts'
import { concernsCredits, creditProcess } from '../../src/domain/payments/creditProcess.ts'
import { creditMatcher } from '../../src/domain/payments/matchCredit.ts'
import type { LatePolicy, QrPaymentEvent } from '../../src/domain/payments/qrPayment.ts'
import { derivedReference, paymentIdOf } from '../../src/domain/payments/reference.ts'
import { faultyStore } from './faultyStore.ts'
import { type Random, seeded } from './random.ts'

const steps = 400
const account = { bankBin: '970422', accountNumber: '0123456789' }
const policies: LatePolicy[] = [{ mode: 'hold' }, { mode: 'return' }, { mode: 'accept', graceSeconds: 300 }]

type World = {
  readonly random: Random
  readonly store: EventStore
  clock: number
  /** A fresh process over the same log: nothing survives a crash but the log. */
  gateway: Gateway
  readonly payments: string[]
  readonly credits: (() => Promise<unknown>)[]
}

function openWorld(seed: number): World {
  const random = seeded(seed)
  const world = { random, clock: Date.parse('2026-11-22T02:00:00Z'), payments: [], credits: [] }
  const store = memoryEventStore({ now: () => new Date(world.clock) })
  return { ...world, store, gateway: started(store, random) }
}

let eventIds = 0
function started(store: EventStore, random: Random): Gateway {
  const states = new Map()
  return openGateway({
    store: faultyStore(store, random),
    newEventId: () => `event-${++eventIds}`,
    cache: { get: (stream) => states.get(stream), set: (stream, loaded) => void states.set(stream, loaded) },
  })
}

const instant = (world: World): string => new Date(world.clock).toISOString()

async function sell(world: World): Promise<void> {
  const { random, gateway, payments } = world
  const reference = derivedReference('mer_7K3MA', (_purpose, size) =>
    Uint8Array.from({ length: size }, () => random.below(256)),
  )
  const amount = { amount: String(1_000 + random.below(500) * 1_000), currency: 'VND' } as const
  payments.push(paymentIdOf(reference))
  await gateway.payments.handle(
    paymentIdOf(reference),
    {
      type: 'RequestPayment',
      data: {
        merchantId: 'mer_7K3MA',
        siteId: 'sit_7K3MA9QZXW4F2',
        method: 'qr',
        amount,
        fee: { amount: '0', currency: 'VND' },
        payTo: account,
        latePolicy: random.pick(policies),
        expiresAt: new Date(world.clock + 600_000).toISOString(),
        requestedAt: instant(world),
        payload: '000201',
      },
    },
    {},
  )
}

/** The bank announces money; what it announces may come again at any time later. */
async function transfer(world: World): Promise<void> {
  const { random, payments, credits } = world
  const paymentId = random.oneIn(12) || payments.length === 0 ? undefined : random.pick(payments)
  const { state } = paymentId ? await world.gateway.payments.load(paymentId) : { state: undefined }
  const due = state && state.status !== 'new' ? Number(state.due.minor) : 50_000
  const amount = random.pick([due, due, due, Math.ceil(due / 2), due + 7_000, 1])
  const creditId = `crd_${credits.length}`
  const data = {
    connectorId: 'con_7K3MA9QZXW4F',
    transactionId: creditId,
    ...account,
    ...(random.oneIn(15) && { accountNumber: '999' }),
    amount: { amount: String(amount), currency: random.oneIn(25) ? 'USD' : 'VND' } as const,
    references: paymentId ? [paymentId.slice('pay_'.length)] : [],
    sealed: '',
    occurredAt: instant(world),
  }
  const announce = () => notify(world, creditId, { ...data, receivedAt: instant(world) })
  credits.push(announce)
  if (!random.oneIn(10)) await announce() // the others come late, with a repeat
}

async function notify(world: World, creditId: string, data: Parameters<typeof received>[0]): Promise<void> {
  await world.gateway.credits.handle(creditId, received(data), {})
  if (world.random.oneIn(10)) return // the process dies before matching
  await creditMatcher(world.gateway)(creditId)
}

const received = (data: Extract<CreditEvent, { type: 'CreditReceived' }>['data']) =>
  ({ type: 'ReceiveCredit', data }) as const

async function end(world: World, type: 'CancelPayment' | 'ExpirePayment'): Promise<void> {
  if (world.payments.length === 0) return
  const command = { type, data: { at: instant(world) } } as const
  await world.gateway.payments.handle(world.random.pick(world.payments), command, {})
}

/** What the catch-up process does after a restart: everything from the beginning, once more. */
async function catchUp(world: World): Promise<void> {
  world.gateway = started(world.store, world.random)
  const handle = creditProcess({
    ...world.gateway,
    matchCredit: creditMatcher(world.gateway),
    now: () => new Date(world.clock),
    canSend: false,
  })
  const events = (await world.store.readAll('', 1_000_000)).filter(concernsCredits)
  for (const event of events) await withRetries(() => handle(event))
}

async function repeat(world: World): Promise<void> {
  if (world.credits.length > 0) await world.random.pick(world.credits)()
}

const cancel = (world: World) => (world.random.oneIn(3) ? end(world, 'CancelPayment') : Promise.resolve())
const expire = (world: World) => end(world, 'ExpirePayment')

async function wait(world: World): Promise<void> {
  world.clock += world.random.below(400) * 1_000
}

const acts = [sell, sell, transfer, transfer, transfer, repeat, cancel, expire, wait, catchUp]

const isFault = (error: unknown) =>
  error instanceof Error && ['StoreBusy', 'StoreUnavailable', 'MatchingBusy'].includes(error.name)

async function withRetries(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      await work()
      return
    } catch (error) {
      if (!isFault(error)) throw error
    }
  }
  throw new Error('fifty bad moments in a row')
}

async function play(seed: number): Promise<World> {
  const world = openWorld(seed)
  for (let step = 0; step < steps; step++) {
    const act = world.random.pick(acts)
    await act(world).catch((error) => {
      if (!isFault(error)) throw error // the caller saw an error and knows nothing: that is allowed
    })
  }
  await catchUp(world)
  await catchUp(world) // a release that the first pass made is handled like any other
  return world
}

type Totals = { in: bigint; applied: bigint; unapplied: bigint; paidTwice: string[]; overpaid: string[] }

/** Adds the log up by itself, not through the deciders. */
function totals(events: readonly Recorded[]): Totals {
  const sum = { in: 0n, applied: 0n, unapplied: 0n }
  const paid = new Map<string, number>()
  const held = new Map<string, bigint>()
  const due = new Map<string, bigint>()
  for (const event of events) {
    const { stream } = event
    const known = event as unknown as QrPaymentEvent | CreditEvent
    if (known.type === 'PaymentRequested') due.set(stream, BigInt(known.data.amount.amount))
    if (known.type === 'CreditReceived') sum.in += BigInt(known.data.amount.amount)
    if (known.type === 'CreditUnapplied') sum.unapplied += BigInt(known.data.amount.amount)
    if (known.type === 'PaymentPaid') paid.set(stream, (paid.get(stream) ?? 0) + 1)
    if (known.type === 'CreditApplied')
      held.set(stream, (held.get(stream) ?? 0n) + BigInt(known.data.applied.amount))
    if (known.type === 'PaymentExpired' || known.type === 'PaymentCanceled') held.set(stream, 0n)
  }
  for (const amount of held.values()) sum.applied += amount
  return {
    ...sum,
    paidTwice: [...paid].filter(([, times]) => times > 1).map(([stream]) => stream),
    overpaid: [...held].filter(([stream, amount]) => amount > due.get(stream)!).map(([stream]) => stream),
  }
}

function projected(events: readonly Recorded[]): Map<string, unknown> {
  const rows = new Map<string, unknown>()
  for (const { name, handles, keyOf, evolve } of projections) {
    for (const event of events.filter(({ type }) => handles.includes(type))) {
      const key = `${name} ${keyOf(event).join(' ')}`
      rows.set(key, evolve(rows.get(key) as never, event))
    }
  }
  return rows
}

describe('a bad day', () => {
  test.each(Array.from({ length: 40 }, (_, index) => index + 1))('seed %i', async (seed) => {
    const { store, gateway, payments } = await play(seed)
    const events = await store.readAll('', 1_000_000)
    const { paidTwice, overpaid, ...sum } = totals(events)
    expect(sum.in, 'money in = applied + unapplied').toBe(sum.applied + sum.unapplied)
    expect(sum.in).toBeGreaterThan(0n)
    expect({ paidTwice, overpaid }).toEqual({ paidTwice: [], overpaid: [] })
    const rows = projected(events)
    for (const id of payments) {
      const { state } = await gateway.payments.load(id)
      if (state.status === 'new') continue // its request was never answered
      expect(rows.get(`payments_v2 ${id}`)).toMatchObject({
        status: state.status,
        received: state.received.minor,
      })
    }
  })
})
