// The rules of a payment by card, as sentences: each command works, works once, and is refused where it must be.
import { describe, expect, test } from 'vitest'
import { findPans } from '../../../src/domain/pos/cardDataGuard.ts'
import * as cardPayment from '../../../src/domain/pos/cardPayment.ts'
import type { CardPaymentEvent } from '../../../src/domain/pos/cardPaymentEvents.ts'
import {
  isOutcomeUnknown,
  type OpenedCardPayment,
  openReversals,
} from '../../../src/domain/pos/cardPaymentState.ts'
import { scenarios } from '../../support/given.ts'
import * as s from './cardSamples.ts'

const given = scenarios(cardPayment)
const stateOf = (...events: CardPaymentEvent[]) =>
  events.reduce(cardPayment.evolve, cardPayment.initialState()) as OpenedCardPayment
const statusOf = (...events: CardPaymentEvent[]) => stateOf(...events).status

const held = [s.requested(), s.authorized()]
const saleSold = [
  s.requested({ capture: 'automatic' }),
  s.authorized(),
  {
    type: 'PaymentCaptured',
    data: { captureId: 'a1', amount: s.vnd('2000000'), capturedAt: s.at(1), released: s.vnd('0') },
  },
  s.paid('2000000', '22000', s.at(1)),
] as const
const sold = [...held, s.captured(), s.paid(), s.completionRequested()]
const unanswered = [s.requested(), s.outcomeUnknown(), s.reversal('no_answer', 2)]
const reversed = [...unanswered, s.acknowledged(), s.reversed()]
const voided = [...held, s.voided, s.reversal('voided', 6)]

describe('a request', () => {
  test('is recorded once, with the fee of its plan', () => {
    given().when(s.request()).thenEvents(s.requested())
    given(s.requested()).when(s.request()).thenRejected('payment_exists')
  })
  test('of nothing or of more than DE4 can say is refused, and so is everything on no payment', () => {
    given()
      .when(s.request({ amount: s.vnd('0') }))
      .thenRejected('amount_zero')
    given()
      .when(s.request({ amount: s.vnd('1000000000000') }))
      .thenRejected('amount_too_large')
    for (const command of [s.approve(), s.capture(), s.voidIt, s.reverse, s.expire(s.at(50)), s.refund('1')])
      given().when(command).thenRejected('payment_not_found')
  })
})

describe('an approval', () => {
  test('holds the money, once', () => {
    given(s.requested()).when(s.approve()).thenEvents(s.authorized())
    given(...held)
      .when(s.approve())
      .thenNothing()
    expect(statusOf(...held)).toBe('authorized')
  })
  test('of a sale is also its capture', () => {
    const sale = { capture: 'automatic' } as const
    given(s.requested(sale))
      .when(s.approve())
      .thenEvents(
        s.authorized(),
        {
          type: 'PaymentCaptured',
          data: { captureId: 'a1', amount: s.vnd('2000000'), capturedAt: s.at(1), released: s.vnd('0') },
        },
        s.paid('2000000', '22000', s.at(1)),
      )
  })
  test('of a part holds that part, where the till can take the rest another way', () => {
    given(s.requested()).when(s.approve('700000')).thenEvents(s.authorized('700000'))
    given(s.requested(), s.authorized('700000'))
      .when(s.capture('700001'))
      .thenRejected('capture_exceeds_authorized')
  })
  test('of a part is reversed, where it cannot', () => {
    const reversal = s.reversal('partial_not_accepted', 1, { amount: '700000' })
    given(s.requested({ acceptsPartial: false }))
      .when(s.approve('700000'))
      .thenEvents(s.authorized('700000'), reversal)
    given(s.requested({ acceptsPartial: false, capture: 'automatic' }), s.authorized('700000'), reversal)
      .when(s.capture('700000'))
      .thenRejected('payment_reversing')
  })
  test('that says something else the second time is refused', () => {
    given(...held)
      .when(s.approve('1999999'))
      .thenRejected('answer_differs')
    given(...held)
      .when(s.approve('2000000', 'a1', 'OTHER1'))
      .thenRejected('answer_differs')
    given(...held)
      .when(s.decline())
      .thenRejected('answer_differs')
  })
  test('of more than was asked, or of nothing, or to nobody, is no approval', () => {
    given(s.requested()).when(s.approve('2000001')).thenRejected('approval_malformed')
    given(s.requested()).when(s.approve('0')).thenRejected('approval_malformed')
    given(s.requested()).when(s.approve('1', 'a9')).thenRejected('attempt_not_found')
  })
})

