// The rules of a payment by QR.
import { describe, test } from 'vitest'
import type { LatePolicy, QrPaymentCommand, QrPaymentEvent } from '../../../src/domain/payments/qrPayment.ts'
import * as qrPayment from '../../../src/domain/payments/qrPayment.ts'
import type { Credit } from '../../../src/domain/payments/takeCredit.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(qrPayment)

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const
const account = { bankBin: '970422', accountNumber: '0123456789' }
const nine = '2026-11-22T09:00:00.000Z'
const quarterPast = '2026-11-22T09:15:00.000Z'

const details = (latePolicy: LatePolicy = { mode: 'hold' }) =>
  ({
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount: vnd('125000'),
    fee: vnd('625'),
    payTo: account,
    latePolicy,
    expiresAt: quarterPast,
    requestedAt: nine,
  }) as const

const request: QrPaymentCommand = { type: 'RequestPayment', data: { ...details(), payload: '000201' } }
const requested = (late?: LatePolicy): QrPaymentEvent => ({ type: 'PaymentRequested', data: details(late) })
const issued: QrPaymentEvent = { type: 'QrIssued', data: { payload: '000201' } }

const credit = (creditId: string, amount: string, changes: Partial<Credit> = {}): QrPaymentCommand => ({
  type: 'ApplyCredit',
  data: {
    creditId,
    connectorId: 'con_7K3MA9QZXW4F',
    ...account,
    amount: vnd(amount),
    occurredAt: '2026-11-22T09:05:00.000Z',
    receivedAt: '2026-11-22T09:05:01.000Z',
    ...changes,
  },
})
const applied = (creditId: string, amount: string): QrPaymentEvent => ({
  type: 'CreditApplied',
  data: { creditId, applied: vnd(amount) },
})
const paid = (paidAt = '2026-11-22T09:05:01.000Z'): QrPaymentEvent => ({
  type: 'PaymentPaid',
  data: {
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount: vnd('125000'),
    fee: vnd('625'),
    paidAt,
  },
})
const at = (instant: string) => ({ data: { at: instant } })
const ended = (instant: string, ...released: [string, string][]) => ({
  data: {
    endedAt: instant,
    released: released.map(([creditId, amount]) => ({ creditId, applied: vnd(amount) })),
  },
})

describe('asking for a payment', () => {
  test('records the request and the QR', () => given().when(request).thenEvents(requested(), issued))
  test('is refused for an id in use', () =>
    given(requested(), issued).when(request).thenRejected('payment_exists'))
})

describe('a credit', () => {
  test('for the whole amount pays', () =>
    given(requested(), issued).when(credit('c1', '125000')).thenEvents(applied('c1', '125000'), paid()))
  test('counts once', () =>
    given(requested(), issued, applied('c1', '50000')).when(credit('c1', '50000')).thenNothing())
  test('counts once also when the payment is paid', () =>
    given(requested(), issued, applied('c1', '125000'), paid()).when(credit('c1', '125000')).thenNothing())
  test('for less leaves the payment pending', () =>
    given(requested(), issued).when(credit('c1', '50000')).thenEvents(applied('c1', '50000')))
  test('for the rest pays', () =>
    given(requested(), issued, applied('c1', '50000'))
      .when(credit('c2', '75000'))
      .thenEvents(applied('c2', '75000'), paid()))
  test('for more pays, and only what was due is applied', () =>
    given(requested(), issued, applied('c1', '50000'))
      .when(credit('c2', '80000'))
      .thenEvents(applied('c2', '75000'), paid()))
  test('for a paid payment is refused', () =>
    given(requested(), issued, applied('c1', '125000'), paid())
      .when(credit('c2', '125000'))
      .thenRejected('payment_already_paid'))
  test('for a canceled payment is refused', () =>
    given(requested(), issued, { type: 'PaymentCanceled', ...ended(nine) })
      .when(credit('c1', '125000'))
      .thenRejected('payment_canceled'))
  test('to another account is refused', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', { accountNumber: '99' }))
      .thenRejected('credit_mismatch'))
  test('at another bank is refused', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', { bankBin: '970436' }))
      .thenRejected('credit_mismatch'))
  test('in another currency is refused', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', { amount: { amount: '125000', currency: 'USD' } }))
      .thenRejected('credit_mismatch'))
  test('to another account for a canceled payment is refused for the account first', () =>
    given(requested(), issued, { type: 'PaymentCanceled', ...ended(nine) })
      .when(credit('c1', '125000', { accountNumber: '99' }))
      .thenRejected('credit_mismatch'))
  test('for a payment that never was is refused', () =>
    given().when(credit('c1', '125000')).thenRejected('payment_not_found'))
})

