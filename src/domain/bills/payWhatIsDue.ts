// Money that names a customer of a biller and no payment: it pays what is due, the oldest bill first, as a payment of its own.

import type { MoneyData } from '../core/money.ts'
import { fromData, isZero, subtract } from '../core/money.ts'
import type { Gateway } from '../gateway.ts'
import { paymentIdOf } from '../payments/reference.ts'
import type { BankAccount } from '../payments/transferConnector.ts'
import type { FeeBook } from '../settlement/feeBook.ts'
import { openBillCounter } from './billCounter.ts'
import { profileOf } from './billerProfile.ts'
import { allocate } from './billOrder.ts'
import { quoteBills, requestBillPayment } from './billPaymentRequest.ts'
import { loadBills, type NamedBill, owedBills } from './owedBills.ts'

export type WhatIsDuePorts = Pick<Gateway, 'bills' | 'billers' | 'merchants' | 'sites' | 'payments'> & {
  readonly fees: Pick<FeeBook, 'termsFor'>
  /** Ids of a customer's open bills, the first due first. */
  readonly openBills: (billerId: string, customerCode: string, limit: number) => Promise<readonly string[]>
}

type Wish = BankAccount & {
  readonly billerId: string
  readonly customerCode: string
  /** The payment's, derived from the money that pays it: asked for twice, it is one. */
  readonly reference: string
  readonly amount: MoneyData
  /** When the money came. */
  readonly receivedAt: string
}

/** The payment, pending; or why there is none: nothing is due, or nothing that this money may pay. */
type Requested = { readonly paymentId: string } | { readonly reason: 'duplicate' | 'mismatch' }

const billsMax = 20
/** Nobody waits for it: it is paid as soon as it is there. */
const expiryMs = 86_400_000

/** Asks for as much as is due and the money covers. What it does not cover stays with the money. */
export async function requestWhatIsDue(ports: WhatIsDuePorts, wish: Wish): Promise<Requested> {
  const { billerId, customerCode, reference, receivedAt } = wish
  const paymentId = paymentIdOf(reference)
  if ((await ports.payments.load(paymentId)).version > 0) return { paymentId }
  const biller = await profileOf(ports, billerId)
  const { state: merchant } = await ports.merchants.load(billerId)
  if (!biller || merchant.status === 'new') throw new Error(`bills of an unknown biller ${billerId}`)
  const amount = fromData(wish.amount)
  if (amount.currency !== 'VND' || !isAccountOf(wish, merchant.settlementAccount))
    return { reason: 'mismatch' }
  const { profile } = biller
  const named = await loadBills(ports, await ports.openBills(billerId, customerCode, billsMax))
  const bills = owedBills(named.filter(isOf(customerCode)), profile, receivedAt)
  const money = subtract(amount, allocate(amount, bills, profile.partialPayment).rest)
  if (isZero(money)) return { reason: bills.length === 0 ? 'duplicate' : 'mismatch' }
  const asked = { customerCode, bills, money, at: receivedAt, mayCharge: false }
  const quoted = await ports.fees.termsFor({ ...merchant, merchantId: billerId }, 'qr', amount.currency)
  const request = requestBillPayment({
    ...quoteBills(asked, profile, quoted),
    billerId,
    merchant,
    siteId: await openBillCounter(ports, billerId, merchant, receivedAt),
    reference,
    returnsExcess: profile.overpayment === 'returned',
    at: new Date(receivedAt),
    expiresAt: new Date(Date.parse(receivedAt) + expiryMs),
  })
  const metadata = { actor: 'payWhatIsDue', correlationId: paymentId }
  const outcome = await ports.payments.handle(paymentId, request, metadata, { expectNew: true })
  if (!outcome.ok && outcome.rejection !== 'payment_exists')
    throw new Error(`${paymentId}: ${outcome.rejection}`)
  return { paymentId }
}

const isAccountOf = (a: BankAccount, b: BankAccount): boolean =>
  a.bankBin === b.bankBin && a.accountNumber === b.accountNumber

/** The list may be behind: each bill itself says whose it is. */
const isOf =
  (customerCode: string) =>
  (named: NamedBill | undefined): named is NamedBill =>
    named?.bill.customerCode === customerCode