describe('a decline', () => {
  test('is a fact, recorded once', () => {
    given(s.requested()).when(s.decline()).thenEvents(s.declined)
    given(s.requested(), s.declined).when(s.decline()).thenNothing()
    given(s.requested(), s.declined).when(s.decline('a1', '05')).thenRejected('answer_differs')
    given(s.requested()).when(s.decline('a9')).thenRejected('attempt_not_found')
    expect(statusOf(s.requested(), s.declined)).toBe('declined')
  })
  test('leaves nothing to capture, void or reverse', () => {
    for (const command of [s.capture(), s.voidIt, s.reverse])
      given(s.requested(), s.declined).when(command).thenRejected('payment_declined')
  })
})

describe('no answer', () => {
  test('makes the outcome unknown, and the request is reversed: once', () => {
    given(s.requested()).when(s.noAnswer()).thenEvents(s.outcomeUnknown(), s.reversal('no_answer', 2))
    given(...unanswered)
      .when(s.noAnswer())
      .thenNothing()
    given(...held)
      .when(s.noAnswer())
      .thenNothing()
    given(s.requested()).when(s.noAnswer('a9')).thenRejected('attempt_not_found')
    expect(isOutcomeUnknown(stateOf(...unanswered))).toBe(true)
    expect(statusOf(...unanswered)).toBe('pending')
  })
  test('is also what the clock says when the time is over', () => {
    given(s.requested())
      .when(s.expire(s.answerDue))
      .thenEvents(s.outcomeUnknown('a1', 1), s.reversal('no_answer', 1))
    given(s.requested())
      .when(s.expire(s.at(0)))
      .thenRejected('payment_not_due')
    given(...unanswered)
      .when(s.expire(s.at(50)))
      .thenNothing()
  })
  test('leaves nothing to capture or void', () => {
    for (const command of [s.capture(), s.voidIt])
      given(...unanswered)
        .when(command)
        .thenRejected('payment_reversing')
  })
  test('a decline that comes after all changes nothing', () => {
    given(...unanswered)
      .when(s.decline())
      .thenNothing()
  })
})

describe('a reversal', () => {
  test('is asked for by who stands at the till, before and after an answer, once', () => {
    given(s.requested()).when(s.reverse).thenEvents(s.reversal('customer_canceled', 4))
    given(...held)
      .when(s.reverse)
      .thenEvents(s.reversal('customer_canceled', 4))
    given(...held, s.reversal('customer_canceled', 4))
      .when(s.reverse)
      .thenNothing()
    given(...reversed)
      .when(s.reverse)
      .thenNothing()
  })
  test('is not for what is paid or over', () => {
    given(...sold)
      .when(s.reverse)
      .thenRejected('payment_already_paid')
    given(...voided)
      .when(s.reverse)
      .thenRejected('payment_voided')
    given(...held, s.expired)
      .when(s.reverse)
      .thenRejected('authorization_expired')
  })
  test('reverses the payment when the network acknowledges it, once', () => {
    given(...unanswered)
      .when(s.acknowledge())
      .thenEvents(s.acknowledged(), s.reversed())
    given(...reversed)
      .when(s.acknowledge())
      .thenNothing()
    given(...unanswered)
      .when(s.acknowledge(2))
      .thenRejected('reversal_not_found')
    expect(statusOf(...reversed)).toBe('reversed')
  })
  test('is open until then, and so has to be sent again', () => {
    const open = [
      { reversal: 1, attemptId: 'a1', amount: { minor: 2_000_000n, currency: 'VND' }, acknowledged: false },
    ]
    expect(openReversals(stateOf(...unanswered))).toMatchObject(open)
    expect(openReversals(stateOf(...reversed))).toEqual([])
  })
  test('leaves nothing to capture or void', () => {
    for (const command of [s.capture(), s.voidIt])
      given(...reversed)
        .when(command)
        .thenRejected('payment_reversed')
  })
})

