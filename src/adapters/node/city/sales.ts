// Records the payments of the seeded city as the gateway does: asked for, then paid by a card or by a bank's credit, or not.
import type { Chance } from '../../../domain/core/chance.ts'
import { chargeOn } from '../../../domain/core/fees.ts'
import { fromData, type MoneyData } from '../../../domain/core/money.ts'
import type { RegisteredMerchant } from '../../../domain/merchants/merchant.ts'
import type { PaymentCommand } from '../../../domain/payments/payment.ts'
import * as payment from '../../../domain/payments/payment.ts'
import { newRefundId, paymentIdOf, transferText } from '../../../domain/payments/reference.ts'
import { attemptIdOf, newTrace } from '../../../domain/pos/networkTrace.ts'
import { sandboxCard } from '../../../domain/pos/sandboxIssuer.ts'
import { writeVietQr } from '../../../domain/qr/writeVietQr.ts'
import type { Bank } from './bank.ts'
import { billsOf } from './bills.ts'
import { qrExpiryMs } from './payments.ts'
import { instant, type Merchants, opened } from './places.ts'
import type { PlannedPayment } from './plan.ts'
import type { Recorder } from './recorder.ts'

/** What is to be recorded at an instant. */
export type Step = { readonly at: number; readonly record: () => void }

export type SalesPorts = {
  readonly recorder: Recorder
  readonly merchants: Merchants
  readonly bank: Bank
  readonly chance: Chance
}

const cardAnswerMs = 60_000
const holdMs = 7 * 86_400_000
const sendMs = 1_000
const settleMs = 5_000

/** The steps of a payment, in the order of their time; those of several payments are to be put in order. */
export function salesOf({ recorder, merchants, bank, chance }: SalesPorts) {
  const bills = billsOf(recorder)
  let trace = 0

  return function stepsOf(planned: PlannedPayment): Step[] {
    const { method, isBill, reference, requestedAt, end, endedAt, refund } = planned
    const paymentId = paymentIdOf(reference)
    const entity = opened(`payment-${paymentId}`, payment)
    const merchant = merchants.get(planned.site.merchantId)!.state as RegisteredMerchant
    const bill = isBill ? bills.billFor(planned) : undefined
    const attemptId = method === 'card' ? attemptIdOf(newTrace(new Date(requestedAt), ++trace)) : ''
    const handle = (command: PaymentCommand, at: number, actor?: string) =>
      recorder.record(entity, payment, command, at, actor === undefined ? {} : { actor })

    const ask = () => {
      if (bill) bills.ask(bill, planned, merchant, entity)
      else
        handle(
          method === 'card' ? cardRequest(planned, merchant, attemptId) : qrRequest(planned, merchant),
          requestedAt,
          merchant.keyId,
        )
    }
    const answer = () => {
      if (method === 'card') return handle(cardAnswer(planned, attemptId), endedAt)
      if (end === 'paid') bank.credit(planned, merchant, entity)
      else
        handle(
          { type: end === 'expired' ? 'ExpirePayment' : 'CancelPayment', data: { at: instant(endedAt) } },
          endedAt,
        )
      if (bill) bills.conclude(bill, planned, entity)
    }
    const steps = [
      { at: requestedAt, record: ask },
      { at: endedAt, record: answer },
    ]
    if (bill) steps.unshift({ at: bill.issuedAt, record: () => bills.issue(bill) })
    if (refund) steps.push(...refundSteps(refund))
    return steps

    function refundSteps({ amount, at }: NonNullable<PlannedPayment['refund']>): Step[] {
      const refundId = newRefundId(paymentId, chance)
      const asked = { refundId, amount: vnd(amount), reason: 'returned', requestedAt: instant(at) }
      const request = () => {
        if (method === 'card') return handle({ type: 'RequestRefund', data: asked }, at, merchant.keyId)
        const senders = [bank.creditIdFor(reference)]
        handle({ type: 'RequestRefund', data: { ...asked, senders } }, at, merchant.keyId)
      }
      const transferId = `${refundId}-1`
      const sent = { at: at + sendMs, transferId }
      const done = at + settleMs
      const completed: PaymentCommand =
        method === 'card'
          ? { type: 'CompleteRefund', data: { refundId, at: instant(done) } }
          : {
              type: 'RecordOutcome',
              data: { transferId, at: instant(done), outcome: { status: 'completed' } },
            }
      const send = () => handle({ type: 'SendTransfer', data: { transferId, at: instant(sent.at) } }, sent.at)
      return [
        { at, record: request },
        ...(method === 'qr' ? [{ at: sent.at, record: send }] : []),
        { at: done, record: () => handle(completed, done) },
      ]
    }
  }
}

export const vnd = (amount: number): MoneyData => ({ amount: String(amount), currency: 'VND' })

function qrRequest(planned: PlannedPayment, merchant: RegisteredMerchant): PaymentCommand {
  const { reference, site, terminalId, amount, requestedAt } = planned
  const { bankBin, accountNumber } = merchant.settlementAccount
  const purpose = transferText(reference)
  const data = {
    merchantId: site.merchantId,
    siteId: site.id,
    ...(terminalId !== undefined && { terminalId }),
    method: 'qr',
    amount: vnd(amount),
    ...chargeOn(fromData(vnd(amount)), merchant.feePlan),
    payTo: { bankBin, accountNumber },
    latePolicy: merchant.latePolicy,
    expiresAt: instant(requestedAt + qrExpiryMs),
    requestedAt: instant(requestedAt),
    payload: writeVietQr({ bankBin, accountNumber, amount: String(amount), purpose }),
  } as const
  return { type: 'RequestPayment', data }
}

function cardRequest(
  planned: PlannedPayment,
  merchant: RegisteredMerchant,
  attemptId: string,
): PaymentCommand {
  const { site, terminalId, amount, requestedAt, end } = planned
  const data = {
    merchantId: site.merchantId,
    siteId: site.id,
    ...(terminalId !== undefined && { terminalId }),
    amount: vnd(amount),
    feePlan: merchant.feePlan,
    card: sandboxCard(end === 'declined' ? 'tok_decline_51' : 'tok_approve')!,
    capture: 'automatic',
    acceptsPartial: false,
    attemptId,
    expiresAt: instant(requestedAt + cardAnswerMs),
    requestedAt: instant(requestedAt),
  } as const
  return { type: 'RequestCardPayment', data }
}

function cardAnswer({ amount, end, endedAt, reference }: PlannedPayment, attemptId: string): PaymentCommand {
  if (end === 'declined')
    return { type: 'RecordDecline', data: { attemptId, responseCode: '51', declinedAt: instant(endedAt) } }
  const data = {
    attemptId,
    amount: vnd(amount),
    responseCode: '00',
    approvalCode: reference.slice(-7, -1),
    expiresAt: instant(endedAt + holdMs),
    approvedAt: instant(endedAt),
  }
  return { type: 'RecordApproval', data }
}
