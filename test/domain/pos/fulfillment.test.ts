// What is handed out for a payment: reported once or timed out, and the money follows, whichever way it was paid.
import { describe, expect, test } from 'vitest'
import * as payment from '../../../src/domain/payments/payment.ts'
import type { FulfillmentEvent } from '../../../src/domain/pos/fulfillmentEvents.ts'
import { scenarios } from '../../support/given.ts'
import * as s from './cardSamples.ts'
import * as f from './fulfillmentSamples.ts'

const given = scenarios(payment)

type Reported = Extract<FulfillmentEvent, { type: 'FulfillmentReported' }>['data']
const reported = (
  outcome: Reported['outcome'],
  amount: string,
  rest: string,
  change: Partial<Reported> = {},
): payment.PaymentEvent => ({
  type: 'FulfillmentReported',
  data: {
    outcome,
    amount: s.vnd(amount),
    rest: s.vnd(rest),
    terminalId: f.terminalId,
    reportedAt: s.at(2),
    ...change,
  },
})
const timedOut = (rest: string, when: string): payment.PaymentEvent => ({
  type: 'FulfillmentTimedOut',
  data: { rest: s.vnd(rest), timedOutAt: when },
})
const disputed = (reason: 'reported_failed' | 'timed_out' | 'money_gone', amount: string, minute = 2) =>
  ({
    type: 'FulfillmentDisputed',
    data: {
      outcome: 'dispensed',
      amount: s.vnd(amount),
      reason,
      terminalId: f.terminalId,
      reportedAt: s.at(minute),
    },
  }) as const
const unsettled = (reason: string, amount: string, minute: number): payment.PaymentEvent => ({
  type: 'FulfillmentUnsettled',
  data: { reason, amount: s.vnd(amount), noticedAt: s.at(minute) },
})

const resolution = { by: 'merchant', note: 'paid back in cash', resolvedAt: s.at(40) } as const