describe('an approval that comes too late', () => {
  const again = s.reversal('late_approval', 1, { number: 2 })
  test('is recorded once and reversed once more, because the first reversal may have passed it on the way', () => {
    given(...unanswered)
      .when(s.approve())
      .thenEvents(s.lateApproval(), again)
    given(...unanswered, s.lateApproval(), again)
      .when(s.approve())
      .thenNothing()
  })
  test('another one too', () => {
    const two = [...unanswered, s.lateApproval(), again]
    const third = s.reversal('late_approval', 1, { number: 3 })
    given(...two)
      .when(s.approve('2000000', 'a1', 'OTHER1'))
      .thenEvents(s.lateApproval('a1', '2000000', 'OTHER1'), third)
    const three = [...two, s.lateApproval('a1', '2000000', 'OTHER1'), third]
    given(...three)
      .when(s.approve())
      .thenNothing()
    given(...three)
      .when(s.approve('2000000', 'a1', 'OTHER1'))
      .thenNothing()
  })
  test('ends reversed only by the last reversal, whichever is acknowledged first', () => {
    const late = [...unanswered, s.lateApproval(), again]
    given(...late)
      .when(s.acknowledge(1))
      .thenEvents(s.acknowledged(1))
    given(...late, s.acknowledged(1))
      .when(s.acknowledge(2))
      .thenEvents(s.acknowledged(2), s.reversed(2))
    given(...late)
      .when(s.acknowledge(2))
      .thenEvents(s.acknowledged(1), s.acknowledged(2), s.reversed(2)) // the one before it is settled with it
    given(...late, s.acknowledged(1), s.acknowledged(2), s.reversed(2))
      .when(s.acknowledge(1))
      .thenNothing()
    expect(isOutcomeUnknown(stateOf(...late, s.acknowledged(1)))).toBe(true)
    expect(isOutcomeUnknown(stateOf(...late, s.acknowledged(2), s.reversed(2)))).toBe(false)
  })
  test('also after the payment had been reversed or declined', () => {
    given(...reversed)
      .when(s.approve())
      .thenEvents(s.lateApproval(), again)
    given(...reversed, s.lateApproval(), again)
      .when(s.acknowledge(2))
      .thenEvents(s.acknowledged(2))
    expect(statusOf(...reversed, s.lateApproval(), again, s.acknowledged(2))).toBe('reversed')
    const declined = [s.requested(), s.declined]
    const first = s.reversal('late_approval', 1)
    given(...declined)
      .when(s.approve())
      .thenEvents(s.lateApproval(), first)
    given(...declined, s.lateApproval(), first)
      .when(s.acknowledge())
      .thenEvents(s.acknowledged())
    expect(statusOf(...declined, s.lateApproval(), first, s.acknowledged())).toBe('declined')
  })
})

