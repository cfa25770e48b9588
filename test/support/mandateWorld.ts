// A biller, a customer with a mandate and a bill, on a store that may die at any append, and a payers' bank that cannot be made to forget.
import { dueDebits as dueProjection } from '../../projections/dueDebits.ts'
import { mandates as mandateProjection } from '../../projections/mandates.ts'
import type { Projection, Row } from '../../projections/projection.ts'
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { gatewayOver } from '../../src/adapters/node/gatewayOver.ts'
import { billProcess, concernsBills } from '../../src/domain/bills/payBills.ts'
import type { EventStore, Recorded } from '../../src/domain/core/eventStore.ts'
import { oneAfterTheOther } from '../../src/domain/core/eventStore.ts'
import { concernsMandates, mandateProcess } from '../../src/domain/mandates/announceDebits.ts'
import type { DebitConnector, DebitOrder } from '../../src/domain/mandates/debitConnector.ts'
import type { DebitOutcome } from '../../src/domain/mandates/debitEvents.ts'
import { type RegistrationPorts, registerMandates } from '../../src/domain/mandates/registerMandates.ts'
import { type DebitPorts, runDebits } from '../../src/domain/mandates/runDebits.ts'
import { creditMatcher } from '../../src/domain/payments/matchCredit.ts'
import { findReferences } from '../../src/domain/payments/reference.ts'
import * as s from '../domain/mandates/samples.ts'

export const mandateId = 'man_7K3MA9QZXW4F2P8R'
export const billId = s.billId
const { billerId, customerCode } = s.terms

/** Dies at an append, before or after it is durable. */
class Died extends Error {}
type Death = { readonly append: number; readonly when: 'before' | 'after' }

/** What the bank says, by turn; then that it has carried it out. `lost`: the order never came, or its answer did not. */
export type Said = 'order lost' | 'answer lost' | 'declined'

