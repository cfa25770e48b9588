// Whatever is asked of a mandate, in whatever order and however often: a bill is debited once at most, in time, within the cap, while it may be.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide, evolve, initialState } from '../../../src/domain/mandates/mandate.ts'
import type { Mandate, MandateCommand, MandateEvent } from '../../../src/domain/mandates/mandateEvents.ts'
import * as s from './samples.ts'

const start = Date.parse(s.at)
const instant = fc
  .integer({ min: 0, max: 20 * 24 })
  .map((hours) => new Date(start + hours * 3_600_000).toISOString())
const billId = fc.constantFrom(s.billId, s.otherBill)
const amount = fc.constantFrom('1250000', '2000000', '2000001').map(s.vnd)
const dueOn = fc.constantFrom('2026-11-01', '2026-11-08', '2026-11-12')
const command: fc.Arbitrary<MandateCommand> = fc.oneof(
  fc
    .record({
      type: fc.constantFrom('PauseMandate', 'ResumeMandate', 'ResumeMandate', 'CancelMandate'),
      at: instant,
      rare: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ type, at, rare }) =>
      s.act(rare > 0 && type === 'CancelMandate' ? 'ResumeMandate' : (type as 'PauseMandate'), at),
    ),
  fc.record({ billId, amount, dueOn, because: instant, at: instant }).map((data) => s.announce(data)),
  fc.record({ billId, amount, at: instant }).map((data) => s.debit(data)),
  fc
    .record({ billId, at: instant, reason: fc.constantFrom('paid_elsewhere', 'over_cap') })
    .map(({ billId, at, reason }) => ({ type: 'SkipDebit', data: { billId, at, reason } }) as MandateCommand),
  fc
    .record({ billId, at: instant, status: fc.constantFrom('completed', 'unknown', 'declined') })
    .map(({ billId, at, status }) => {
      const outcome = { status, reason: 'insufficient_funds' } as const
      return { type: 'RecordDebitOutcome', data: { billId, at, outcome } } as MandateCommand
    }),
)

/** The events that commands lead to; an outcome of what was not asked for is a bug of the caller, and left out. */
function played(commands: readonly MandateCommand[]) {
  const events: { event: MandateEvent; before: Mandate }[] = []
  let state = [...s.active].reduce<Mandate>(evolve, initialState())
  for (const command of commands) {
    if (command.type === 'RecordDebitOutcome' && !wasRequested(state, command.data.billId)) continue
    const decision = decide(command, state)
    if (!decision.accepted) continue
    for (const event of decision.events) {
      events.push({ event, before: state })
      state = evolve(state, event)
    }
  }
  return events
}
const wasRequested = (state: Mandate, billId: string): boolean =>
  state.status !== 'new' && state.debits.get(billId)?.paymentId !== undefined

const seen = new Set<string>()

test('a bill is debited once at most, of an active mandate, after the notice, within the cap', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const requested = new Map<string, number>()
      const ended = new Map<string, number>()
      for (const { event, before } of played(commands)) {
        seen.add(event.type)
        if (before.status === 'new') throw new Error('nothing happens before a mandate is there')
        if (event.type === 'DebitRequested') {
          const { billId, amount, requestedAt } = event.data
          const debit = before.debits.get(billId)!
          requested.set(billId, (requested.get(billId) ?? 0) + 1)
          expect([before.status, debit.status]).toEqual(['active', 'announced'])
          expect(BigInt(amount.amount) <= BigInt(before.cap.amount)).toBe(true)
          expect(requestedAt >= debit.debitAt!).toBe(true)
        }
        if (event.type === 'DebitAnnounced') {
          const { announcedAt, debitAt } = event.data
          expect(Date.parse(debitAt) - Date.parse(announcedAt)).toBeGreaterThanOrEqual(3 * 86_400_000)
          expect(requested.has(event.data.billId)).toBe(false)
        }
        if (event.type === 'DebitCompleted' || event.type === 'DebitDeclined')
          ended.set(event.data.billId, (ended.get(event.data.billId) ?? 0) + 1)
      }
      expect([...requested.values(), ...ended.values()].every((times) => times === 1)).toBe(true)
    }),
    { numRuns: 2_000, seed: 7 },
  )
  for (const type of [
    'DebitRequested',
    'DebitSkipped',
    'DebitUnknown',
    'DebitCompleted',
    'DebitDeclined',
    'MandateCanceled',
  ])
    expect(seen).toContain(type)
})