describe('an increment', () => {
  const asked = [...held, s.incrementRequested]
  test('is asked for once, and adds to what may be captured', () => {
    given(...held)
      .when(s.increment())
      .thenEvents(s.incrementRequested)
    given(...asked)
      .when(s.increment())
      .thenNothing()
    given(...asked)
      .when(s.approve('500000', 'a2'))
      .thenEvents(s.incremented)
    given(...asked, s.incremented)
      .when(s.approve('500000', 'a2'))
      .thenNothing()
    given(...asked)
      .when(s.capture('2500000'))
      .thenRejected('capture_exceeds_authorized')
    given(...asked, s.incremented)
      .when(s.capture('2500000'))
      .thenEvents(s.captured('2500000', '0'), s.paid('2500000', '27500'), s.completionRequested('2500000'))
  })
  test('is refused with other words under the same id, and where nothing is held', () => {
    given(...asked)
      .when(s.increment('500001'))
      .thenRejected('increment_differs')
    given(...held)
      .when(s.increment('2000000', 'a1'))
      .thenRejected('increment_differs')
    given(...held)
      .when(s.increment('0'))
      .thenRejected('amount_zero')
    given(...held)
      .when(s.increment('999998000000'))
      .thenRejected('amount_too_large')
    given(...asked)
      .when(s.increment('999997500000', 'a3'))
      .thenRejected('amount_too_large')
    given(s.requested()).when(s.increment()).thenRejected('payment_not_authorized')
    given(...sold)
      .when(s.increment())
      .thenRejected('payment_not_authorized')
    given(...held, s.reversal('malfunction', 4))
      .when(s.increment())
      .thenRejected('payment_reversing')
    const dollars = {
      attemptId: 'a2',
      amount: { amount: '1', currency: 'USD' },
      requestedAt: s.at(3),
    } as const
    given(...held)
      .when({ type: 'RequestIncrement', data: dollars })
      .thenRejected('increment_currency_differs')
  })
  test('that is declined changes nothing else', () => {
    given(...asked)
      .when(s.decline('a2'))
      .thenEvents(s.incrementDeclined)
    expect(statusOf(...asked, s.incrementDeclined)).toBe('authorized')
  })
  test('without an answer is reversed alone', () => {
    const reversal = s.reversal('no_answer', 2, { attemptId: 'a2', amount: '500000' })
    given(...asked)
      .when(s.noAnswer('a2'))
      .thenEvents(s.outcomeUnknown('a2'), reversal)
    const lost = [...asked, s.outcomeUnknown('a2'), reversal]
    given(...lost)
      .when(s.acknowledge())
      .thenEvents(s.acknowledged())
    given(...lost)
      .when(s.capture('2000000'))
      .thenEvents(s.captured('2000000', '0'), s.paid('2000000', '22000'), s.completionRequested('2000000'))
  })
  test('approved when the payment is over is reversed', () => {
    const reversal = s.reversal('late_approval', 1, { attemptId: 'a2', amount: '500000' })
    given(...asked, s.captured(), s.paid())
      .when(s.approve('500000', 'a2'))
      .thenEvents(s.lateApproval('a2', '500000'), reversal)
    given(...asked, s.captured(), s.paid(), s.lateApproval('a2', '500000'), reversal)
      .when(s.approve('500000', 'a2'))
      .thenNothing()
  })
})

describe('a capture', () => {
  test('takes a part, releases the rest, and is charged by what it takes: once', () => {
    given(...held)
      .when(s.capture())
      .thenEvents(s.captured(), s.paid(), s.completionRequested())
    given(...sold)
      .when(s.capture())
      .thenNothing()
    expect(statusOf(...sold)).toBe('paid')
  })
  test('takes all, and not one đồng more', () => {
    given(...held)
      .when(s.capture('2000000'))
      .thenEvents(s.captured('2000000', '0'), s.paid('2000000', '22000'), s.completionRequested('2000000'))
    given(...held)
      .when(s.capture('2000001'))
      .thenRejected('capture_exceeds_authorized')
  })
  test('a second one is refused, and so is a changed first one', () => {
    given(...sold)
      .when(s.capture('1', 'c2'))
      .thenRejected('payment_already_paid')
    given(...sold)
      .when(s.capture('1350001'))
      .thenRejected('capture_differs')
  })
  test('of nothing, of other money, of what is not held', () => {
    given(...held)
      .when(s.capture('0'))
      .thenRejected('amount_zero')
    const dollars = {
      captureId: 'c1',
      amount: { amount: '1', currency: 'USD' },
      capturedAt: s.at(5),
    } as const
    given(...held)
      .when({ type: 'CapturePayment', data: dollars })
      .thenRejected('capture_currency_differs')
    given(s.requested()).when(s.capture()).thenRejected('payment_not_authorized')
    given(...voided)
      .when(s.capture())
      .thenRejected('payment_voided')
  })
  test('that happened in time counts, though the clock has not spoken; one that did not is refused', () => {
    given(...held)
      .when(s.capture('1350000', 'c1', 29))
      .thenEvents(
        {
          type: 'PaymentCaptured',
          data: {
            captureId: 'c1',
            amount: s.vnd('1350000'),
            capturedAt: s.at(29),
            released: s.vnd('650000'),
          },
        },
        s.paid('1350000', '14850', s.at(29)),
        {
          type: 'CompletionRequested',
          data: { captureId: 'c1', amount: s.vnd('1350000'), requestedAt: s.at(29) },
        },
      )
    given(...held)
      .when(s.capture('1350000', 'c1', 30))
      .thenRejected('authorization_expired')
    given(...held, s.expired)
      .when(s.capture())
      .thenRejected('authorization_expired')
  })
})