describe('a late credit', () => {
  const late = { occurredAt: '2026-11-22T09:16:00.000Z', receivedAt: '2026-11-22T09:16:01.000Z' }
  const expired: QrPaymentEvent = { type: 'PaymentExpired', ...ended(quarterPast) }

  test('is refused under hold', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', late))
      .thenRejected('payment_expired'))
  test('is refused under return', () =>
    given(requested({ mode: 'return' }), issued, expired)
      .when(credit('c1', '125000', late))
      .thenRejected('payment_expired'))
  test('pays within the grace period, also after the payment has expired', () =>
    given(requested({ mode: 'accept', graceSeconds: 60 }), issued, expired)
      .when(credit('c1', '125000', { ...late, occurredAt: '2026-11-22T09:16:00.000Z' }))
      .thenEvents(applied('c1', '125000'), paid('2026-11-22T09:16:01.000Z')))
  test('is refused after the grace period', () =>
    given(requested({ mode: 'accept', graceSeconds: 59 }), issued, expired)
      .when(credit('c1', '125000', late))
      .thenRejected('payment_expired'))
  test('is not late when the bank says that it was paid in time', () =>
    given(requested(), issued, expired)
      .when(credit('c1', '125000', { receivedAt: '2026-11-22T10:15:00.000Z' }))
      .thenEvents(applied('c1', '125000'), paid('2026-11-22T10:15:00.000Z')))
  test('is late when the bank names a time before the payment was asked for', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', { occurredAt: '2026-11-22T08:00:00.000Z', receivedAt: late.receivedAt }))
      .thenRejected('payment_expired'))
  test('for a part cannot revive an expired payment, which would not expire again', () =>
    given(requested({ mode: 'accept', graceSeconds: 60 }), issued, expired)
      .when(credit('c1', '124999', late))
      .thenRejected('payment_expired'))
  test('that the payment let go of does not come back', () =>
    given(requested(), issued, applied('c1', '50000'), {
      type: 'PaymentExpired',
      ...ended(quarterPast, ['c1', '50000']),
    })
      .when(credit('c1', '50000'))
      .thenRejected('credit_released'))
  test('on the last millisecond is in time', () =>
    given(requested(), issued)
      .when(credit('c1', '125000', { receivedAt: quarterPast }))
      .thenEvents(applied('c1', '125000'), paid(quarterPast)))
})

describe('expiry', () => {
  const expire = (instant: string): QrPaymentCommand => ({ type: 'ExpirePayment', ...at(instant) })

  test('ends a payment whose time is over', () =>
    given(requested(), issued)
      .when(expire(quarterPast))
      .thenEvents({ type: 'PaymentExpired', ...ended(quarterPast) }))
  test('lets go of what was paid in part', () =>
    given(requested(), issued, applied('c1', '50000'))
      .when(expire(quarterPast))
      .thenEvents({ type: 'PaymentExpired', ...ended(quarterPast, ['c1', '50000']) }))
  test('happens once', () =>
    given(requested(), issued, { type: 'PaymentExpired', ...ended(quarterPast) })
      .when(expire(quarterPast))
      .thenNothing())
  test('does not touch a paid payment', () =>
    given(requested(), issued, applied('c1', '125000'), paid()).when(expire(quarterPast)).thenNothing())
  test('is refused before its time', () =>
    given(requested(), issued).when(expire('2026-11-22T09:14:59.999Z')).thenRejected('payment_not_due'))
  test('of nothing is refused', () => given().when(expire(quarterPast)).thenRejected('payment_not_found'))
})

describe('canceling', () => {
  const cancel: QrPaymentCommand = { type: 'CancelPayment', ...at(nine) }
  const canceled: QrPaymentEvent = { type: 'PaymentCanceled', ...ended(nine) }

  test('ends a pending payment', () => given(requested(), issued).when(cancel).thenEvents(canceled))
  test('lets go of what was paid in part', () =>
    given(requested(), issued, applied('c1', '1'))
      .when(cancel)
      .thenEvents({ type: 'PaymentCanceled', ...ended(nine, ['c1', '1']) }))
  test('happens once', () => given(requested(), issued, canceled).when(cancel).thenNothing())
  test('of a paid payment is refused', () =>
    given(requested(), issued, applied('c1', '125000'), paid())
      .when(cancel)
      .thenRejected('payment_already_paid'))
  test('of an expired payment is refused', () =>
    given(requested(), issued, { type: 'PaymentExpired', ...ended(quarterPast) })
      .when(cancel)
      .thenRejected('payment_expired'))
  test('of nothing is refused', () => given().when(cancel).thenRejected('payment_not_found'))
})
