// Bills in the seeded city: issued in the morning, locked while their payment is under way, paid with it or free again.
import * as bill from '../../../domain/bills/bill.ts'
import { defaultProfile } from '../../../domain/bills/biller.ts'
import { quoteBills, requestBillPayment } from '../../../domain/bills/billPaymentRequest.ts'
import { recordBillPayment } from '../../../domain/bills/payBills.ts'
import { addDays, businessDate } from '../../../domain/core/businessDay.ts'
import { billId, billName } from '../../../domain/core/ids.ts'
import { fromData, zero } from '../../../domain/core/money.ts'
import type { RegisteredMerchant } from '../../../domain/merchants/merchant.ts'
import type { Payment } from '../../../domain/payments/payment.ts'
import * as payment from '../../../domain/payments/payment.ts'
import type { OpenedQrPayment } from '../../../domain/payments/qrPayment.ts'
import { paymentIdOf } from '../../../domain/payments/reference.ts'
import { nodeCrypto } from '../crypto.ts'
import { qrExpiryMs } from './payments.ts'
import { instant, opened } from './places.ts'
import type { PlannedPayment } from './plan.ts'
import type { Entity, Recorder } from './recorder.ts'

type OpenBill = {
  readonly id: string
  readonly terms: bill.BillTerms
  readonly issuedAt: number
  readonly entity: Entity<bill.Bill>
}

const issuedBeforeMs = 30 * 60_000
const daysToPay = 10
const uploadId = 'upl_0000HAN01CITY000'

export function billsOf(recorder: Recorder) {
  /** One bill a payment: its number is the payment's reference. */
  function billFor({ reference, site, amount, requestedAt }: PlannedPayment): OpenBill {
    const billNumber = `HD${reference.slice(5, 17)}`
    const id = billId(nodeCrypto.digest(billName(site.merchantId, billNumber)))
    const issuedOn = businessDate(instant(requestedAt))
    const terms = {
      billerId: site.merchantId,
      billNumber,
      customerCode: `PD${reference.slice(10, 17)}`,
      period: issuedOn.slice(0, 7),
      amount: { amount: String(amount), currency: 'VND' },
      issuedOn,
      dueOn: addDays(issuedOn, daysToPay),
    } as const
    return { id, terms, issuedAt: requestedAt - issuedBeforeMs, entity: opened(`bill-${id}`, bill) }
  }

  function issue({ entity, terms, issuedAt }: OpenBill): void {
    const data = { ...terms, uploadId, at: instant(issuedAt) }
    recorder.record(entity, bill, { type: 'IssueBill', data }, issuedAt, { actor: 'city' })
  }

  /** Locks the bill and asks for what it comes to. */
  function ask(
    open: OpenBill,
    planned: PlannedPayment,
    merchant: RegisteredMerchant,
    paid: Entity<Payment>,
  ): void {
    const { id, terms, entity } = open
    const { reference, site, requestedAt: at } = planned
    const amount = fromData(terms.amount)
    const owed = { billId: id, billNumber: terms.billNumber, amount, lateFee: zero('VND') }
    const asked = {
      customerCode: terms.customerCode,
      bills: [owed],
      money: amount,
      at: instant(at),
      mayCharge: true,
    }
    const request = requestBillPayment({
      ...quoteBills(asked, defaultProfile, { terms: merchant.feePlan, planned: false }),
      ...{ billerId: site.merchantId, merchant, siteId: site.id, reference, returnsExcess: false },
      at: new Date(at),
      expiresAt: new Date(at + qrExpiryMs),
    })
    const paymentId = paymentIdOf(reference)
    const lock = { paymentId, until: instant(at + qrExpiryMs), at: instant(at) }
    recorder.record(entity, bill, { type: 'LockBill', data: lock }, at, { correlationId: paymentId })
    recorder.record(paid, payment, request, at, { actor: merchant.keyId })
  }

  /** After the payment has ended: the bill takes its share, or is free. */
  function conclude({ entity }: OpenBill, planned: PlannedPayment, paid: Entity<Payment>): void {
    const { reference, end, endedAt } = planned
    const paymentId = paymentIdOf(reference)
    const metadata = { actor: 'payBills', correlationId: paymentId }
    const order = (paid.state as OpenedQrPayment).bills!
    const command =
      end === 'paid'
        ? recordBillPayment(paymentId, order, order.shares[0]!, instant(endedAt))
        : ({ type: 'UnlockBill', data: { paymentId, at: instant(endedAt) } } as const)
    recorder.record(entity, bill, command, endedAt, metadata)
  }

  return { billFor, issue, ask, conclude }
}
