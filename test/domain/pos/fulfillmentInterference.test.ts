// People, the bank and the card network come in between: still the payer pays for no more than came out, or a person is told.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PaymentRow, payments } from '../../../projections/payments.ts'
import type { Recorded } from '../../../src/domain/core/eventStore.ts'
import { fundsOf } from '../../../src/domain/payments/funds.ts'
import * as payment from '../../../src/domain/payments/payment.ts'
import { isOpen, takenBy } from '../../../src/domain/pos/fulfillment.ts'
import type { FulfillmentTerms } from '../../../src/domain/pos/fulfillmentEvents.ts'
import * as s from './cardSamples.ts'
import * as f from './fulfillmentSamples.ts'

type Command = payment.PaymentCommand
type Log = readonly payment.PaymentEvent[]

const paymentId = 'pay_7K3MA9QZXW4F2P8R60'
const money = fc.integer({ min: 0, max: 2_100_000 }).map(String)
const minute = fc.integer({ min: 2, max: 40 }).map(s.at)

const byMachine: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ outcome: fc.constantFrom('dispensed', 'partial', 'failed'), amount: money, reportedAt: minute })
    .map(({ outcome, amount, reportedAt }) => f.report(outcome, { amount: s.vnd(amount), reportedAt })),
  minute.map((reportedAt) => f.report('dispensed', { reportedAt })),
  minute.map((reportedAt) => f.delivered(2_000, '46900', { reportedAt })),
  minute.map((when) => f.claim(f.terminalId, when)),
)
const byClock: fc.Arbitrary<Command> = fc.oneof(minute.map(f.timeOut), fc.constant(f.settle()))
const byPerson: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(money, fc.integer({ min: 2, max: 40 })).map(([amount, at]) => s.capture(amount, 'c1', at)),
  fc.constant(s.voidIt),
  fc.constantFrom(s.reverse, s.reverseSale),
  fc.constantFrom(f.resolve),
  fc.tuple(money, fc.constantFrom('ref_1', 'ref_2')).map(
    ([amount, refundId]): Command => ({
      type: 'RequestRefund',
      data: { refundId, amount: s.vnd(amount), reason: 'by hand', requestedAt: s.at(8), senders: ['crd_1'] },
    }),
  ),
  fc.constant(s.increment()),
)
const transferIds = ['ref_1-1', 'ref_2-1', `${f.refundId}-1`]
const byOthers: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom(s.approve('500000', 'a2', 'B1'), s.decline('a2'), s.noAnswer('a2')),
  fc.constantFrom('c1', 'cap_fulfillment').chain((captureId) =>
    fc.constantFrom<Command>(s.acknowledgeCompletion(captureId), {
      type: 'RefuseCompletion',
      data: { captureId, responseCode: '05', at: s.at(7) },
    }),
  ),
  fc.constantFrom(1, 2).map(s.acknowledge),
  fc
    .constantFrom('ref_1', f.refundId)
    .chain((refundId) => fc.constantFrom(s.completeRefund(refundId), s.failRefund(refundId))),
  fc.constantFrom(...transferIds).map(
    (transferId): Command => ({
      type: 'AbandonTransfer',
      data: { transferId, at: s.at(21), reason: 'account closed' },
    }),
  ),
)
const anyCommand = fc.oneof(byMachine, byMachine, byClock, byPerson, byOthers)

const stateOf = (log: Log): payment.OpenedPayment => {
  const state = log.reduce(payment.evolve, payment.initialState())
  if (state.status === 'new') throw new Error('no payment')
  return state
}
const apply = (log: Log, command: Command): Log => {
  const decision = payment.decide(command, stateOf(log))
  return decision.accepted ? [...log, ...decision.events] : log
}

const rowOf = (log: Log): PaymentRow =>
  log.reduce<PaymentRow | undefined>((row, event, index) => {
    const recorded = { ...event, stream: `payment-${paymentId}`, version: index + 1 }
    const known = (payments.handles as readonly string[]).includes(event.type)
    return known ? (payments.evolve(row, recorded as unknown as Recorded) as PaymentRow | undefined) : row
  }, undefined)!

/** What the task that expires payments does, until nothing is due any more. */
function untilNothingIsDue(log: Log): Log {
  let after = log
  for (let turn = 0; turn < 4; turn++) {
    const { dueAt } = rowOf(after)
    if (dueAt === null) return after
    after = [f.timeOut(dueAt), f.settle(), f.settle()].reduce(apply, after)
  }
  throw new Error(`still due: ${JSON.stringify(rowOf(after))}`)
}

/** A refund that the fulfillment did not ask for, or the reversal of a sale by its terminal. */
const isGivenBackByHand = ({ type, data }: payment.PaymentEvent): boolean =>
  (type === 'RefundRequested' && data.refundId !== f.refundId) ||
  (type === 'ReversalRequested' && data.reason === 'customer_canceled')

/** The network did not honor the capture: there is nothing to give back. */
const givesBackNothing = (state: payment.OpenedPayment): boolean =>
  state.method === 'qr' ||
  state.completion !== 'refused' ||
  [...state.refunds.values()].every(({ status }) => status !== 'requested')

const count = (log: Log, type: string): number => log.filter((event) => event.type === type).length
const modes: Readonly<Record<string, FulfillmentTerms>> = {
  machine: f.machine,
  pump: f.pump,
  pickup: f.pickup,
  'long pickup': { mode: 'pickup', timeoutSeconds: 86_400 },
}
const ways = { 'paid by QR': f.paidByQr, 'held on a card': f.heldByCard, 'paid by card': f.paidByCard }

for (const [way, begin] of Object.entries(ways))
  for (const [mode, terms] of Object.entries(modes))
    test(`a ${mode}, ${way}`, () => {
      fc.assert(
        fc.property(fc.array(anyCommand, { maxLength: 14 }), (commands) => {
          const lived = commands.reduce(apply, begin(terms))
          expect(JSON.parse(rowOf(lived).fulfillment!)).toEqual(stateOf(lived).fulfillment)
          const log = [f.settle(), f.settle()].reduce(apply, untilNothingIsDue(lived))
          const state = stateOf(log)
          const { fulfillment } = state
          const taken = takenBy(fulfillment!)?.minor
          const kept = fundsOf(state)?.amount.minor ?? 0n
          const byHand = log.some(isGivenBackByHand)

          expect(isOpen(fulfillment!)).toBe(false)
          expect(taken === undefined).toBe(fulfillment!.withdrawn === true)
          if (taken !== undefined && !fulfillment!.unsettled) expect(kept).toBeLessThanOrEqual(taken)
          if (taken !== undefined && kept < taken)
            expect(byHand || fulfillment!.unsettled !== undefined).toBe(true)
          const ends = count(log, 'FulfillmentReported') + count(log, 'FulfillmentTimedOut')
          expect(ends).toBe(taken === undefined ? 0 : 1)
          for (const once of ['PaymentCaptured', 'PaymentVoided', 'FulfillmentDisputed'])
            expect(count(log, once)).toBeLessThanOrEqual(1)
          expect(givesBackNothing(state)).toBe(true)
          expect(apply(log, f.settle())).toEqual(log)
        }),
        { seed: 20261124, numRuns: 500 },
      )
    })
