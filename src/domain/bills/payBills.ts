// The process payBills: a payment of bills that is paid pays them; one that ends frees them; what a bill cannot take goes back.
import type { Recorded } from '../core/eventStore.ts'
import { isZero, type MoneyData, toData } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { applyUnapplied } from '../payments/applyUnapplied.ts'
import type { CreditEvent } from '../payments/credit.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import { asQrPayment } from '../payments/payment.ts'
import type { QrPaymentEvent } from '../payments/qrPayment.ts'
import { billRefundId, creditReference, merchantIdOf, referenceOf } from '../payments/reference.ts'
import { sendersOf } from '../payments/refundSenders.ts'
import type { BillEvent } from './bill.ts'
import { profileOf } from './billerProfile.ts'
import { type BillOrder, type BillShare, shareTotal } from './billOrder.ts'
import { requestWhatIsDue, type WhatIsDuePorts } from './payWhatIsDue.ts'

type Ports = WhatIsDuePorts & Pick<Gateway, 'credits'> & { readonly now: () => Date }
type Ended = Extract<QrPaymentEvent, { type: 'PaymentExpired' | 'PaymentCanceled' }>
type Paid = Extract<QrPaymentEvent, { type: 'PaymentPaid' }>
type Unapplied = Extract<CreditEvent, { type: 'CreditUnapplied' }>
type Concerning = Paid | Ended | Unapplied | Extract<BillEvent, { type: 'BillPaymentRefused' }>

/** Whether the process has anything to do about an event. */
export const concernsBills = ({ type, data }: Recorded): boolean =>
  type === 'BillPaymentRefused' ||
  (type === 'CreditUnapplied' && (data as Unapplied['data']).reason === 'overpaid') ||
  (type === 'PaymentPaid' && 'bills' in data) ||
  ((type === 'PaymentExpired' || type === 'PaymentCanceled') && 'billIds' in data)

/** What to do about one event. Doing it again changes nothing. */
export const billProcess =
  (ports: Ports) =>
  async (recorded: Recorded): Promise<void> => {
    const event = recorded as unknown as Recorded<Concerning>
    const id = event.stream.slice(event.stream.indexOf('-') + 1)
    switch (event.type) {
      case 'PaymentPaid':
        return payAll(ports, id, event.data.bills!, event.data.paidAt, event.id)
      case 'CreditUnapplied':
        return payNextBills(ports, id, event.data.paymentId)
      case 'BillPaymentRefused':
        return giveBack(ports, event.data.paymentId, id, event.data.reason, event.id)
      default:
        return free(ports, id, event.data.billIds!, event.data.endedAt)
    }
  }

async function payAll(
  ports: Ports,
  paymentId: string,
  order: BillOrder,
  receivedAt: string,
  causationId: string,
): Promise<void> {
  for (const share of order.shares) {
    const command = recordBillPayment(paymentId, order, share, receivedAt)
    const metadata = { actor: 'payBills', correlationId: paymentId, causationId }
    const outcome = await ports.bills.handle(share.billId, command, metadata)
    if (outcome.ok) continue
    if (outcome.rejection === 'stream_busy') throw new MatchingBusy(share.billId)
    await giveBack(ports, paymentId, share.billId, outcome.rejection, causationId)
  }
}

/** The command by which a bill takes its share; `paymentId` names its biller. */
export function recordBillPayment(
  paymentId: string,
  { quotedOn }: BillOrder,
  share: BillShare,
  receivedAt: string,
) {
  const said = (amount: string): MoneyData => ({ amount, currency: 'VND' })
  const data = {
    billerId: merchantIdOf(referenceOf(paymentId)),
    paymentId,
    amount: said(share.amount),
    lateFee: said(share.lateFee),
    lateFeeLeft: said(share.lateFeeLeft),
    quotedOn,
    receivedAt,
  }
  return { type: 'RecordBillPayment', data } as const
}

/** A bill's share goes back once, however often it is asked for; where it cannot, the payment says so. */
async function giveBack(
  { payments, credits, now }: Ports,
  paymentId: string,
  billId: string,
  reason: string,
  causationId: string,
): Promise<void> {
  const { state } = await payments.load(paymentId)
  const payment = asQrPayment(state)
  const order = payment?.bills
  const at = order?.shares.findIndex((share) => share.billId === billId) ?? -1
  if (!payment || !order || at < 0) throw new Error(`${paymentId} does not pay ${billId}`)
  const command = {
    type: 'ReturnBillShare',
    data: {
      billId,
      refundId: billRefundId(paymentId, at),
      amount: { amount: returnedOf(order, at).toString(), currency: payment.due.currency },
      reason,
      senders: await sendersOf(payment, { credits }),
      requestedAt: now().toISOString(),
    },
  } as const
  const outcome = await payments.handle(paymentId, command, { actor: 'payBills', causationId })
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
  if (!outcome.ok) throw new Error(`${paymentId}: ${outcome.rejection}`)
}

/** With the only bill of a payment the payer's fee goes back, too: nothing was done for it. */
const returnedOf = ({ shares, payerFee = '0' }: BillOrder, at: number): bigint =>
  shareTotal(shares[at]!) + (shares.length === 1 ? BigInt(payerFee) : 0n)

/** What is over a payment of bills pays the customer's next ones, where the biller wants that. */
async function payNextBills(ports: Ports, creditId: string, paymentId: string | undefined): Promise<void> {
  if (paymentId === undefined) return
  const payment = asQrPayment((await ports.payments.load(paymentId)).state)
  if (!payment?.bills) return
  const { merchantId: billerId, bills } = payment
  const biller = await profileOf(ports, billerId)
  if (biller?.profile.overpayment !== 'next-bill') return
  const { state: credit } = await ports.credits.load(creditId)
  if (credit.status === 'new' || isZero(credit.unapplied)) return
  const reference = creditReference(billerId, creditId)
  const { customerCode } = bills
  const amount = toData(credit.unapplied)
  const asked = await requestWhatIsDue(ports, { ...credit, amount, billerId, customerCode, reference })
  if ('reason' in asked) return
  const wish = {
    creditId,
    applicationId: reference,
    paymentId: asked.paymentId,
    requestedAt: credit.receivedAt,
  }
  const outcome = await applyUnapplied(ports, wish, { actor: 'payBills', correlationId: asked.paymentId })
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(creditId)
}

async function free(
  { bills }: Ports,
  paymentId: string,
  billIds: readonly string[],
  at: string,
): Promise<void> {
  const command = { type: 'UnlockBill', data: { paymentId, at } } as const
  for (const billId of billIds) {
    const outcome = await bills.handle(billId, command, { actor: 'payBills', correlationId: paymentId })
    if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(billId)
  }
}
