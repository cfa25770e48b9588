// A bill as its biller sees it.
import { z } from '@hono/zod-openapi'
import type { IssuedBill } from '../domain/bills/bill.ts'
import { type BillPayment, isLocked } from '../domain/bills/billPayment.ts'
import { paperPayload } from '../domain/bills/paperBill.ts'
import { formatMoney, fromData } from '../domain/core/money.ts'
import { paperReference } from '../domain/payments/reference.ts'
import type { BankAccount } from '../domain/payments/transferConnector.ts'
import { amount, id, instant, paymentId } from './schemas.ts'

export const refusals = ['account_closed', 'amount_differs', 'already_paid', 'other'] as const
export const billId = id('bil', 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ')

export const BillPaymentView = z
  .object({
    billId,
    paymentId,
    amount: z.string().openapi({ description: 'Of the bill, without the late fee' }),
    lateFee: z.string(),
    currency: z.string(),
    receivedAt: instant,
    posting: z.enum(['awaited', 'posted', 'refused']),
    receiptNumber: z.string().optional(),
    refusal: z.enum(refusals).optional(),
  })
  .openapi('BillPayment')

export const BillView = z
  .object({
    id: billId,
    status: z.enum(['open', 'paid', 'canceled', 'superseded']),
    supersededBy: billId.optional(),
    billerId: id('mer', 'mer_7K3MA'),
    billNumber: z.string(),
    customerCode: z.string(),
    period: z.string().optional(),
    amount,
    amountPaid: z.string(),
    currency: z.string(),
    issuedOn: z.iso.date(),
    dueOn: z.iso.date(),
    paymentPending: paymentId.optional(),
    payments: z.array(BillPaymentView),
    payUrl: z
      .url()
      .openapi({ description: 'Request to pay: a page for whoever gets this link in a message' }),
    paper: z
      .object({ reference: z.string(), payload: z.string(), svgUrl: z.url(), pngUrl: z.url() })
      .openapi({
        description: 'The QR to print on the bill: it has no amount, and pays what the customer owes then',
      }),
  })
  .openapi('Bill')

export const billPaymentView = (ofBill: string, ofPayment: string, payment: BillPayment) => ({
  billId: ofBill,
  paymentId: ofPayment,
  amount: formatMoney(payment.amount),
  lateFee: formatMoney(payment.lateFee),
  currency: payment.amount.currency,
  receivedAt: payment.receivedAt,
  posting: payment.posting,
  ...(payment.receiptNumber !== undefined && { receiptNumber: payment.receiptNumber }),
  ...(payment.refusal !== undefined && { refusal: payment.refusal }),
})

export function billView(
  ofBill: string,
  bill: IssuedBill,
  account: BankAccount,
  { at, publicUrl, payUrl }: { readonly at: string; readonly publicUrl: string; readonly payUrl: string },
) {
  const { status, supersededBy, billerId, billNumber, customerCode, period, issuedOn, dueOn, lock } = bill
  const url = `${publicUrl}/v1/bills/${ofBill}`
  return {
    id: ofBill,
    status,
    ...(supersededBy !== undefined && { supersededBy }),
    billerId,
    billNumber,
    customerCode,
    ...(period !== undefined && { period }),
    amount: formatMoney(fromData(bill.amount)),
    amountPaid: formatMoney(bill.paid),
    currency: bill.amount.currency,
    issuedOn,
    dueOn,
    ...(isLocked(bill, at) && { paymentPending: lock!.paymentId }),
    payments: [...bill.payments].map(([ofPayment, one]) => billPaymentView(ofBill, ofPayment, one)),
    payUrl,
    paper: {
      reference: paperReference(billerId, ofBill),
      payload: paperPayload(billerId, ofBill, account),
      svgUrl: `${url}/qr.svg`,
      pngUrl: `${url}/qr.png`,
    },
  }
}
