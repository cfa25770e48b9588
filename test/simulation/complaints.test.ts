// Bad days with complaints by seed: opened, answered, left to the clock, with crashes and repeats; each ends, and gives back what it says, once.
import { describe, expect, test } from 'vitest'
import { complaints as complaintProjection } from '../../projections/complaints.ts'
import type { Complaint } from '../../src/domain/complaints/complaintEvents.ts'
import { complaintKinds, deadlineOf } from '../../src/domain/complaints/complaintTerms.ts'
import {
  complaintProcess,
  concernsComplaints,
  resolveOverdueComplaints,
} from '../../src/domain/complaints/resolveComplaints.ts'
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import { toData, zero } from '../../src/domain/core/money.ts'
import { fundsOf } from '../../src/domain/payments/funds.ts'
import { asQrPayment } from '../../src/domain/payments/payment.ts'
import { newComplaintId, paymentOfComplaint, refundOfComplaint } from '../../src/domain/payments/reference.ts'
import { addUp } from './books.ts'
import {
  attempt,
  catchUp,
  openWorld,
  refund,
  repeat,
  sell,
  send,
  settle,
  transfer,
  type World,
  wait,
  withRetries,
} from './world.ts'

const steps = 800
const dayMs = 86_400_000
const at = ({ clock }: World): string => new Date(clock).toISOString()
const none = toData(zero('VND'))

/** Ids of the complaints of a world. */
const opened = new WeakMap<World, string[]>()
const idsOf = (world: World): string[] => opened.get(world) ?? []

async function loaded({ gateway }: World, paymentId: string) {
  const payment = asQrPayment((await gateway.payments.load(paymentId)).state)
  const funds = payment && fundsOf(payment)
  return { payment, rest: funds ? toData(funds.amount) : none }
}

/** Sent again at any time, under its key. */
async function ask(world: World, request: (commandId: string) => Promise<unknown>): Promise<void> {
  const commandId = `complaint-${world.asked.length}`
  world.asked.push(() => request(commandId))
  await request(commandId)
}

async function complain(world: World): Promise<void> {
  if (world.payments.length === 0) return
  const paymentId = world.random.pick(world.payments)
  const { payment, rest } = await loaded(world, paymentId)
  if (!payment) return
  const complaintId = newComplaintId(paymentId, (_purpose, size) =>
    Uint8Array.from({ length: size }, () => world.random.below(256)),
  )
  opened.set(world, [...idsOf(world), complaintId])
  const amount = String(1 + world.random.below(Math.floor(Number(rest.amount) * 1.1) + 1))
  const data = {
    complaintId,
    merchantId: payment.merchantId,
    kind: payment.paidAt === undefined ? 'not_credited' : world.random.pick(complaintKinds),
    by: 'payer',
    openedAt: at(world),
    deadline: deadlineOf(at(world)),
    paid: payment.paidAt !== undefined,
    rest,
    openableFrom: at(world),
    ...(world.random.oneIn(2) && { amount: { amount, currency: 'VND' } as const }),
  } as const
  await ask(world, (commandId) =>
    world.gateway.complaints.handle(paymentId, { type: 'OpenComplaint', data }, { commandId }),
  )
}

async function answer(world: World): Promise<void> {
  if (idsOf(world).length === 0) return
  const complaintId = world.random.pick(idsOf(world))
  const paymentId = paymentOfComplaint(complaintId)
  const { payment, rest } = await loaded(world, paymentId)
  if (!payment) return
  const base = { complaintId, by: 'merchant', at: at(world) } as const
  const command = world.random.oneIn(3)
    ? ({ type: 'RejectComplaint', data: { ...base, reason: 'x' } } as const)
    : ({
        type: 'ResolveComplaint',
        data: { ...base, remedy: world.random.pick(['refund', 'refund', 'corrected'] as const), rest },
      } as const)
  await ask(world, (commandId) => world.gateway.complaints.handle(paymentId, command, { commandId }))
  const retried = {
    refundId: refundOfComplaint(complaintId),
    retriedAt: at(world),
    senders: [...payment.credits.keys()],
  }
  world.asked.push(() => world.gateway.payments.handle(paymentId, { type: 'RetryRefund', data: retried }, {}))
}

const passDays = async (world: World): Promise<void> => {
  world.clock += world.random.below(3) * dayMs
}

