// The payment that pays bills: a payment by QR to their biller, whose QR names bill and customer.
import { businessDate } from '../core/businessDay.ts'
import { type Charge, chargeOn, costOf, type FeePlan } from '../core/fees.ts'
import { add, isZero, type Money, money as moneyOf, toData } from '../core/money.ts'
import type { RegisteredMerchant } from '../merchants/merchant.ts'
import type { Agent, QrPaymentCommand } from '../payments/qrPayment.ts'
import { transferText } from '../payments/reference.ts'
import { foldToAscii } from '../qr/ascii.ts'
import { vietQrTextMax, writeVietQr } from '../qr/writeVietQr.ts'
import type { Quoted } from '../settlement/feeBook.ts'
import type { BillProfile } from './biller.ts'
import { allocate, type BillOrder, type OwedBill } from './billOrder.ts'

export type BillsQuote = {
  readonly total: Money
  readonly charge: Charge
  /** The terms of the charge, where a fee plan said so. */
  readonly feePlan?: FeePlan
  readonly order: BillOrder
}

type Wish = {
  readonly customerCode: string
  readonly bills: readonly OwedBill[]
  /** What is to be paid of the bills, without the payer's fee. */
  readonly money: Money
  readonly at: string
  /** False where the payer cannot be asked for the fee, because the money is there already. */
  readonly mayCharge: boolean
}

/** What the payer is asked for, and what of it pays which bill. */
export function quoteBills(
  { customerCode, bills, money, at, mayCharge }: Wish,
  { partialPayment, feeBorneBy }: BillProfile,
  { terms, planned }: Quoted,
): BillsQuote {
  const { shares, rest } = allocate(money, bills, partialPayment)
  const charge = chargeOn(money, terms)
  const cost = costOf(charge)
  const charged = mayCharge && feeBorneBy === 'payer' && cost > 0n
  const order = {
    customerCode,
    shares,
    ...(!isZero(rest) && { advance: rest.minor.toString() }),
    ...(charged && { payerFee: cost.toString() }),
    quotedOn: businessDate(at),
  }
  const total = charged ? add(money, moneyOf(cost, money.currency)) : money
  return { total, charge, ...(planned && { feePlan: terms }), order }
}

type Request = BillsQuote & {
  readonly billerId: string
  readonly merchant: RegisteredMerchant
  readonly siteId: string
  readonly terminalId?: string
  readonly reference: string
  readonly agent?: Agent
  readonly orderId?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly returnsExcess: boolean
  readonly at: Date
  readonly expiresAt: Date
}

/** The command that asks for it. */
export function requestBillPayment(request: Request): Extract<QrPaymentCommand, { type: 'RequestPayment' }> {
  const { billerId, merchant, siteId, terminalId, reference, agent, orderId, metadata, total, order } =
    request
  const { bankBin, accountNumber } = merchant.settlementAccount
  const data = {
    merchantId: billerId,
    siteId,
    ...(terminalId !== undefined && { terminalId }),
    method: 'qr',
    amount: toData(total),
    ...request.charge,
    ...(request.feePlan && { feePlan: request.feePlan }),
    payTo: { bankBin, accountNumber },
    ...(orderId !== undefined && { orderId }),
    ...(metadata && { metadata }),
    bills: order,
    ...(agent && { agent }),
    latePolicy: merchant.latePolicy,
    ...(request.returnsExcess && { autoReturnOverpayments: true }),
    expiresAt: request.expiresAt.toISOString(),
    requestedAt: request.at.toISOString(),
    payload: payloadOf(reference, total, order, merchant),
  } as const
  return { type: 'RequestPayment', data }
}

function payloadOf(
  reference: string,
  total: Money,
  { shares, customerCode }: BillOrder,
  { settlementAccount: { bankBin, accountNumber } }: RegisteredMerchant,
): string {
  const billNumber =
    shares.length === 1 ? fitting(shares[0]!.billNumber, vietQrTextMax.billNumber) : undefined
  const customerLabel = fitting(customerCode, vietQrTextMax.customerLabel)
  return writeVietQr({
    bankBin,
    accountNumber,
    amount: total.minor.toString(),
    purpose: transferText(reference),
    ...(billNumber !== undefined && { billNumber }),
    ...(customerLabel !== undefined && { customerLabel }),
  })
}

/** A text that is cut would name another bill: what does not fit is left out. */
const fitting = (text: string, lengthMax: number): string | undefined =>
  foldToAscii(text).length <= lengthMax ? text : undefined