describe('a void', () => {
  test('releases all that is held and tells the network, once', () => {
    given(...held)
      .when(s.voidIt)
      .thenEvents(s.voided, s.reversal('voided', 6))
    given(...voided)
      .when(s.voidIt)
      .thenNothing()
    given(...voided)
      .when(s.acknowledge())
      .thenEvents(s.acknowledged())
    expect(statusOf(...voided, s.acknowledged())).toBe('voided')
  })
  test('is not for what is not held', () => {
    given(s.requested()).when(s.voidIt).thenRejected('payment_not_authorized')
    given(...sold)
      .when(s.voidIt)
      .thenRejected('payment_already_paid')
    given(...held, s.expired)
      .when(s.voidIt)
      .thenRejected('authorization_expired')
  })
})

describe('the end of a hold', () => {
  test('comes with its time, once', () => {
    given(...held)
      .when(s.expire(s.heldUntil))
      .thenEvents(s.expired)
    given(...held)
      .when(s.expire(s.at(29)))
      .thenRejected('payment_not_due')
    given(...held, s.expired)
      .when(s.expire(s.at(50)))
      .thenNothing()
    given(...sold)
      .when(s.expire(s.at(50)))
      .thenNothing()
    given(...voided)
      .when(s.expire(s.at(50)))
      .thenNothing()
    expect(statusOf(...held, s.expired)).toBe('expired')
  })
})

describe('a refund', () => {
  const part = [...sold, s.refundRequested('350000')]
  test('gives back a part, then the rest, and not one đồng more', () => {
    given(...sold)
      .when(s.refund('350000'))
      .thenEvents(s.refundRequested('350000'))
    given(...part)
      .when(s.refund('350000'))
      .thenNothing()
    given(...part)
      .when(s.refund('1000001', 'ref_2'))
      .thenRejected('refund_exceeds_rest')
    given(...part)
      .when(s.refund('1000000', 'ref_2'))
      .thenEvents(s.refundRequested('1000000', 'ref_2'))
  })
  test('is refused with another amount under the same id, of nothing, of other money, and before there is something', () => {
    given(...part)
      .when(s.refund('1'))
      .thenRejected('refund_exists')
    given(...sold)
      .when(s.refund('0'))
      .thenRejected('amount_zero')
    given(...held)
      .when(s.refund('1'))
      .thenRejected('payment_not_paid')
    const dollars = {
      refundId: 'ref_1',
      amount: { amount: '1', currency: 'USD' },
      reason: '',
      requestedAt: s.at(8),
    } as const
    given(...sold)
      .when({ type: 'RequestRefund', data: dollars })
      .thenRejected('refund_currency_differs')
  })
  test('counts when it is completed, once', () => {
    given(...part)
      .when(s.completeRefund())
      .thenEvents(s.refundCompleted('350000'))
    given(...part, s.refundCompleted('350000'))
      .when(s.completeRefund())
      .thenNothing()
    given(...part, s.refundCompleted('350000'))
      .when(s.failRefund())
      .thenRejected('refund_already_completed')
    given(...part)
      .when(s.completeRefund('ref_9'))
      .thenRejected('refund_not_found')
    expect(statusOf(...part)).toBe('paid')
    expect(statusOf(...part, s.refundCompleted('350000'))).toBe('partially_refunded')
    const all = [s.refundRequested('1000000', 'ref_2'), s.refundCompleted('1000000', 'ref_2')]
    expect(statusOf(...part, s.refundCompleted('350000'), ...all)).toBe('refunded')
  })
  test('that fails gives its part free again', () => {
    given(...part)
      .when(s.failRefund())
      .thenEvents(s.refundFailed('350000'))
    const failed = [...part, s.refundFailed('350000')]
    given(...failed)
      .when(s.failRefund())
      .thenNothing()
    given(...failed)
      .when(s.completeRefund())
      .thenRejected('refund_already_failed')
    given(...failed)
      .when(s.refund('1350000', 'ref_2'))
      .thenEvents(s.refundRequested('1350000', 'ref_2'))
    given(...part)
      .when(s.failRefund('ref_9'))
      .thenRejected('refund_not_found')
  })
})

