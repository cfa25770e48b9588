// Named samples of what is handed out: a machine paid by QR, a pump with a hold on a card, a pick-up.

import * as payment from '../../../src/domain/payments/payment.ts'
import type { FulfillmentTerms } from '../../../src/domain/pos/fulfillmentEvents.ts'
import * as s from './cardSamples.ts'

export const terminalId = s.asked.terminalId!
export const otherTerminal = 'ter_0THER000'
export const refundId = 'ref_7K3MA9QZXW4F2P8R6000000000'

export const machine: FulfillmentTerms = { mode: 'dispense', timeoutSeconds: 60 }
export const pump: FulfillmentTerms = {
  mode: 'pump',
  timeoutSeconds: 600,
  product: 'RON 95-III',
  unitPrice: s.vnd('23450'),
}
export const pickup: FulfillmentTerms = { mode: 'pickup', timeoutSeconds: 3600 }

/** 125,000 đồng by QR. */
export const qrRequest = (fulfillment?: FulfillmentTerms): payment.PaymentCommand => ({
  type: 'RequestPayment',
  data: {
    merchantId: 'mer_7K3MA',
    siteId: 'sit_7K3MA9QZXW4F2',
    terminalId,
    method: 'qr',
    amount: s.vnd('125000'),
    fee: s.vnd('625'),
    payTo: { bankBin: '970422', accountNumber: '0123456789' },
    ...(fulfillment && { fulfillment }),
    latePolicy: { mode: 'hold' },
    expiresAt: s.at(15),
    requestedAt: s.at(0),
    payload: '000201',
  },
})
export const credit: payment.PaymentCommand = {
  type: 'ApplyCredit',
  data: {
    creditId: 'crd_1',
    connectorId: 'con_1',
    bankBin: '970422',
    accountNumber: '0123456789',
    amount: s.vnd('125000'),
    occurredAt: s.at(1),
    receivedAt: s.at(1),
  },
}

type Report = Extract<payment.PaymentCommand, { type: 'ReportFulfillment' }>['data']

export const report = (outcome: Report['outcome'], change: Partial<Report> = {}): payment.PaymentCommand => ({
  type: 'ReportFulfillment',
  data: { outcome, terminalId, reportedAt: s.at(2), ...change },
})
/** What a pump says: so many milliliters for so much. */
export const delivered = (
  milliliters: number,
  amount: string,
  change: Partial<Report> = {},
): payment.PaymentCommand =>
  report('dispensed', {
    amount: s.vnd(amount),
    delivery: { milliliters, unitPrice: s.vnd('23450'), product: 'RON 95-III' },
    ...change,
  })
export const timeOut = (when: string): payment.PaymentCommand => ({
  type: 'ExpirePayment',
  data: { at: when },
})
export const claim = (by = terminalId, when = s.at(2)): payment.PaymentCommand => ({
  type: 'ClaimPickup',
  data: { terminalId: by, claimedAt: when },
})
export const settle = (
  change: Partial<Extract<payment.PaymentCommand, { type: 'SettleFulfillment' }>['data']> = {},
): payment.PaymentCommand => ({
  type: 'SettleFulfillment',
  data: { refundId, senders: ['crd_1'], wayBack: true, at: s.at(20), ...change },
})
/** The bank does not take the refund's transfer. */
export const refundFails: payment.PaymentCommand = {
  type: 'AbandonTransfer',
  data: { transferId: `${refundId}-1`, at: s.at(21), reason: 'account closed' },
}
export const resolve: payment.PaymentCommand = {
  type: 'ResolveFulfillment',
  data: { by: 'merchant', note: 'paid back in cash', resolvedAt: s.at(40) },
}

/** The events of commands that must all be taken. */
export function eventsOf(...commands: payment.PaymentCommand[]): payment.PaymentEvent[] {
  const log: payment.PaymentEvent[] = []
  for (const command of commands) {
    const decision = payment.decide(command, log.reduce(payment.evolve, payment.initialState()))
    if (!decision.accepted) throw new Error(`${command.type}: ${decision.rejection}`)
    log.push(...decision.events)
  }
  return log
}

/** A payment whose money is there since 09:01. */
export const paidByQr = (terms?: FulfillmentTerms) => eventsOf(qrRequest(terms), credit)
export const heldByCard = (terms?: FulfillmentTerms) =>
  eventsOf(s.request(terms ? { fulfillment: terms } : {}), s.approve())
export const paidByCard = (terms?: FulfillmentTerms) =>
  eventsOf(s.request({ ...(terms && { fulfillment: terms }), capture: 'automatic' }), s.approve())