describe('a machine that was paid by QR', () => {
  const paid = f.paidByQr(f.machine)
  test('reports that all came out: the money stays', () => {
    given(...paid)
      .when(f.report('dispensed'))
      .thenEvents(reported('dispensed', '125000', '0'))
    const done = [...paid, reported('dispensed', '125000', '0')]
    given(...done)
      .when(f.settle())
      .thenNothing()
  })
  test('reports a part: the rest goes back, once', () => {
    const part = reported('partial', '50000', '75000')
    given(...paid)
      .when(f.report('partial', { amount: s.vnd('50000') }))
      .thenEvents(part)
    const settled = f.eventsOf(
      f.qrRequest(f.machine),
      f.credit,
      f.report('partial', { amount: s.vnd('50000') }),
      f.settle(),
    )
    expect(settled.slice(-2)).toMatchObject([
      {
        type: 'RefundRequested',
        data: { refundId: f.refundId, amount: s.vnd('75000'), reason: 'Dispensed in part' },
      },
      { type: 'RefundTransferRequested', data: { creditId: 'crd_1', amount: s.vnd('75000') } },
    ])
    given(...settled)
      .when(f.settle({ at: s.at(30) }))
      .thenNothing()
  })
  test('reports that nothing came out: all goes back', () => {
    given(...paid)
      .when(f.report('failed', { detail: 'coil 7 empty' }))
      .thenEvents(reported('failed', '0', '125000', { detail: 'coil 7 empty' }))
    given(...paid, reported('failed', '0', '125000'))
      .when(f.settle())
      .thenEvents(
        {
          type: 'RefundRequested',
          data: {
            refundId: f.refundId,
            amount: s.vnd('125000'),
            reason: 'Nothing was dispensed',
            requestedAt: s.at(20),
          },
        },
        {
          type: 'RefundTransferRequested',
          data: {
            transferId: `${f.refundId}-1`,
            creditId: 'crd_1',
            amount: s.vnd('125000'),
            refundId: f.refundId,
            merchantId: 'mer_7K3MA',
            requestedAt: s.at(20),
          },
        },
      )
  })
  test('calls nothing by another name: an amount of zero is a failure', () => {
    for (const outcome of ['dispensed', 'partial'] as const)
      given(...paid)
        .when(f.report(outcome, { amount: s.vnd('0') }))
        .thenEvents(reported('failed', '0', '125000'))
  })
  test('is silent: at the deadline all goes back', () => {
    given(...paid)
      .when(f.timeOut('2026-03-01T09:01:59.999Z'))
      .thenRejected('payment_not_due')
    given(...paid)
      .when(f.timeOut(s.at(2)))
      .thenEvents(timedOut('125000', s.at(2)))
    given(...paid, timedOut('125000', s.at(2)))
      .when(f.timeOut(s.at(3)))
      .thenNothing()
    expect(
      f.eventsOf(f.qrRequest(f.machine), f.credit, f.timeOut(s.at(2)), f.settle()).slice(-2),
    ).toMatchObject([
      { type: 'RefundRequested', data: { reason: 'No report of the machine in time' } },
      { type: 'RefundTransferRequested', data: { amount: s.vnd('125000') } },
    ])
  })
  test('says the same twice, and a different detail is the same', () => {
    given(...paid, reported('failed', '0', '125000'))
      .when(f.report('failed', { detail: 'again', reportedAt: s.at(9) }))
      .thenNothing()
    given(...paid, reported('dispensed', '125000', '0'))
      .when(f.report('dispensed', { amount: s.vnd('125000') }))
      .thenNothing()
  })
  test('does not change its mind about what came out', () => {
    const done = [...paid, reported('partial', '50000', '75000')]
    given(...done)
      .when(f.report('partial', { amount: s.vnd('40000') }))
      .thenRejected('fulfillment_differs')
    given(...done)
      .when(f.report('failed'))
      .thenRejected('fulfillment_differs')
    given(...done)
      .when(f.report('dispensed'))
      .thenRejected('fulfillment_differs')
  })
  test('must make sense of outcome and amount', () => {
    const say = (outcome: 'dispensed' | 'partial' | 'failed', amount?: string) =>
      given(...paid).when(f.report(outcome, amount === undefined ? {} : { amount: s.vnd(amount) }))
    say('partial').thenRejected('fulfillment_amount_required')
    say('partial', '125000').thenRejected('fulfillment_amount_differs')
    say('dispensed', '124999').thenRejected('fulfillment_amount_differs')
    say('failed', '1').thenRejected('fulfillment_amount_differs')
    say('dispensed', '125001').thenRejected('fulfillment_exceeds_amount')
    say('partial', '125001').thenRejected('fulfillment_exceeds_amount')
    given(...paid)
      .when(f.report('partial', { amount: { amount: '1', currency: 'USD' } }))
      .thenRejected('fulfillment_currency_differs')
  })
  test('delivers nothing that a pump does', () => {
    given(...paid)
      .when(f.delivered(1, '1'))
      .thenRejected('fulfillment_amount_differs')
    given(...paid)
      .when(f.delivered(5331, '125000'))
      .thenRejected('delivery_differs')
  })
  test('is reported by its own terminal only', () => {
    given(...paid)
      .when(f.report('dispensed', { terminalId: f.otherTerminal }))
      .thenRejected('fulfillment_elsewhere')
  })
  test('hands out nothing before it is paid', () => {
    given(...f.eventsOf(f.qrRequest(f.machine)))
      .when(f.report('dispensed'))
      .thenRejected('fulfillment_not_due')
    given(...f.eventsOf(f.qrRequest(f.machine)))
      .when(f.timeOut(s.at(15)))
      .thenEvents({ type: 'PaymentExpired', data: { endedAt: s.at(15), released: [] } })
  })
  test('was never asked for one', () => {
    given(...f.paidByQr())
      .when(f.report('dispensed'))
      .thenRejected('fulfillment_not_requested')
    given().when(f.report('dispensed')).thenRejected('payment_not_found')
  })
})