function project(events: readonly Recorded[]) {
  const rows = new Map<string, { id: string; status: string; dueAt: string | null }>()
  const { handles, keyOf, evolve } = complaintProjection
  for (const event of events.filter(({ type }) => handles.includes(type))) {
    const key = String(keyOf(event)[0])
    rows.set(key, evolve(rows.get(key), event) as { id: string; status: string; dueAt: string | null })
  }
  return rows
}

/** A round of the clock; its list is some events old. */
const tick = (world: World): Promise<void> => tickBehind(world, world.random.below(10))

async function tickBehind(world: World, behind: number): Promise<void> {
  const events = await world.store.readAll('', 1_000_000)
  const known = events.slice(0, events.length - behind)
  const dueComplaints = async (now: string, limit: number) =>
    [...project(known).values()]
      .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
      .map(({ id }) => id)
      .slice(0, limit)
  const { complaints } = world.gateway
  await resolveOverdueComplaints({ complaints, now: () => new Date(world.clock), dueComplaints })
}

/** The process from the start, as after a lost checkpoint; sometimes two at once. */
async function run(world: World): Promise<void> {
  const events = (await world.store.readAll('', 1_000_000)).filter(concernsComplaints)
  const handle = complaintProcess({
    ...world.gateway,
    now: () => new Date(world.clock),
    canSend: !world.random.oneIn(20),
    takesCards: true,
  })
  const all = async () => {
    for (const event of events) await withRetries(() => handle(event))
  }
  await Promise.all(world.random.oneIn(3) ? [all(), all()] : [all()])
}

const acts = [
  ...[sell, transfer, transfer, transfer, repeat, repeat, wait, catchUp, refund, send, send],
  ...[complain, complain, complain, answer, answer, passDays, tick, run],
]

async function end(world: World): Promise<readonly Recorded[]> {
  world.clock += 6 * dayMs
  for (let round = 0; round < 3; round++) {
    await withRetries(() => tickBehind(world, 0))
    await run(world)
    await settle(world)
  }
  for (;;) {
    const before = await world.store.head()
    await run(world)
    await settle(world)
    if ((await world.store.head()) === before) return world.store.readAll('', 1_000_000)
  }
}

async function complaintsOf({ gateway }: World, ids: readonly string[]): Promise<Complaint[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const { state } = await gateway.complaints.load(paymentOfComplaint(id))
      return state.status === 'new' ? undefined : state.byId.get(id)
    }),
  )
  return found.filter((one) => one !== undefined)
}

const ends = new Set<string>()

describe('a bad day with complaints', () => {
  test.each(Array.from({ length: 20 }, (_, index) => index + 1))('seed %i', async (seed) => {
    const world = openWorld(seed)
    for (let step = 0; step < steps; step++) await attempt(world.random.pick(acts)(world))
    const events = await end(world)

    const { sum, astray, overrefunded, transfers } = addUp(events)
    expect({ astray, overrefunded, inFlight: sum.inFlight }).toEqual({
      astray: [],
      overrefunded: [],
      inFlight: 0n,
    })
    expect(world.bank.sentTwice).toEqual([])

    const complaints = await complaintsOf(world, idsOf(world))
    expect(complaints.length).toBeGreaterThan(5)
    const gone = (complaintId: string): bigint =>
      [...transfers]
        .filter(
          ([id, { status }]) => id.startsWith(`${refundOfComplaint(complaintId)}-`) && status === 'completed',
        )
        .reduce((all, [, { amount }]) => all + amount, 0n)
    const rows = project(events)
    for (const { status } of complaints) ends.add(status)
    for (const { complaintId, status, answer } of complaints) {
      expect(rows.get(complaintId)).toMatchObject({ status, dueAt: null })
      expect(['resolved', 'rejected', 'default_resolved', 'refunded', 'failed']).toContain(status)
      if (status === 'refunded') expect(gone(complaintId)).toBe(answer!.refund!.minor)
      else if (status !== 'failed') expect(gone(complaintId)).toBe(0n)
      else expect(gone(complaintId)).toBeLessThan(answer!.refund!.minor)
    }
  })

  test('there were complaints of every end', () => {
    expect([...ends].toSorted()).toEqual(['default_resolved', 'failed', 'refunded', 'rejected', 'resolved'])
  })
})