export function openMandateWorld(...said: Said[]) {
  const clock = { now: new Date(s.at) }
  const now = () => clock.now
  const store = memoryEventStore({ now })
  const all = () => store.readAll('', 100_000)
  let appends = 0

  const dying = (death: Death | undefined): EventStore => {
    const append: EventStore['append'] = async (...args) => {
      appends += 1
      if (death && (appends > death.append || (appends === death.append && death.when === 'before')))
        throw new Died()
      const result = await store.append(...args)
      if (death && appends === death.append) throw new Died()
      return result
    }
    return { ...store, append, appendInOrder: (list) => oneAfterTheOther(append, list) }
  }

  async function rows(projection: Projection): Promise<Row[]> {
    const found = new Map<string, Row>()
    for (const event of (await all()).filter(({ type }) => projection.handles.includes(type))) {
      const key = projection.keyOf(event).join(' ')
      const row = projection.evolve(found.get(key), event)
      if (row) found.set(key, row)
      else found.delete(key)
    }
    return [...found.values()]
  }

  /** By debit: the bank debits each once, however often it is told to. */
  const carriedOut = new Map<string, DebitOrder>()
  const told: string[] = []

  /** A machine that was started anew: nothing is left of the one before but the log. */
  function start(death?: Death) {
    appends = 0
    const gateway = gatewayOver(dying(death))
    const matchCredit = creditMatcher(gateway)

    async function carryOut(order: DebitOrder): Promise<DebitOutcome> {
      carriedOut.set(order.debitId, order)
      const creditId = `crd_${order.debitId}`
      const data = {
        connectorId: 'con_7K3MA9QZXW4F',
        transactionId: order.debitId,
        ...order.to,
        amount: { amount: order.amount.minor.toString(), currency: 'VND' },
        references: findReferences(order.content),
        sealed: 'sealed',
        occurredAt: now().toISOString(),
        receivedAt: now().toISOString(),
      } as const
      await gateway.credits.handle(creditId, { type: 'ReceiveCredit', data }, {})
      await matchCredit(creditId)
      return { status: 'completed' }
    }

    const connector: DebitConnector = {
      register: async () => ({ status: 'active', last4: '6789' }),
      debit: async (order) => {
        told.push(order.debitId)
        const answer = said.shift()
        if (answer === 'order lost') throw new Error('no way to the bank')
        if (answer === 'declined') return { status: 'declined', reason: 'insufficient_funds' }
        const outcome = await carryOut(order)
        return answer === 'answer lost' ? { status: 'unknown' } : outcome
      },
      ask: async (order) => {
        const known = carriedOut.get(order.debitId)
        return known ? carryOut(known) : { status: 'declined', reason: 'never_received' }
      },
    }

    const ports: DebitPorts & RegistrationPorts = {
      ...gateway,
      now,
      connector,
      digest: nodeCrypto.digest,
      fees: { termsFor: async () => ({ terms: { rate: '0', fixed: '0' }, planned: false }) },
      dueMandates: async (at) =>
        (await rows(mandateProjection))
          .filter(({ dueAt }) => dueAt !== null && (dueAt as string) <= at)
          .map(({ id }) => id as string),
      dueDebits: async (at) =>
        (await rows(dueProjection)).filter(({ dueAt }) => (dueAt as string) <= at) as never,
    }
    const lists = {
      counted: store.head,
      mandateBillers: async () => (await rows(mandateProjection)).map((row) => row.billerId as string),
      activeMandates: async (_billerId: string, codes: readonly string[]) => {
        const active = (await rows(mandateProjection)).filter(({ status }) => status === 'active')
        return new Map(codes.map((code) => [code, active.map(({ id }) => id as string)]))
      },
      openBills: async () => [billId],
    }
    const processes = [
      {
        concerns: concernsMandates,
        handle: mandateProcess({ ...gateway, ...lists, now, digest: ports.digest }),
      },
      {
        concerns: concernsBills,
        handle: billProcess({ ...ports, ...gateway, openBills: lists.openBills }),
      },
      {
        concerns: ({ type }: Recorded) => type === 'CreditReceived',
        handle: ({ stream }: Recorded) => matchCredit(stream.slice('credit-'.length)),
      },
    ]

    /** Every process from the start of the log. */
    async function replay(): Promise<void> {
      for (const { concerns, handle } of processes)
        for (const event of (await all()).filter(concerns)) await handle(event)
    }
    const clockWork = async () => {
      await registerMandates(ports)
      await runDebits(ports)
    }

    /** Until the log does not grow any more. */
    async function run(): Promise<void> {
      for (let before = ''; before !== (await store.head()); ) {
        before = await store.head()
        await replay()
        await clockWork()
      }
    }
    return { gateway, run, clockWork, replay }
  }

  /** Everything from the mandate to a week after the due date, on machines of which the first dies. */
  async function live(death?: Death): Promise<void> {
    let machine = start(death)
    const survive = async () => {
      try {
        await machine.run()
      } catch (error) {
        if (!(error instanceof Died)) throw error
        machine = start()
        await machine.run()
      }
    }
    await survive()
    for (const at of ['2026-11-12T00:00:00.000Z', '2026-11-12T00:05:00.000Z', '2026-11-19T00:00:00.000Z']) {
      clock.now = new Date(at)
      await survive()
    }
  }

  /** A registered biller, its bill of 1,250,000 đồng due on 12 November, and a mandate that was asked for. */
  async function prepare(): Promise<void> {
    const { gateway } = start()
    const settlementAccount = { bankBin: '970422', accountNumber: '0123456789', accountName: 'DIEN LUC' }
    const merchant = {
      name: 'Điện lực',
      taxCode: '0101234567',
      sector: 'electricity',
      district: 'Hoàn Kiếm',
      settlementAccount,
      latePolicy: { mode: 'hold' },
      feePlan: { rate: '0', fixed: '0' },
      keyId: 'key_1',
      registeredAt: s.at,
    } as const
    await gateway.merchants.handle(billerId, { type: 'RegisterMerchant', data: merchant }, {})
    await gateway.mandates.handle(mandateId, s.request, {})
    const bill = {
      billerId,
      billNumber: 'HD-1',
      customerCode,
      amount: s.vnd('1250000'),
      issuedOn: '2026-11-05',
      dueOn: '2026-11-12',
      uploadId: 'upl_7K3MA9QZXW4F2P8R',
      at: s.at,
    }
    await gateway.bills.handle(billId, { type: 'IssueBill', data: bill }, {})
  }

  const types = async () => (await all()).map(({ type }) => type)
  const count = async (type: string) => (await types()).filter((one) => one === type).length
  return { clock, store, prepare, start, live, carriedOut, told, types, count, appends: () => appends }
}