describe('what comes out too late', () => {
  const over = [...f.paidByQr(f.machine), timedOut('125000', s.at(2))]
  test('is a matter for a person, and moves no money', () => {
    given(...over)
      .when(f.report('dispensed', { reportedAt: s.at(5) }))
      .thenEvents(disputed('timed_out', '125000', 5))
    given(...f.paidByQr(f.machine), reported('failed', '0', '125000'))
      .when(f.report('dispensed', { reportedAt: s.at(5) }))
      .thenEvents(disputed('reported_failed', '125000', 5))
  })
  test('is told once', () => {
    const told = [...over, disputed('timed_out', '125000')]
    given(...told)
      .when(f.report('dispensed', { reportedAt: s.at(9) }))
      .thenNothing()
    given(...told)
      .when(f.report('partial', { amount: s.vnd('1') }))
      .thenRejected('fulfillment_differs')
  })
  test('and was nothing after all changes nothing', () => {
    given(...over)
      .when(f.report('failed'))
      .thenNothing()
  })
  test('is done with when a person says so', () => {
    const told = [...over, disputed('timed_out', '125000')]
    given(...over)
      .when(f.resolve)
      .thenRejected('fulfillment_exception_not_found')
    const resolved: payment.PaymentEvent = {
      type: 'FulfillmentExceptionResolved',
      data: resolution,
    }
    given(...told)
      .when(f.resolve)
      .thenEvents(resolved)
    given(...told, resolved)
      .when(f.resolve)
      .thenNothing()
  })
})

describe('money that cannot go back by itself', () => {
  const failed = [...f.paidByQr(f.machine), reported('failed', '0', '125000')]
  test('is a matter for a person: the bank named no account', () => {
    given(...failed)
      .when(f.settle({ senders: [] }))
      .thenEvents(unsettled('sender_unknown', '125000', 20))
  })
  test('or there is no way out', () => {
    given(...failed)
      .when(f.settle({ wayBack: false }))
      .thenEvents(unsettled('transfers_unavailable', '125000', 20))
  })
  test('or the bank refused the refund', () => {
    const refused = f.eventsOf(
      f.qrRequest(f.machine),
      f.credit,
      f.report('failed'),
      f.settle(),
      f.refundFails,
    )
    given(...refused)
      .when(f.settle())
      .thenEvents(unsettled('refund_failed', '125000', 20))
    const toCard = f.eventsOf(
      s.request({ fulfillment: f.pump, capture: 'automatic' }),
      s.approve(),
      f.delivered(40_000, '938000'),
      f.settle(),
      s.failRefund(f.refundId),
    )
    given(...toCard)
      .when(f.settle())
      .thenEvents(unsettled('refund_failed', '1062000', 20))
  })
  test('does not go back later behind that person', () => {
    given(...failed, unsettled('sender_unknown', '125000', 20))
      .when(f.settle())
      .thenNothing()
  })
})

