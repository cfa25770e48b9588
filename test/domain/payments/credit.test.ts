// The rules of a credit.
import { describe, test } from 'vitest'
import type { CreditCommand, CreditEvent } from '../../../src/domain/payments/credit.ts'
import * as creditDecider from '../../../src/domain/payments/credit.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(creditDecider)

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const
const at = '2026-11-22T09:05:01.000Z'
const where = { connectorId: 'con_7K3MA9QZXW4F', bankBin: '970422', accountNumber: '0123456789' }
const data = (amount: string) => ({
  ...where,
  transactionId: 'FT1',
  amount: vnd(amount),
  references: ['7K3MA9QZXW4F2P8R6A'],
  sealed: 'v1.a.b',
  occurredAt: at,
  receivedAt: at,
})
const receive = (amount: string): CreditCommand => ({ type: 'ReceiveCredit', data: data(amount) })
const received: CreditEvent = { type: 'CreditReceived', data: data('125000') }
const { connectorId: _, ...claimed } = where
const conflict = { ...claimed, amount: vnd('125001'), sealed: 'v1.a.b', receivedAt: at }
const leave = (amount: string, paymentId?: string): CreditCommand => ({
  type: 'LeaveUnapplied',
  data: { reason: 'overpaid', amount: vnd(amount), ...(paymentId !== undefined && { paymentId }) },
})
const left: CreditEvent = {
  type: 'CreditUnapplied',
  data: {
    reason: 'overpaid',
    amount: vnd('5000'),
    paymentId: 'pay_ABCDE9QZXW4F2P8R6A',
    merchantId: 'mer_ABCDE',
    ...where,
    receivedAt: at,
  },
}

const unmatched: CreditEvent = {
  type: 'CreditUnapplied',
  data: { reason: 'unmatched', amount: vnd('125000'), ...where, receivedAt: at },
}
const found = (reference: string) => ({ references: [reference], rereadAt: at })
const reread = (reference: string): CreditCommand => ({ type: 'RereadCredit', data: found(reference) })
const wasReread = (reference: string): CreditEvent => ({ type: 'CreditReread', data: found(reference) })
const escheated: CreditEvent = {
  type: 'CreditEscheated',
  data: { amount: vnd('125000'), termDays: 365, escheatedAt: at },
}

describe('reading again', () => {
  test('records what an unmatched credit names now', () =>
    given(received, unmatched).when(reread('OTHER')).thenEvents(wasReread('OTHER')))
  test('happens once', () =>
    given(received, unmatched, wasReread('OTHER')).when(reread('OTHER')).thenNothing())
  test('of what is known changes nothing', () =>
    given(received, unmatched).when(reread('7K3MA9QZXW4F2P8R6A')).thenNothing())
  test('of money that is on a payment, or that one refused, changes nothing', () => {
    given(received).when(reread('OTHER')).thenNothing()
    given(received, left).when(reread('OTHER')).thenNothing()
  })
  test('of money that has found its end changes nothing', () =>
    given(received, unmatched, escheated).when(reread('OTHER')).thenNothing())
  test('of a credit that never came is refused', () =>
    given().when(reread('OTHER')).thenRejected('credit_not_found'))
})

describe('receiving', () => {
  test('records the credit', () => given().when(receive('125000')).thenEvents(received))
  test('happens once', () => given(received).when(receive('125000')).thenNothing())
  test('with another amount records the conflict', () =>
    given(received).when(receive('125001')).thenEvents({
      type: 'CreditConflicted',
      data: conflict,
    }))
  test('for another account records the conflict', () =>
    given(received)
      .when({ type: 'ReceiveCredit', data: { ...data('125000'), accountNumber: '99' } })
      .thenEvents({
        type: 'CreditConflicted',
        data: { ...conflict, amount: vnd('125000'), accountNumber: '99' },
      }))
  test('with the same other amount records the conflict once', () =>
    given(received, {
      type: 'CreditConflicted',
      data: conflict,
    })
      .when(receive('125001'))
      .thenNothing())
})

describe('leaving unapplied', () => {
  test('names the merchant of the payment', () =>
    given(received).when(leave('5000', 'pay_ABCDE9QZXW4F2P8R6A')).thenEvents(left))
  test('names the merchant that the text named where no payment was found', () =>
    given(received)
      .when(leave('125000'))
      .thenEvents({
        type: 'CreditUnapplied',
        data: {
          reason: 'overpaid',
          amount: vnd('125000'),
          merchantId: 'mer_7K3MA',
          nearReferences: ['7K3MA9QZXW4F2P8R6A'],
          ...where,
          receivedAt: at,
        },
      }))
  test('happens once', () =>
    given(received, left).when(leave('5000', 'pay_ABCDE9QZXW4F2P8R6A')).thenNothing())
  test('is decided once, whatever is asked later', () =>
    given(received, left).when(leave('125000')).thenNothing())
  test('of more than arrived is refused', () =>
    given(received).when(leave('125001')).thenRejected('credit_exceeded'))
  test('of nothing is refused', () => given().when(leave('1')).thenRejected('credit_not_found'))
})
