// The rules of refunds, on the stream of their payment.
import { describe, test } from 'vitest'
import * as payment from '../../../src/domain/payments/qrPayment.ts'
import { scenarios } from '../../support/given.ts'

type Event = payment.QrPaymentEvent
type Command = payment.QrPaymentCommand
const given = scenarios(payment)

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const
const at = '2026-11-22T03:00:00.000Z'
const merchantId = 'mer_7K3MA'
const account = { bankBin: '970422', accountNumber: '0123456789' }
const sale = {
  merchantId,
  siteId: 'sit_7K3MA9QZXW4F2',
  method: 'qr',
  amount: vnd('100'),
  fee: vnd('0'),
} as const
const asked: Event = {
  type: 'PaymentRequested',
  data: { ...sale, payTo: account, latePolicy: { mode: 'hold' }, expiresAt: at, requestedAt: at },
}
const credited = (creditId: string, amount: string): Event => ({
  type: 'CreditApplied',
  data: { creditId, applied: vnd(amount) },
})
const paid: Event[] = [
  asked,
  credited('crd_A', '30'),
  credited('crd_B', '70'),
  { type: 'PaymentPaid', data: { ...sale, paidAt: at } },
]
const about = { merchantId, requestedAt: at }
const request = (refundId: string, amount: string, senders = ['crd_A', 'crd_B']): Command => ({
  type: 'RequestRefund',
  data: { refundId, amount: vnd(amount), reason: 'x', requestedAt: at, senders },
})
const retry = (refundId: string, senders = ['crd_A', 'crd_B']): Command => ({
  type: 'RetryRefund',
  data: { refundId, retriedAt: at, senders },
})
const requested = (refundId: string, amount: string): Event => ({
  type: 'RefundRequested',
  data: { refundId, amount: vnd(amount), reason: 'x', requestedAt: at },
})
const order = (refundId: string, number: number, creditId: string, amount: string): Event => ({
  type: 'RefundTransferRequested',
  data: { transferId: `${refundId}-${number}`, creditId, amount: vnd(amount), refundId, ...about },
})
const completed = (refundId: string, number: number, amount: string): Event => ({
  type: 'RefundCompleted',
  data: { refundId, transferId: `${refundId}-${number}`, amount: vnd(amount), completedAt: at },
})
const failed = (refundId: string, number: number, amount: string): Event => ({
  type: 'RefundFailed',
  data: { refundId, transferId: `${refundId}-${number}`, amount: vnd(amount), reason: 'y', failedAt: at },
})

describe('asking for a refund', () => {
  test('takes it from the credit with the largest rest', () =>
    given(...paid)
      .when(request('r1', '60'))
      .thenEvents(requested('r1', '60'), order('r1', 1, 'crd_B', '60')))
  test('shares it out where one credit is not enough', () =>
    given(...paid)
      .when(request('r1', '100'))
      .thenEvents(requested('r1', '100'), order('r1', 1, 'crd_B', '70'), order('r1', 2, 'crd_A', '30')))
  test('leaves to each credit what was given back of it', () =>
    given(...paid, requested('r1', '60'), order('r1', 1, 'crd_B', '60'))
      .when(request('r2', '40'))
      .thenEvents(requested('r2', '40'), order('r2', 1, 'crd_A', '30'), order('r2', 2, 'crd_B', '10')))
  test('under the same id is refused', () =>
    given(...paid, requested('r1', '60'))
      .when(request('r1', '60'))
      .thenRejected('refund_exists'))
  test('of more than the rest is refused, whatever is only under way', () =>
    given(...paid, requested('r1', '60'), order('r1', 1, 'crd_B', '60'))
      .when(request('r2', '41'))
      .thenRejected('refund_exceeds_rest'))
  test('of money whose sender is not known is refused', () =>
    given(...paid)
      .when(request('r1', '31', ['crd_A']))
      .thenRejected('sender_unknown'))
  test('of too much is refused before the sender is looked at', () =>
    given(...paid)
      .when(request('r1', '101', []))
      .thenRejected('refund_exceeds_rest'))
  test('of a pending payment is refused, and of one that never was', () => {
    given(asked, credited('crd_A', '30')).when(request('r1', '10')).thenRejected('payment_not_paid')
    given().when(request('r1', '10')).thenRejected('payment_not_found')
  })
  test('in another currency is refused', () =>
    given(...paid)
      .when({
        type: 'RequestRefund',
        data: {
          refundId: 'r1',
          amount: { amount: '10', currency: 'USD' },
          reason: 'x',
          requestedAt: at,
          senders: [],
        },
      })
      .thenRejected('refund_currency_differs'))
})

describe('trying again', () => {
  const one = [requested('r1', '100'), order('r1', 1, 'crd_B', '70'), order('r1', 2, 'crd_A', '30')]
  const retried: Event = { type: 'RefundRetried', data: { refundId: 'r1', retriedAt: at } }
  test('sends what failed, under a new number', () =>
    given(...paid, ...one, completed('r1', 1, '70'), failed('r1', 2, '30'))
      .when(retry('r1'))
      .thenEvents(retried, order('r1', 3, 'crd_A', '30')))
  test('does it once', () =>
    given(...paid, ...one, failed('r1', 2, '30'), retried, order('r1', 3, 'crd_A', '30'))
      .when(retry('r1'))
      .thenRejected('refund_not_failed'))
  test('is refused while nothing failed, or where there is no such refund', () => {
    given(...paid, ...one)
      .when(retry('r1'))
      .thenRejected('refund_not_failed')
    given(...paid)
      .when(retry('r1'))
      .thenRejected('refund_not_found')
  })
  test('is refused once another refund has taken the rest', () =>
    given(...paid, ...one, failed('r1', 2, '30'), requested('r2', '30'), order('r2', 1, 'crd_A', '30'))
      .when(retry('r1'))
      .thenRejected('refund_exceeds_rest'))
})

describe('a refunded payment', () => {
  const part = [...paid, requested('r1', '60'), order('r1', 1, 'crd_B', '60'), completed('r1', 1, '60')]
  const more: Command = {
    type: 'ApplyCredit',
    data: {
      creditId: 'crd_C',
      connectorId: 'con_1',
      ...account,
      amount: vnd('100'),
      occurredAt: at,
      receivedAt: at,
    },
  }
  test('takes no more money', () =>
    given(...part)
      .when(more)
      .thenRejected('payment_already_paid'))
  test('cannot be canceled, and does not expire', () => {
    given(...part)
      .when({ type: 'CancelPayment', data: { at } })
      .thenRejected('payment_already_paid')
    given(...part)
      .when({ type: 'ExpirePayment', data: { at } })
      .thenNothing()
  })
  test('still knows the credits that paid it', () =>
    given(...part)
      .when({
        type: 'ApplyCredit',
        data: {
          creditId: 'crd_B',
          connectorId: 'con_1',
          ...account,
          amount: vnd('70'),
          occurredAt: at,
          receivedAt: at,
        },
      })
      .thenNothing())
})
