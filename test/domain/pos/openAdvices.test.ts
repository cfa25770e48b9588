// What the network has yet to be told: in which order, and under names that tell a repeat from something new.
import { expect, test } from 'vitest'
import * as cardPayment from '../../../src/domain/pos/cardPayment.ts'
import type { CardPaymentEvent } from '../../../src/domain/pos/cardPaymentEvents.ts'
import type { OpenedCardPayment } from '../../../src/domain/pos/cardPaymentState.ts'
import { attemptIdOf } from '../../../src/domain/pos/networkTrace.ts'
import { openAdvices } from '../../../src/domain/pos/openAdvices.ts'
import * as s from './cardSamples.ts'

const paymentId = 'pay_7K3MA9QZXW4F2B7KMX'
const attemptId = '0301090000000007'
const answered = { attemptId, amount: s.vnd('2000000'), responseCode: '00', approvalCode: 'F7G8H9' }
const requested = s.requested({ attemptId })
const reversal = (number: number, minute: number) => s.reversal('no_answer', minute, { number, attemptId })

const advicesAfter = (...events: CardPaymentEvent[]) =>
  openAdvices(paymentId, events.reduce(cardPayment.evolve, cardPayment.initialState()) as OpenedCardPayment)
const namesAfter = (...events: CardPaymentEvent[]) =>
  advicesAfter(...events).map(({ advice }) => attemptIdOf(advice.trace))

test('a reversal keeps its name for as long as it is told', () => {
  const open = [requested, s.outcomeUnknown(attemptId), reversal(1, 2)]
  expect(namesAfter(...open)).toEqual(['0301090200000007'])
  expect(namesAfter(...open)).toEqual(namesAfter(...open))
})

test('a second reversal in the same second has another name: the network must not take it for a repeat', () => {
  const first = [requested, s.outcomeUnknown(attemptId), reversal(1, 2)]
  const late: CardPaymentEvent = { type: 'LateApprovalReceived', data: { ...answered, receivedAt: s.at(2) } }
  const [one] = namesAfter(...first)
  const [two] = namesAfter(...first, late, reversal(2, 2))
  const [three] = namesAfter(...first, late, reversal(2, 2), reversal(3, 2))
  expect(new Set([one, two, three]).size).toBe(3)
})

test('two refunds of a second have two names, and the completion goes before them', () => {
  const refundRequested = (refundId: string): CardPaymentEvent => {
    const decision = cardPayment.decide(s.refund('1000', refundId), sold())
    if (!decision.accepted) throw new Error(decision.rejection)
    return decision.events[0]!
  }
  const authorized: CardPaymentEvent = {
    type: 'PaymentAuthorized',
    data: { ...answered, expiresAt: s.heldUntil, authorizedAt: s.at(1) },
  }
  const before = [requested, authorized, s.captured(), s.paid(), s.completionRequested()]
  const sold = () => before.reduce(cardPayment.evolve, cardPayment.initialState())
  const advices = advicesAfter(...before, refundRequested('ref_1'), refundRequested('ref_2'))
  expect(advices.map(({ kind }) => kind)).toEqual(['completion', 'refund', 'refund'])
  expect(new Set(advices.map(({ advice }) => attemptIdOf(advice.trace))).size).toBe(3)
})