describe('a pump with a hold on a card', () => {
  const held = f.heldByCard(f.pump)
  const delivery = { milliliters: 40_000, unitPrice: s.vnd('23450'), product: 'RON 95-III' }
  test('captures what it delivered, and the rest is released by the same message', () => {
    given(...held)
      .when(f.delivered(40_000, '938000'))
      .thenEvents(
        reported('dispensed', '938000', '1062000', { delivery }),
        {
          type: 'PaymentCaptured',
          data: {
            captureId: 'cap_fulfillment',
            amount: s.vnd('938000'),
            capturedAt: s.at(2),
            released: s.vnd('1062000'),
          },
        },
        {
          type: 'PaymentPaid',
          data: {
            merchantId: 'mer_7K3MA',
            siteId: 'sit_7K3MA9QZXW4F2',
            terminalId: f.terminalId,
            method: 'card',
            amount: s.vnd('938000'),
            fee: s.vnd('10318'),
            paidAt: s.at(2),
          },
        },
        {
          type: 'CompletionRequested',
          data: { captureId: 'cap_fulfillment', amount: s.vnd('938000'), requestedAt: s.at(2) },
        },
      )
  })
  test('completes it once: a second pump is refused, and a second report changes nothing', () => {
    const done = f.eventsOf(s.request({ fulfillment: f.pump }), s.approve(), f.delivered(40_000, '938000'))
    given(...done)
      .when(f.delivered(40_000, '938000', { reportedAt: s.at(3) }))
      .thenNothing()
    given(...done)
      .when(f.delivered(20_000, '469000', { terminalId: f.otherTerminal }))
      .thenRejected('fulfillment_elsewhere')
    given(...done)
      .when(f.delivered(20_000, '469000'))
      .thenRejected('fulfillment_differs')
    given(...done)
      .when(s.capture('469000', 'c2'))
      .thenRejected('payment_already_paid')
    given(...done)
      .when(f.settle())
      .thenNothing()
  })
  test('releases all when nothing came out, or no word', () => {
    const types = (...commands: payment.PaymentCommand[]) =>
      f
        .eventsOf(s.request({ fulfillment: f.pump }), s.approve(), ...commands)
        .slice(held.length)
        .map(({ type }) => type)
    expect(types(f.report('failed'))).toEqual(['FulfillmentReported', 'PaymentVoided', 'ReversalRequested'])
    expect(types(f.delivered(0, '0'))).toEqual(['FulfillmentReported', 'PaymentVoided', 'ReversalRequested'])
    expect(types(f.timeOut(s.at(11)))).toEqual(['FulfillmentTimedOut', 'PaymentVoided', 'ReversalRequested'])
  })
  test('says volume, price and product, and the amount is their product within half a đồng', () => {
    const say = (milliliters: number, amount: string) => given(...held).when(f.delivered(milliliters, amount))
    for (const [milliliters, amount] of [
      [1_234, '28937'], // 28 937.3
      [1_010, '23685'], // 23 684.5, either way
      [1_010, '23684'],
    ] as const)
      expect(payment.decide(f.delivered(milliliters, amount), stateOf(held)).accepted).toBe(true)
    say(1_234, '28938').thenRejected('delivery_amount_differs')
    say(1_234, '28936').thenRejected('delivery_amount_differs')
    say(100_000, '2345000').thenRejected('fulfillment_exceeds_amount')
    given(...held)
      .when(f.report('dispensed'))
      .thenRejected('fulfillment_amount_required')
    given(...held)
      .when(f.report('dispensed', { amount: s.vnd('938000') }))
      .thenRejected('delivery_required')
    for (const other of [{ product: 'DO 0,05S' }, { unitPrice: s.vnd('23440') }])
      given(...held)
        .when(f.delivered(40_000, '938000', { delivery: { ...delivery, ...other } }))
        .thenRejected('delivery_differs')
  })
  test('takes what the issuer holds, which may be less than was asked for', () => {
    const less = f.eventsOf(s.request({ fulfillment: f.pump }), s.approve('500000'))
    given(...less)
      .when(f.delivered(40_000, '938000'))
      .thenRejected('fulfillment_exceeds_amount')
  })
  test('leaves to a person what the issuer does not hold any more', () => {
    const lapsed = f.delivered(40_000, '938000', { reportedAt: s.heldUntil })
    given(...held)
      .when(lapsed)
      .thenEvents(
        reported('dispensed', '938000', '1062000', { delivery, reportedAt: s.heldUntil }),
        unsettled('authorization_expired', '938000', 30),
      )
    const told = f.eventsOf(s.request({ fulfillment: f.pump }), s.approve(), lapsed)
    given(...told)
      .when(lapsed)
      .thenNothing() // no second try behind that person
    given(...told)
      .when(f.resolve)
      .thenEvents({ type: 'FulfillmentExceptionResolved', data: resolution })
    given(...told)
      .when(s.expire(s.heldUntil))
      .thenEvents(s.expired)
  })
  test('leaves to a person what the issuer does not honor', () => {
    const refused = {
      type: 'RefuseCompletion',
      data: { captureId: 'cap_fulfillment', responseCode: '05', at: s.at(7) },
    } as const
    const told = f.eventsOf(
      s.request({ fulfillment: f.pump }),
      s.approve(),
      f.delivered(40_000, '938000'),
      refused,
    )
    given(...told)
      .when(f.settle())
      .thenEvents(unsettled('completion_refused', '938000', 20))
  })
  test('whose hold was released meanwhile has delivered for nothing', () => {
    for (const gone of [s.voidIt, s.reverse]) {
      const without = f.eventsOf(s.request({ fulfillment: f.pump }), s.approve(), gone)
      expect(stateOf(without)).toMatchObject({ fulfillment: { withdrawn: true } })
      given(...without)
        .when(f.delivered(40_000, '938000'))
        .thenEvents({
          ...disputed('money_gone', '938000'),
          data: { ...disputed('money_gone', '938000').data, delivery },
        })
      given(...without)
        .when(f.report('failed'))
        .thenNothing()
      given(...without)
        .when(f.timeOut(s.at(30)))
        .thenNothing()
    }
  })
  test('whose hold was captured by hand gives back the rest', () => {
    const captured = f.eventsOf(
      s.request({ fulfillment: f.pump }),
      s.approve(),
      s.capture('1000000'),
      f.delivered(40_000, '938000', { reportedAt: s.at(6) }),
      f.settle(),
    )
    expect(captured.at(-1)).toMatchObject({ type: 'RefundRequested', data: { amount: s.vnd('62000') } })
  })
  test('whose hold was captured by hand, and the issuer does not honor it, has delivered for nothing', () => {
    given(...notHonored())
      .when(f.delivered(40_000, '938000', { reportedAt: s.at(8) }))
      .thenEvents({
        ...disputed('money_gone', '938000'),
        data: { ...disputed('money_gone', '938000', 8).data, delivery },
      })
  })
  test('gives back nothing of that where nothing came out, and asks nobody', () => {
    for (const nothing of [f.report('failed', { reportedAt: s.at(8) }), f.timeOut(s.at(11))])
      given(...notHonored(nothing))
        .when(f.settle())
        .thenNothing()
  })
  const notHonored = (...more: payment.PaymentCommand[]) =>
    f.eventsOf(
      s.request({ fulfillment: f.pump }),
      s.approve(),
      s.capture('1000000'),
      s.refuseCompletion,
      ...more,
    )
})

