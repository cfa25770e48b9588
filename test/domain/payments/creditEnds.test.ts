// The rules of how unapplied money ends: only what is unapplied can be applied, returned or escheated, and each once.
import { describe, test } from 'vitest'
import * as credit from '../../../src/domain/payments/credit.ts'
import { scenarios } from '../../support/given.ts'

type Event = credit.CreditEvent
type Command = credit.CreditCommand
const given = scenarios(credit)

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const
const at = '2026-11-22T03:00:00.000Z'
const paymentId = 'pay_ABCDE9QZXW4F2P8R6A'
const where = { connectorId: 'con_7K3MA9QZXW4F', bankBin: '970422', accountNumber: '0123456789' }
const data = { ...where, transactionId: 'FT1', amount: vnd('100'), references: [], sealed: 'v1.a.b' }
const anonymous: Event = { type: 'CreditReceived', data: { ...data, occurredAt: at, receivedAt: at } }
const received: Event = { ...anonymous, data: { ...anonymous.data, payerHash: 'h' } } as Event
const left: Event = {
  type: 'CreditUnapplied',
  data: { reason: 'unmatched', amount: vnd('100'), ...where, receivedAt: at },
}

const wish = { applicationId: 'A1', paymentId, requestedAt: at }
const apply: Command = { type: 'RequestApplication', data: wish }
const reserved: Event = { type: 'CreditApplicationRequested', data: { ...wish, amount: vnd('100') } }
const conclude: Command = { type: 'ConcludeApplication', data: { applicationId: 'A1', applied: vnd('60') } }
const applied: Event = {
  type: 'CreditApplicationCompleted',
  data: { applicationId: 'A1', paymentId, applied: vnd('60'), left: vnd('40') },
}
const refuse: Command = {
  type: 'ConcludeApplication',
  data: { applicationId: 'A1', refusal: 'payment_canceled' },
}
const refused: Event = {
  type: 'CreditApplicationRefused',
  data: { applicationId: 'A1', paymentId, left: vnd('100'), refusal: 'payment_canceled' },
}
const giveBack: Command = { type: 'RequestReturn', data: { creditId: 'crd_A', requestedAt: at } }
const ordered = (number: number, amount: string): Event => ({
  type: 'CreditReturnRequested',
  data: { transferId: `crd_A-${number}`, creditId: 'crd_A', amount: vnd(amount), requestedAt: at },
})
const returnFailed: Event = {
  type: 'CreditReturnFailed',
  data: { transferId: 'crd_A-1', amount: vnd('100'), reason: 'x', failedAt: at },
}
const escheat = (when: string): Command => ({ type: 'EscheatCredit', data: { at: when, termDays: 365 } })
const termOver = '2027-11-22T03:00:00.000Z'
const escheated: Event = {
  type: 'CreditEscheated',
  data: { amount: vnd('100'), termDays: 365, escheatedAt: termOver },
}

describe('applying', () => {
  test('reserves all that is unapplied', () => given(received, left).when(apply).thenEvents(reserved))
  test('happens once', () => given(received, left, reserved).when(apply).thenNothing())
  test('is refused where nothing is unapplied', () => {
    given(received).when(apply).thenRejected('credit_not_unapplied')
    given(received, left, ordered(1, '100')).when(apply).thenRejected('credit_not_unapplied')
    given().when(apply).thenRejected('credit_not_found')
  })
  test('leaves unapplied what the payment did not take', () => {
    given(received, left, reserved).when(conclude).thenEvents(applied)
    given(received, left, reserved, applied).when(giveBack).thenEvents(ordered(1, '40'))
  })
  test('that the payment refused leaves all unapplied', () => {
    given(received, left, reserved).when(refuse).thenEvents(refused)
    given(received, left, reserved, refused).when(giveBack).thenEvents(ordered(1, '100'))
  })
  test('is concluded once, as it was first', () => {
    given(received, left, reserved, applied).when(refuse).thenNothing()
    given(received, left, reserved, refused).when(conclude).thenNothing()
    given(received, left).when(conclude).thenRejected('application_not_found')
  })
})

describe('a payment that ends lets go of what was applied by hand', () => {
  const release: Command = {
    type: 'LeaveUnapplied',
    data: { reason: 'underpaid', amount: vnd('60'), paymentId },
  }
  const released: Event = {
    type: 'CreditUnapplied',
    data: {
      reason: 'underpaid',
      amount: vnd('60'),
      paymentId,
      merchantId: 'mer_ABCDE',
      ...where,
      receivedAt: at,
      payerHash: 'h',
    },
  }
  test('and it is unapplied again', () =>
    given(received, left, reserved, applied).when(release).thenEvents(released))
  test('once', () => given(received, left, reserved, applied, released).when(release).thenNothing())
  test('and no more than was there', () =>
    given(received, left).when(release).thenRejected('credit_exceeded'))
})

describe('returning', () => {
  test('takes all that is unapplied', () =>
    given(received, left).when(giveBack).thenEvents(ordered(1, '100')))
  test('is refused a second time', () =>
    given(received, left, ordered(1, '100')).when(giveBack).thenRejected('credit_not_unapplied'))
  test('is refused while the money is reserved for a payment', () =>
    given(received, left, reserved).when(giveBack).thenRejected('credit_not_unapplied'))
  test('is refused where the sender is not known', () => {
    given(anonymous, left).when(giveBack).thenRejected('sender_unknown')
    given(anonymous).when(giveBack).thenRejected('credit_not_unapplied')
  })
  test('that failed can be asked for again, under the next number', () =>
    given(received, left, ordered(1, '100'), returnFailed).when(giveBack).thenEvents(ordered(2, '100')))
})

describe('escheating', () => {
  test('takes what is unapplied after the term', () =>
    given(received, left).when(escheat(termOver)).thenEvents(escheated))
  test('happens once', () =>
    given(received, left, escheated).when(escheat(termOver)).thenRejected('credit_not_unapplied'))
  test('is refused before the term is over', () =>
    given(received, left).when(escheat('2027-11-22T02:59:59.999Z')).thenRejected('credit_not_due'))
  test('is refused where nothing is unapplied, term or not', () =>
    given(received).when(escheat(at)).thenRejected('credit_not_unapplied'))
})
