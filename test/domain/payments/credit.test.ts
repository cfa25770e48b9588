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
