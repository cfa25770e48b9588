// One stream, two methods: which rules speak, and what a payment that was reversed before it came answers.
import { describe, expect, test } from 'vitest'
import * as payment from '../../../src/domain/payments/payment.ts'
import { scenarios } from '../../support/given.ts'
import * as s from '../pos/cardSamples.ts'

const given = scenarios(payment)
const qr: payment.PaymentCommand = {
  type: 'RequestPayment',
  data: {
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    method: 'qr',
    amount: s.vnd('125000'),
    fee: s.vnd('625'),
    payTo: { bankBin: '970422', accountNumber: '0123456789' },
    latePolicy: { mode: 'hold' },
    expiresAt: s.at(15),
    requestedAt: s.at(0),
    payload: '000201',
  },
}
const eventsOf = (command: payment.PaymentCommand): readonly payment.PaymentEvent[] => {
  const decision = payment.decide(command, payment.initialState())
  if (!decision.accepted) throw new Error(decision.rejection)
  return decision.events
}
const byQr = eventsOf(qr)
const byCard = eventsOf(s.request())
const stateOf = (events: readonly payment.PaymentEvent[]) =>
  events.reduce(payment.evolve, payment.initialState())
const forestall: payment.PaymentCommand = {
  type: 'ForestallPayment',
  data: { merchantId: 'mer_7K3MA', terminalId: 'ter_9QZXW4F2', forestalledAt: s.at(1) },
}
const forestalled: payment.PaymentEvent = { type: 'PaymentForestalled', data: forestall.data }

describe('a payment', () => {
  test('begins by QR or by card, and is not begun a second time either way', () => {
    expect(stateOf(byQr)).toMatchObject({ method: 'qr', status: 'pending' })
    expect(stateOf(byCard)).toMatchObject({ method: 'card', status: 'pending' })
    for (const begun of [byQr, byCard])
      for (const again of [qr, s.request()])
        given(...begun)
          .when(again)
          .thenRejected('payment_exists')
  })
  test('knows what cannot be asked of its method', () => {
    for (const command of [s.capture(), s.voidIt, s.approve(), s.increment()])
      given(...byQr)
        .when(command)
        .thenRejected('payment_method_differs')
    given(...byCard)
      .when({ type: 'CancelPayment', data: { at: s.at(1) } })
      .thenRejected('payment_method_differs')
  })
  test('by card takes no transfer', () => {
    const credit = {
      creditId: 'crd_1',
      connectorId: 'con_1',
      bankBin: '970422',
      accountNumber: '1',
      amount: s.vnd('1'),
      occurredAt: s.at(1),
      receivedAt: s.at(1),
    }
    given(...byCard)
      .when({ type: 'ApplyCredit', data: credit })
      .thenRejected('credit_mismatch')
  })
  test('is asked for and paid in amounts that read the same, whichever way', () => {
    const paid = stateOf([...byCard, s.authorized(), s.captured(), s.paid()])
    if (paid.status === 'new') throw new Error('no payment')
    expect(payment.amountOf(paid).minor).toBe(2_000_000n)
    expect(payment.receivedOf(paid).minor).toBe(1_350_000n)
  })
})

describe('a payment that its terminal reversed before it came', () => {
  test('is refused when it comes', () => {
    given().when(forestall).thenEvents(forestalled)
    for (const late of [qr, s.request()]) given(forestalled).when(late).thenRejected('payment_forestalled')
  })
  test('is no payment, and twice is once', () => {
    given(forestalled).when(forestall).thenNothing()
    given(forestalled).when(s.capture()).thenRejected('payment_not_found')
    expect(stateOf([forestalled]).status).toBe('new')
  })
  test('is not there where it came in time', () => {
    given(...byCard)
      .when(forestall)
      .thenRejected('payment_exists')
  })
})
