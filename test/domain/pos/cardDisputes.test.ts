// The rules of disputes: never more than what is left of a payment, answered while open, decided once.
import { describe, test } from 'vitest'
import type { PaymentCommand } from '../../../src/domain/payments/payment.ts'
import * as payment from '../../../src/domain/payments/payment.ts'
import { scenarios } from '../../support/given.ts'
import * as s from './cardSamples.ts'
import * as d from './disputeSamples.ts'

const given = scenarios(payment)
/** Captured: 1,350,000 đồng. */
const sold = [s.requested(), s.authorized(), s.captured(), s.paid()]
const refund = (amount: string): PaymentCommand => ({
  type: 'RequestRefund',
  data: { refundId: 'ref_1', amount: s.vnd(amount), reason: 'returned goods', requestedAt: s.at(8) },
})

describe('a dispute is opened', () => {
  test('of a part or all of what was captured', () => {
    given(...sold)
      .when(d.open('1350000'))
      .thenEvents(d.opened('1350000'))
    given(...sold)
      .when(d.open('1'))
      .thenEvents(d.opened('1'))
  })

  test('once', () => {
    given(...sold, d.opened('1000'))
      .when(d.open('1000'))
      .thenNothing()
    given(...sold, d.opened('1000'), d.lost('1000'))
      .when(d.open('1000'))
      .thenNothing()
    given(...sold, d.opened('1000'))
      .when(d.open('1001'))
      .thenRejected('dispute_exists')
  })

  test('not of more than refunds and other disputes have left', () => {
    given(...sold)
      .when(d.open('1350001'))
      .thenRejected('dispute_exceeds_rest')
    given(...sold, s.refundRequested('350000'))
      .when(d.open('1000001'))
      .thenRejected('dispute_exceeds_rest')
    given(...sold, s.refundRequested('350000'), s.refundFailed('350000'))
      .when(d.open('1350000'))
      .thenEvents(d.opened('1350000'))
    for (const ended of [[], [d.lost('1000000')]])
      given(...sold, d.opened('1000000'), ...ended)
        .when(d.open('350001', 'dsp_2'))
        .thenRejected('dispute_exceeds_rest')
    given(...sold, d.opened('1000000'), d.won('1000000'))
      .when(d.open('1350000', 'dsp_2'))
      .thenEvents(d.opened('1350000', 'dsp_2'))
  })

  test('only of money that was taken', () => {
    given().when(d.open('1')).thenRejected('payment_not_found')
    given(s.requested(), s.authorized()).when(d.open('1')).thenRejected('payment_not_paid')
    given(...sold, s.completionRequested(), s.completionRefused)
      .when(d.open('1'))
      .thenRejected('payment_not_paid')
    given(...sold, s.reversal('customer_canceled', 6))
      .when(d.open('1'))
      .thenRejected('payment_reversing')
    given(...sold, s.reversal('customer_canceled', 6), s.acknowledged(), s.saleReversed)
      .when(d.open('1'))
      .thenRejected('payment_reversed')
    given(...sold)
      .when(d.open('0'))
      .thenRejected('amount_zero')
    const dollars = { ...d.open('1').data, amount: { amount: '1', currency: 'USD' } } as const
    given(...sold)
      .when({ type: 'OpenDispute', data: dollars } as PaymentCommand)
      .thenRejected('dispute_currency_differs')
  })
})

describe('what is disputed', () => {
  test('is not refunded, too', () => {
    given(...sold, d.opened('1000000'))
      .when(refund('350001'))
      .thenRejected('refund_exceeds_rest')
    given(...sold, d.opened('1000000'), d.lost('1000000'))
      .when(refund('350001'))
      .thenRejected('refund_exceeds_rest')
    given(...sold, d.opened('1000000'), d.won('1000000'))
      .when(refund('1350000'))
      .thenEvents(s.refundRequested('1350000'))
  })

  test('is not reversed', () => {
    const sale = [s.requested({ capture: 'automatic' }), s.authorized(), s.captured(), s.paid()]
    given(...sale, d.opened('1000'))
      .when(s.reverseSale)
      .thenRejected('payment_already_paid')
  })
})

describe('evidence', () => {
  test('is submitted while the dispute is open, each document once', () => {
    given(...sold, d.opened('1000'))
      .when(d.submit)
      .thenEvents(d.submitted)
    given(...sold, d.opened('1000'), d.submitted)
      .when(d.submit)
      .thenNothing()
    given(...sold, d.opened('1000'), d.submitted, d.won('1000'))
      .when(d.submit)
      .thenNothing()
    given(...sold, d.opened('1000'), d.lost('1000'))
      .when(d.submit)
      .thenRejected('dispute_closed')
    given(...sold)
      .when(d.submit)
      .thenRejected('dispute_not_found')
  })

  test('is fifty documents at most, and the same one again is still nothing new', () => {
    const others = Array.from({ length: 50 }, (_, n) => {
      return d.submittedDocument(n.toString(16).padStart(64, '0'))
    })
    given(...sold, d.opened('1000'), ...others.slice(1))
      .when(d.submit)
      .thenEvents(d.submitted)
    given(...sold, d.opened('1000'), ...others)
      .when(d.submit)
      .thenRejected('dispute_evidence_full')
    given(...sold, d.opened('1000'), d.submitted, ...others.slice(1))
      .when(d.submit)
      .thenNothing()
  })
})

describe('a dispute is decided', () => {
  const open = [...sold, d.opened('1000')]

  test('once, one way', () => {
    given(...open)
      .when(d.win)
      .thenEvents(d.won('1000'))
    given(...open)
      .when(d.lose)
      .thenEvents(d.lost('1000'))
    given(...open, d.won('1000'))
      .when(d.win)
      .thenNothing()
    given(...open, d.lost('1000'))
      .when(d.lose)
      .thenNothing()
    given(...open, d.won('1000'))
      .when(d.lose)
      .thenRejected('dispute_closed')
    given(...open, d.lost('1000'))
      .when(d.win)
      .thenRejected('dispute_closed')
    given(...sold)
      .when(d.win)
      .thenRejected('dispute_not_found')
  })
})
