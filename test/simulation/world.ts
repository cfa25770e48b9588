// A world by seed: shops sell, payers pay rightly and wrongly, people apply and return, banks and stores fail, processes crash.
import { transfers as transferProjection } from '../../projections/transfers.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import { type Gateway, openGateway } from '../../src/domain/gateway.ts'
import { applyUnapplied } from '../../src/domain/payments/applyUnapplied.ts'
import type { CreditEvent } from '../../src/domain/payments/credit.ts'
import { concernsCredits, creditProcess } from '../../src/domain/payments/creditProcess.ts'
import { creditMatcher } from '../../src/domain/payments/matchCredit.ts'
import { asQrPayment } from '../../src/domain/payments/payment.ts'
import type { LatePolicy } from '../../src/domain/payments/qrPayment.ts'
import { derivedReference, newRefundId, paymentIdOf } from '../../src/domain/payments/reference.ts'
import { sendTransfers } from '../../src/domain/payments/sendTransfers.ts'
import { faultyStore } from './faultyStore.ts'
import { type PretendBank, pretendBank } from './pretendBank.ts'
import { type Random, seeded } from './random.ts'

const account = { bankBin: '970422', accountNumber: '0123456789' }
const policies: LatePolicy[] = [{ mode: 'hold' }, { mode: 'return' }, { mode: 'accept', graceSeconds: 300 }]
/** A payer errs about what was sold lately. */
const recentMax = 200
/** The process looks at so many events at once. */
const batch = 20

export type World = {
  readonly random: Random
  /** The log, read without faults. */
  readonly store: EventStore
  readonly bank: PretendBank
  clock: number
  /** A fresh process over the same log: nothing survives a crash but the log. */
  gateway: Gateway
  /** How far the process matchCredits has read. */
  checkpoint: string
  readonly payments: string[]
  readonly creditIds: string[]
  /** Everything that was ever asked for by message or request, to be asked for again. */
  readonly asked: (() => Promise<unknown>)[]
  readonly dueTransfers: (now: string, limit: number) => Promise<readonly string[]>
}

