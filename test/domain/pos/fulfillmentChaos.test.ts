// Whatever is reported, repeated, timed out and settled, in any order: the payer pays for what came out, exactly once.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fundsOf } from '../../../src/domain/payments/funds.ts'
import * as payment from '../../../src/domain/payments/payment.ts'
import { takenBy } from '../../../src/domain/pos/fulfillment.ts'
import type { FulfillmentTerms } from '../../../src/domain/pos/fulfillmentEvents.ts'
import * as s from './cardSamples.ts'
import * as f from './fulfillmentSamples.ts'

const minute = fc.integer({ min: 2, max: 25 }).map(s.at)
const volume = fc.integer({ min: 0, max: 6_000 })
const priceOf = (milliliters: number): string => String(Math.round((milliliters * 23_450) / 1_000))

const anyReport = fc
  .record({
    outcome: fc.constantFrom('dispensed', 'partial', 'failed'),
    amount: fc.option(fc.integer({ min: 0, max: 130_000 }), { nil: undefined }),
    terminalId: fc.constantFrom(f.terminalId, f.terminalId, f.otherTerminal),
    reportedAt: minute,
  })
  .map(({ outcome, amount, ...rest }) =>
    f.report(outcome, { ...rest, ...(amount !== undefined && { amount: s.vnd(String(amount)) }) }),
  )
const anyDelivery = fc
  .record({ milliliters: volume, reportedAt: minute })
  .map(({ milliliters, reportedAt }) => f.delivered(milliliters, priceOf(milliliters), { reportedAt }))
const anyCommand: fc.Arbitrary<payment.PaymentCommand> = fc.oneof(
  anyReport,
  anyReport,
  anyDelivery,
  minute.map(f.timeOut),
  fc.tuple(fc.constantFrom(f.terminalId, f.otherTerminal), minute).map(([by, at]) => f.claim(by, at)),
  fc.constant(f.settle()),
)

const ways = {
  'paid by QR': f.paidByQr,
  'held on a card': f.heldByCard,
  'paid by card': f.paidByCard,
} as const
const modes: Readonly<Record<string, FulfillmentTerms>> = {
  machine: f.machine,
  pump: f.pump,
  pickup: f.pickup,
}

const apply = (log: readonly payment.PaymentEvent[], command: payment.PaymentCommand) => {
  const decision = payment.decide(command, stateOf(log))
  return decision.accepted ? [...log, ...decision.events] : [...log]
}
const stateOf = (log: readonly payment.PaymentEvent[]) => log.reduce(payment.evolve, payment.initialState())

/** What the payer is out of pocket for: paid, or captured of a hold, and not on its way back. */
function kept(state: payment.Payment): bigint {
  if (state.status === 'new') throw new Error('no payment')
  const funds = fundsOf(state)
  return !funds ? 0n : funds.amount.minor
}

const count = (log: readonly payment.PaymentEvent[], type: string): number =>
  log.filter((event) => event.type === type).length

for (const [way, begin] of Object.entries(ways))
  for (const [mode, terms] of Object.entries(modes))
    test(`a ${mode}, ${way}`, () => {
      fc.assert(
        fc.property(fc.array(anyCommand, { maxLength: 12 }), (commands) => {
          const lived = commands.reduce(apply, begin(terms))
          const log = [
            f.timeOut(s.at(59)),
            f.timeOut('2026-03-01T10:30:00.000Z'),
            f.settle(),
            f.settle(),
          ].reduce(apply, lived)
          const state = stateOf(log)
          if (state.status === 'new' || !state.fulfillment) throw new Error('no fulfillment')
          expect(count(log, 'FulfillmentReported') + count(log, 'FulfillmentTimedOut')).toBe(1)
          expect(kept(state)).toBe(takenBy(state.fulfillment)?.minor)
          for (const once of ['PaymentCaptured', 'PaymentVoided', 'RefundRequested', 'FulfillmentDisputed'])
            expect(count(log, once)).toBeLessThanOrEqual(1)
          expect(count(log, 'FulfillmentUnsettled')).toBe(0)
        }),
        { seed: 20261124, numRuns: 300 },
      )
    })
