// Settlement over a bare log: a store, the real read models beside it, and events put there as the gateway would record them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { closingOver } from '../../src/adapters/node/closing.ts'
import { newEventId } from '../../src/adapters/node/eventIds.ts'
import { gatewayOver } from '../../src/adapters/node/gatewayOver.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { Event } from '../../src/domain/core/decider.ts'
import type { EventStore } from '../../src/domain/core/eventStore.ts'
import type { Gateway } from '../../src/domain/gateway.ts'
import type { ClosingPorts } from '../../src/domain/settlement/closeDay.ts'
import { readReport } from '../../src/domain/settlement/readReport.ts'

export type Books = {
  readonly store: EventStore
  readonly gateway: Gateway
  readonly clock: { now: Date }
  readonly ports: ClosingPorts
  readonly readModels: ReturnType<typeof sqliteReadModels>
  /** Every settlement's report, by its id. */
  readonly reports: () => Promise<Map<string, string>>
  readonly close: () => void
}

type Options = {
  readonly start?: string
  readonly kind?: 'memory' | 'sqlite'
  readonly around?: (store: EventStore) => EventStore
  /** Another gateway over the same log, with read models of its own. */
  readonly beside?: Pick<Books, 'store' | 'clock'>
}

export function openBooks({
  start = '2026-11-22T03:00:00Z',
  kind = 'memory',
  around,
  beside,
}: Options = {}): Books {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-books-'))
  const clock = beside?.clock ?? { now: new Date(start) }
  const now = () => clock.now
  const inner = beside?.store ?? openStore(kind, join(folder, 'events.sqlite'), now)
  const store = around ? around(inner) : inner
  const gateway = gatewayOver(store)
  const readModels = sqliteReadModels(join(folder, 'read-models.sqlite'))
  const ports = closingOver(gateway, readModels.queries, { caughtUp: () => catchUp(inner, readModels), now })

  const reports = async () => {
    const texts = new Map<string, string>()
    const { rows } = await readModels.queries.listSettlements({}, { limit: 10_000, cursor: undefined })
    for (const { id } of rows) {
      const { state } = await gateway.settlements.load(id)
      if (state.status === 'new') throw new Error(`${id} is listed and not there`)
      let text = ''
      for await (const piece of readReport(state, ports)) text += piece
      texts.set(id, text)
    }
    return texts
  }
  const close = () => {
    readModels.close()
    rmSync(folder, { recursive: true })
  }
  return { store: inner, gateway, clock, ports, readModels, reports, close }
}

const openStore = (kind: 'memory' | 'sqlite', file: string, now: () => Date): EventStore =>
  kind === 'memory' ? memoryEventStore({ now }) : sqliteEventStore({ file, now })

async function catchUp(store: EventStore, { projector }: Pick<Books['readModels'], 'projector'>) {
  const head = await store.head()
  while (projector.checkpoint() < head) projector.apply(await store.readAll(projector.checkpoint(), 1_000))
  return head
}

/** The same log in another store: every event as it was, recorded when it was. */
export async function replayed(from: EventStore, kind: 'memory' | 'sqlite'): Promise<Books> {
  const books = openBooks({ kind })
  for (let after = ''; ; ) {
    const events = await from.readAll(after, 1_000)
    for (const { stream, version, id, type, data, metadata, recordedAt } of events) {
      books.clock.now = new Date(recordedAt)
      await books.store.append(stream, version - 1, [{ id, type, data, metadata }])
    }
    if (events.length === 0) break
    after = events.at(-1)!.position
  }
  await books.ports.caughtUp()
  return books
}

type Sale = { amount: string; fee?: string; currency?: string; orderId?: string }

let drawn = 0

/** The id of a payment that nobody has had before. */
const nextPayment = (merchantId: string): string =>
  `pay_${merchantId.slice('mer_'.length)}${String(++drawn).padStart(13, '0')}`

const record = (store: EventStore, stream: string, version: number, ...events: Event[]) =>
  store.append(
    stream,
    version,
    events.map((event) => ({ ...event, id: newEventId(), metadata: {} })),
  )

/** A payment that is asked for and paid now; answers its id. */
export async function sold(
  { store, clock }: Pick<Books, 'store' | 'clock'>,
  merchantId: string,
  { amount, fee = '0', currency = 'VND', orderId }: Sale,
): Promise<string> {
  const id = nextPayment(merchantId)
  const at = clock.now.toISOString()
  const siteId = `sit_${merchantId.slice(4)}00000000`
  const money = { amount: { amount, currency }, fee: { amount: fee, currency } }
  const asked = {
    merchantId,
    siteId,
    method: 'qr',
    ...money,
    payTo: { bankBin: '970422', accountNumber: '1' },
  }
  const more = { latePolicy: { mode: 'hold' }, expiresAt: at, requestedAt: at, ...(orderId && { orderId }) }
  await record(
    store,
    `payment-${id}`,
    0,
    { type: 'PaymentRequested', data: { ...asked, ...more } },
    { type: 'QrIssued', data: { payload: '' } },
    { type: 'PaymentPaid', data: { merchantId, siteId, method: 'qr', ...money, paidAt: at } },
  )
  return id
}

/** Money of a payment that is on its way back; `failed`: and came back to the merchant. */
export async function givenBack(
  { store, clock }: Pick<Books, 'store' | 'clock'>,
  paymentId: string,
  amount: { amount: string; currency: string },
  failed = false,
): Promise<void> {
  const stream = `payment-${paymentId}`
  const version = (await store.read(stream)).length
  const at = clock.now.toISOString()
  const refundId = `ref_${paymentId.slice(4)}${String(version).padStart(8, '0')}`
  const transfer = { transferId: `${refundId}-1`, refundId, amount }
  await record(
    store,
    stream,
    version,
    { type: 'RefundRequested', data: { refundId, amount, reason: 'returned', requestedAt: at } },
    {
      type: 'RefundTransferRequested',
      data: { ...transfer, creditId: 'crd_1', merchantId: `mer_${paymentId.slice(4, 9)}`, requestedAt: at },
    },
    ...(failed ? [{ type: 'RefundFailed', data: { ...transfer, reason: 'AC04', failedAt: at } }] : []),
  )
}