describe('a pump that was paid before', () => {
  test('by QR gives back the rest', () => {
    const events = f.eventsOf(f.qrRequest(f.pump), f.credit, f.delivered(4_000, '93800'), f.settle())
    expect(events.slice(-2)).toMatchObject([
      { type: 'RefundRequested', data: { amount: s.vnd('31200') } },
      { type: 'RefundTransferRequested' },
    ])
  })
  test('by a captured card gives back the rest, once', () => {
    const events = f.eventsOf(
      s.request({ fulfillment: f.pump, capture: 'automatic' }),
      s.approve(),
      f.delivered(40_000, '938000'),
      f.settle(),
    )
    expect(events.at(-1)).toMatchObject({
      type: 'RefundRequested',
      data: { method: 'card', amount: s.vnd('1062000') },
    })
    given(...events)
      .when(f.settle())
      .thenNothing()
  })
  test('counts what went back by hand', () => {
    const before = [
      s.request({ fulfillment: f.pump, capture: 'automatic' }),
      s.approve(),
      f.delivered(40_000, '938000'),
    ]
    const some = f.eventsOf(...before, s.refund('1000000', 'ref_1'), f.settle())
    expect(some.at(-1)).toMatchObject({ data: { refundId: f.refundId, amount: s.vnd('62000') } })
    given(...f.eventsOf(...before, s.refund('1500000', 'ref_1')))
      .when(f.settle())
      .thenNothing()
  })
})

describe('an order that is picked up', () => {
  const paid = f.paidByQr(f.pickup)
  test('is handed out by the terminal where its code was typed', () => {
    given(...paid)
      .when(f.report('dispensed'))
      .thenRejected('fulfillment_elsewhere')
    const claimed: payment.PaymentEvent = {
      type: 'PickupClaimed',
      data: { terminalId: f.otherTerminal, claimedAt: s.at(2) },
    }
    given(...paid)
      .when(f.claim(f.otherTerminal))
      .thenEvents(claimed)
    given(...paid, claimed)
      .when(f.claim(f.otherTerminal, s.at(3)))
      .thenNothing()
    given(...paid, claimed)
      .when(f.claim())
      .thenRejected('pickup_claimed')
    given(...paid, claimed)
      .when(f.report('dispensed', { terminalId: f.otherTerminal }))
      .thenEvents(reported('dispensed', '125000', '0', { terminalId: f.otherTerminal }))
  })
  test('waits for nobody before it is paid, nor when its time is over', () => {
    given(...f.eventsOf(f.qrRequest(f.pickup)))
      .when(f.claim())
      .thenRejected('fulfillment_not_due')
    given(...paid)
      .when(f.claim(f.terminalId, '2026-03-01T10:01:00.000Z'))
      .thenRejected('fulfillment_not_due')
    given(...paid)
      .when(f.timeOut('2026-03-01T10:01:00.000Z'))
      .thenEvents(timedOut('125000', '2026-03-01T10:01:00.000Z'))
  })
  test('is no machine or pump', () => {
    given(...f.paidByQr(f.machine))
      .when(f.claim())
      .thenRejected('fulfillment_elsewhere')
  })
})

const stateOf = (events: readonly payment.PaymentEvent[]) =>
  events.reduce(payment.evolve, payment.initialState())
