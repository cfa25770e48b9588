// The payment that a debit pays: one for each announcement, asked for under an id of its own, which locks the bill.
import type { Bill, IssuedBill } from '../bills/bill.ts'
import { openBillCounter } from '../bills/billCounter.ts'
import { profileOf } from '../bills/billerProfile.ts'
import { amountFault, dueOf } from '../bills/billOrder.ts'
import { quoteBills, requestBillPayment } from '../bills/billPaymentRequest.ts'
import { isPaidFor } from '../bills/inquire.ts'
import { lockAndRequest } from '../bills/lockBills.ts'
import { type NamedBill, owedBills } from '../bills/owedBills.ts'
import { exceeds, fromData, isZero, type Money } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { MatchingBusy } from '../payments/matchCredit.ts'
import { asQrPayment } from '../payments/payment.ts'
import { debitReference, paymentIdOf, referenceOf } from '../payments/reference.ts'
import type { FeeBook } from '../settlement/feeBook.ts'
import type { Debit, SkipReason } from './debitEvents.ts'
import type { OpenedMandate } from './mandateEvents.ts'
import { paymentExpires } from './times.ts'

export type Digest = (text: string) => Uint8Array

export type DebitPaymentPorts = Pick<
  Gateway,
  'bills' | 'billers' | 'merchants' | 'sites' | 'payments' | 'appendInOrder'
> & {
  readonly fees: Pick<FeeBook, 'termsFor'>
  readonly digest: Digest
  readonly now: () => Date
}

/** Of a mandate, a bill and an announcement: asked for twice, it is one. */
export function debitPaymentId(
  billerId: string,
  mandateId: string,
  { billId, attempt }: Pick<Debit, 'billId' | 'attempt'>,
  digest: Digest,
): string {
  return paymentIdOf(debitReference(billerId, digest(`${mandateId}\0${billId}\0${attempt}`)))
}

/** What is to be debited; or why the bill is not; or that another payment of it is under way. */
type Asked =
  | { readonly paymentId: string; readonly amount: Money }
  | { readonly skip: SkipReason }
  | { readonly wait: true }

/** Looks at the bill as it is now, and asks for the payment of all that is due on it. */
export async function askForPayment(
  ports: DebitPaymentPorts,
  mandateId: string,
  mandate: OpenedMandate,
  debit: Debit,
): Promise<Asked> {
  const paymentId = debitPaymentId(mandate.billerId, mandateId, debit, ports.digest)
  const { state } = await ports.payments.load(paymentId)
  const earlier = asQrPayment(state)
  if (earlier?.status === 'pending') return { paymentId, amount: fromData(earlier.amount) } // cut off by a crash
  if (earlier) return { skip: earlier.paidAt === undefined ? 'payment_ended' : 'paid_elsewhere' }
  return askAnew(ports, mandateId, mandate, debit, paymentId)
}

async function askAnew(
  ports: DebitPaymentPorts,
  mandateId: string,
  mandate: OpenedMandate,
  { billId }: Debit,
  paymentId: string,
): Promise<Asked> {
  const { state: bill } = await ports.bills.load(billId)
  const against = reasonAgainst(bill, mandate)
  if (against) return { skip: against }
  const named = { id: billId, bill: bill as IssuedBill }
  if (await isPaidFor(named.bill, ports)) return { wait: true }
  const asked = await requestFor(ports, mandate, named, referenceOf(paymentId))
  if ('skip' in asked) return asked
  const metadata = { actor: 'mandates', correlationId: mandateId, commandId: paymentId }
  const outcome = await lockAndRequest(ports, paymentId, asked.request, metadata)
  if ('refusal' in outcome) return { wait: true } // another payment was first, or it was closed since: the next look says
  if (outcome.ok) return { paymentId, amount: asked.amount }
  throw outcome.rejection === 'stream_busy'
    ? new MatchingBusy(paymentId)
    : new Error(`${paymentId}: ${outcome.rejection}`)
}

function reasonAgainst(bill: Bill, { billerId, customerCode }: OpenedMandate): SkipReason | undefined {
  if (bill.status === 'paid') return 'paid_elsewhere'
  if (bill.status !== 'open') return 'bill_canceled'
  return bill.billerId === billerId && bill.customerCode === customerCode ? undefined : 'customer_changed'
}

type RequestPayment = ReturnType<typeof requestBillPayment>

/** The request for all that is due on the bill now; or why the mandate does not reach that far. */
async function requestFor(
  ports: DebitPaymentPorts,
  { billerId, agentId, customerCode, cap }: OpenedMandate,
  named: NamedBill,
  reference: string,
): Promise<{ readonly request: RequestPayment; readonly amount: Money } | { readonly skip: SkipReason }> {
  const at = ports.now()
  const instant = at.toISOString()
  const biller = await profileOf(ports, billerId)
  const { state: merchant } = await ports.merchants.load(billerId)
  if (!biller || merchant.status === 'new') throw new Error(`bills of an unknown biller ${billerId}`)
  const { profile } = biller
  const bills = owedBills([named], profile, instant)
  const money = dueOf(bills)
  if (isZero(money)) return { skip: 'paid_elsewhere' }
  if (amountFault(money, money, profile)) return { skip: 'amount_not_allowed' }
  const quoted = await ports.fees.termsFor({ ...merchant, merchantId: billerId }, 'qr', money.currency)
  const quote = quoteBills({ customerCode, bills, money, at: instant, mayCharge: true }, profile, quoted)
  if (exceeds(quote.total, fromData(cap))) return { skip: 'over_cap' }
  const request = requestBillPayment({
    ...quote,
    billerId,
    merchant,
    siteId: await openBillCounter(ports, billerId, merchant, instant),
    reference,
    ...(agentId !== undefined && { agent: { merchantId: agentId } }),
    returnsExcess: profile.overpayment === 'returned',
    at,
    expiresAt: paymentExpires(at),
  })
  return { request, amount: quote.total }
}

/** Ends a payment that no debit will pay, so that its bill is free; one that is not there, or has ended, is left alone. */
export async function cancelPayment(
  { payments, now }: Pick<DebitPaymentPorts, 'payments' | 'now'>,
  paymentId: string,
): Promise<void> {
  const command = { type: 'CancelPayment', data: { at: now().toISOString() } } as const
  const outcome = await payments.handle(paymentId, command, { actor: 'mandates' })
  if (!outcome.ok && outcome.rejection === 'stream_busy') throw new MatchingBusy(paymentId)
}