test('what is kept of a card is never its number', () => {
  expect(findPans(JSON.stringify([...sold, ...unanswered, ...voided]))).toEqual([])
})

describe('a completion', () => {
  test('is open until the network acknowledges or refuses it, and then for good', () => {
    given(...sold)
      .when(s.acknowledgeCompletion())
      .thenEvents(s.completionAcknowledged)
    given(...sold)
      .when(s.refuseCompletion)
      .thenEvents(s.completionRefused)
    for (const end of [s.completionAcknowledged, s.completionRefused])
      for (const again of [s.acknowledgeCompletion(), s.refuseCompletion])
        given(...sold, end)
          .when(again)
          .thenNothing()
  })
  test('that is refused took nothing: nothing is given back, also not what was on its way', () => {
    given(...sold, s.completionRefused)
      .when(s.refund('350000'))
      .thenRejected('payment_not_paid')
    const back = [s.refundRequested('350000'), s.refundRequested('1000000', 'ref_2')]
    given(...sold, ...back)
      .when(s.refuseCompletion)
      .thenEvents(s.completionRefused, capturedNothing('350000'), capturedNothing('1000000', 'ref_2'))
  })
  const capturedNothing = (amount: string, refundId = 'ref_1'): CardPaymentEvent => ({
    type: 'RefundFailed',
    data: {
      transferId: `${refundId}-1`,
      amount: s.vnd(amount),
      reason: 'the capture was refused',
      failedAt: s.at(7),
    },
  })
  test('of another capture, or of a sale, is not known', () => {
    given(...sold)
      .when(s.acknowledgeCompletion('c2'))
      .thenRejected('capture_not_found')
    given(...saleSold)
      .when(s.acknowledgeCompletion('a1'))
      .thenRejected('capture_not_found')
  })
})

describe('a sale that its terminal reverses', () => {
  const undoing = s.reversal('customer_canceled', 4)
  test('is undone once the network has acknowledged, though it was paid', () => {
    given(...saleSold)
      .when(s.reverseSale)
      .thenEvents(undoing)
    given(...saleSold, undoing)
      .when(s.acknowledge())
      .thenEvents(s.acknowledged(), s.saleReversed)
    expect(statusOf(...saleSold, undoing, s.acknowledged(), s.saleReversed)).toBe('reversed')
  })
  test('twice is once', () => {
    given(...saleSold, undoing)
      .when(s.reverseSale)
      .thenNothing()
    given(...saleSold, undoing, s.acknowledged(), s.saleReversed)
      .when(s.reverseSale)
      .thenNothing()
  })
  test('cannot be refunded besides', () => {
    given(...saleSold, undoing)
      .when(s.refund('1000'))
      .thenRejected('payment_reversing')
    given(...saleSold, undoing, s.acknowledged(), s.saleReversed)
      .when(s.refund('1000'))
      .thenRejected('payment_reversed')
  })
  test('stays, where it may be settled, where part of it is going back, and where it was a hold', () => {
    given(...saleSold)
      .when(s.reverse)
      .thenRejected('payment_already_paid')
    given(...saleSold, s.refundRequested('1000'))
      .when(s.reverseSale)
      .thenRejected('payment_already_paid')
    given(...sold)
      .when(s.reverseSale)
      .thenRejected('payment_already_paid')
  })
})