export function openWorld(seed: number): World {
  const random = seeded(seed)
  const clock = { clock: Date.parse('2026-11-22T02:00:00Z') }
  const world = { random, bank: pretendBank(random), checkpoint: '', payments: [], creditIds: [], asked: [] }
  const store = memoryEventStore({ now: () => new Date(clock.clock) })
  const gateway = started(store, random)
  return Object.assign(clock, { ...world, store, gateway, dueTransfers: dueIn(store) })
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

/** What a read model knows of due transfers: the projection, folded as the log grows. */
function dueIn(store: EventStore): World['dueTransfers'] {
  const { handles, keyOf, evolve } = transferProjection
  const rows = new Map<string, { id: string; dueAt: string | null }>()
  let position = ''
  const readOn = async (): Promise<void> => {
    const events = await store.readAll(position, 1_000_000)
    position = events.at(-1)?.position ?? position
    for (const event of events.filter(({ type }) => handles.includes(type))) {
      const key = String(keyOf(event)[0])
      const row = evolve(rows.get(key), event) as { id: string; dueAt: string | null } | undefined
      if (!row || row.dueAt === null) rows.delete(key)
      else rows.set(key, row)
    }
  }
  let reading = Promise.resolve()
  return async (now, limit) => {
    reading = reading.then(readOn) // one at a time: two gateways ask
    await reading
    const due = [...rows.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= now)
    return due.slice(0, limit).map(({ id }) => id)
  }
}

export const instant = (world: World): string => new Date(world.clock).toISOString()
export const chanceOf =
  ({ random }: World) =>
  (_purpose: string, size: number) =>
    Uint8Array.from({ length: size }, () => random.below(256))
export const recent = <T>({ random }: World, list: readonly T[]): T | undefined =>
  list.length === 0 ? undefined : list[list.length - 1 - random.below(Math.min(recentMax, list.length))]

export async function sell(world: World): Promise<void> {
  const { random, gateway, payments } = world
  const id = paymentIdOf(derivedReference('mer_7K3MA', chanceOf(world)))
  const minor = 1_000 + random.below(500) * 1_000
  const amount = { amount: String(minor), currency: 'VND' } as const
  payments.push(id)
  const data = {
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount,
    fee: { amount: String(minor / 200), currency: 'VND' },
    payTo: account,
    latePolicy: random.pick(policies),
    ...(random.oneIn(3) && { autoReturnOverpayments: true }),
    expiresAt: new Date(world.clock + 600_000).toISOString(),
    requestedAt: instant(world),
    payload: '000201',
  } as const
  await gateway.payments.handle(id, { type: 'RequestPayment', data }, {})
}

/** The bank announces money, rightly or with any of the faults that there are; what it announces may come again at any time. */
export async function transfer(world: World): Promise<void> {
  const { random, creditIds, asked } = world
  const paymentId = random.oneIn(12) ? undefined : recent(world, world.payments)
  const payment = paymentId && asQrPayment((await world.gateway.payments.load(paymentId)).state)
  const due = payment ? Number(payment.due.minor) : 50_000
  const amount = random.pick([due, due, due, Math.ceil(due / 2), due + 7_000, 1])
  const creditId = `crd_${creditIds.length}`
  const data = {
    connectorId: 'con_7K3MA9QZXW4F',
    transactionId: creditId,
    ...account,
    ...(random.oneIn(15) && { accountNumber: '999' }),
    amount: { amount: String(amount), currency: random.oneIn(25) ? 'USD' : 'VND' } as const,
    references: paymentId ? [paymentId.slice('pay_'.length)] : [],
    ...(!random.oneIn(5) && { payerHash: `payer-${random.below(50)}` }),
    sealed: 'sealed',
    occurredAt: instant(world),
  }
  const announce = () => notify(world, creditId, { ...data, receivedAt: instant(world) })
  creditIds.push(creditId)
  asked.push(announce)
  if (random.oneIn(20)) asked.push(() => conflict(world, creditId, data))
  if (!random.oneIn(10)) await announce() // the others come late, with a repeat
}

type Received = Extract<CreditEvent, { type: 'CreditReceived' }>['data']

async function notify(world: World, creditId: string, data: Received): Promise<void> {
  await world.gateway.credits.handle(creditId, { type: 'ReceiveCredit', data }, {})
  if (world.random.oneIn(10)) return // the process dies before matching
  await creditMatcher(world.gateway)(creditId)
}

/** The bank uses the transaction's id for another amount: recorded, and no money. */
const conflict = async (world: World, creditId: string, data: Omit<Received, 'receivedAt'>) => {
  const { state } = await world.gateway.credits.load(creditId)
  if (state.status === 'new') return
  const other = { ...data, amount: { ...data.amount, amount: '77' }, receivedAt: instant(world) }
  await world.gateway.credits.handle(creditId, { type: 'ReceiveCredit', data: other }, {})
}

/** A request under an idempotency key: kept, to be sent again at any time. */
async function ask(world: World, request: (commandId: string) => Promise<unknown>): Promise<void> {
  const commandId = `command-${world.asked.length}`
  world.asked.push(() => request(commandId))
  await request(commandId)
}

export async function apply(world: World): Promise<void> {
  const [creditId, paymentId] = [recent(world, world.creditIds), recent(world, world.payments)]
  if (!creditId || !paymentId) return
  const requestedAt = instant(world)
  await ask(world, (commandId) =>
    world.random.oneIn(5)
      ? reserveOnly(world, creditId, { applicationId: commandId, paymentId, requestedAt }, commandId)
      : applyUnapplied(
          world.gateway,
          { creditId, applicationId: commandId, paymentId, requestedAt },
          { commandId },
        ),
  )
}

/** The request dies between the two streams; it may also have been overtaken by whatever the payment did meanwhile. */
const reserveOnly = (
  { gateway }: World,
  creditId: string,
  data: { applicationId: string; paymentId: string; requestedAt: string },
  commandId: string,
) => gateway.credits.handle(creditId, { type: 'RequestApplication', data }, { commandId })

export async function giveBack(world: World): Promise<void> {
  const creditId = recent(world, world.creditIds)
  if (!creditId) return
  const data = { creditId, requestedAt: instant(world) }
  await ask(world, (commandId) =>
    world.gateway.credits.handle(creditId, { type: 'RequestReturn', data }, { commandId }),
  )
}

export async function refund(world: World): Promise<void> {
  const { random } = world
  const paymentId = recent(world, world.payments)
  if (!paymentId) return
  const payment = asQrPayment((await world.gateway.payments.load(paymentId)).state)
  if (!payment) return
  const most = Number(payment.received.minor) + 1_000
  const amount = { amount: String(1 + random.below(most)), currency: 'VND' } as const
  const [refundId, senders] = [newRefundId(paymentId, chanceOf(world)), [...payment.credits.keys()]]
  const data = { refundId, amount, reason: 'x', requestedAt: instant(world), senders }
  await ask(world, (commandId) =>
    world.gateway.payments.handle(paymentId, { type: 'RequestRefund', data }, { commandId }),
  )
  const retried = { refundId, retriedAt: instant(world), senders }
  world.asked.push(() => world.gateway.payments.handle(paymentId, { type: 'RetryRefund', data: retried }, {}))
}

export async function escheat(world: World): Promise<void> {
  const creditId = recent(world, world.creditIds)
  if (!creditId || !world.random.oneIn(3)) return
  const data = { at: instant(world), termDays: 0 }
  await world.gateway.credits.handle(creditId, { type: 'EscheatCredit', data }, {})
}

async function end(world: World, type: 'CancelPayment' | 'ExpirePayment'): Promise<void> {
  const paymentId = recent(world, world.payments)
  if (!paymentId) return
  await world.gateway.payments.handle(paymentId, { type, data: { at: instant(world) } }, {})
}
export const cancel = (world: World) =>
  world.random.oneIn(3) ? end(world, 'CancelPayment') : Promise.resolve()
export const expire = (world: World) => end(world, 'ExpirePayment')

export async function repeat(world: World): Promise<void> {
  if (world.asked.length > 0) await world.random.pick(world.asked)()
}

export async function wait(world: World): Promise<void> {
  world.clock += world.random.below(400) * 1_000
}

/** A round of the process sendTransfers, sometimes of two gateways at once. */
export async function send(world: World): Promise<void> {
  const others = world.random.oneIn(3) ? [started(world.store, world.random)] : []
  const rounds = [world.gateway, ...others].map((gateway) => attempt(sendFrom(gateway, world)))
  await Promise.all(rounds)
}

const sendFrom = (gateway: Gateway, world: World): Promise<unknown> =>
  sendTransfers({
    ...gateway,
    now: () => new Date(world.clock),
    connector: world.bank,
    senderIn: () => (world.random.oneIn(30) ? undefined : account),
    dueTransfers: world.dueTransfers,
  })

/** The process matchCredits after a crash, from its checkpoint or, where that was lost, from the start. */
export async function catchUp(world: World, from = world.checkpoint): Promise<void> {
  world.gateway = started(world.store, world.random)
  const handle = creditProcess({
    ...world.gateway,
    matchCredit: creditMatcher(world.gateway),
    now: () => new Date(world.clock),
    canSend: true,
  })
  const events = await world.store.readAll(from, 1_000_000)
  const concerned = events.filter(concernsCredits)
  for (let at = 0; at < concerned.length; at += batch)
    await Promise.all(concerned.slice(at, at + batch).map((event) => withRetries(() => handle(event))))
  const overlap = world.random.below(20) // what it did last before a crash, it does again
  world.checkpoint = events.at(-1 - overlap)?.position ?? world.checkpoint
}

const isFault = (error: unknown) =>
  error instanceof Error && ['StoreBusy', 'StoreUnavailable', 'MatchingBusy'].includes(error.name)

/** An act that may fail: the caller saw an error and knows nothing. That is allowed. */
export const attempt = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error) => {
    if (!isFault(error)) throw error
  })

export async function withRetries(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await work()
      return
    } catch (error) {
      if (!isFault(error)) throw error
    }
  }
  throw new Error('fifty bad moments in a row')
}

/** The day ends: everything is read again from the start, and the bank answers until no transfer is open. */
export async function settle(world: World): Promise<readonly Recorded[]> {
  world.bank.recover()
  await catchUp(world, '')
  for (let round = 0; round < 200; round++) {
    await attempt(send(world))
    await catchUp(world)
    world.clock += 7 * 3_600_000
    if ((await world.dueTransfers('9999', 1)).length === 0) break
  }
  const events = await world.store.readAll('', 1_000_000)
  await catchUp(world, '')
  if ((await world.store.head()) !== events.at(-1)?.position)
    throw new Error('reading it all again changed something')
  return events
}
