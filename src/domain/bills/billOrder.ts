// What a payment pays of which bills: money shared out over them, the oldest bill first, by the rules of their biller.
import { add, exceeds, isZero, least, type Money, subtract, zero } from '../core/money.ts'
import type { AmountRule, BillProfile } from './biller.ts'
import { due, type Owed } from './owed.ts'

/** A bill that is owed. */
export type OwedBill = Owed & { readonly billId: string; readonly billNumber: string }

/** One bill's part of a payment, in minor units of the payment's currency. `lateFeeLeft`: owed, and not paid with it. */
export type BillShare = {
  readonly billId: string
  readonly billNumber: string
  readonly amount: string
  readonly lateFee: string
  readonly lateFeeLeft: string
}

/** What a payment is for, frozen in it. */
export type BillOrder = {
  readonly customerCode: string
  readonly shares: readonly BillShare[]
  /** What is paid over what is owed, for the biller to book on the customer's account. */
  readonly advance?: string
  /** What the payer pays for paying, over the bills, where the biller does not bear the fee. */
  readonly payerFee?: string
  /** The business date up to which late fees were counted. */
  readonly quotedOn: string
}

export type OrderFault =
  | 'bill_amount_not_allowed'
  | 'bill_partial_not_allowed'
  | 'bill_amount_out_of_range'
  | 'bill_amount_not_a_multiple'

type Rules = Pick<BillProfile, 'amountRule' | 'partialPayment'>

/** Why an amount may not be paid where so much is due; undefined where it may. */
export function amountFault(
  amount: Money,
  dueNow: Money,
  { amountRule, partialPayment }: Rules,
): OrderFault | undefined {
  if (exceeds(dueNow, amount) && !partialPayment.allowed) return 'bill_partial_not_allowed'
  switch (amountRule.exactness) {
    case 'EXACT':
    case 'EXACT_DOWN':
      return exceeds(amount, dueNow) ? 'bill_amount_not_allowed' : undefined
    case 'EXACT_UP':
      return exceeds(dueNow, amount) ? 'bill_amount_not_allowed' : undefined
    case 'ANY':
      return undefined
    case 'RANGE':
      return rangeFault(amount, amountRule)
  }
}

function rangeFault(
  { minor }: Money,
  { min, max, multiple }: Extract<AmountRule, { exactness: 'RANGE' }>,
): OrderFault | undefined {
  if (minor < BigInt(min) || minor > BigInt(max)) return 'bill_amount_out_of_range'
  return minor % BigInt(multiple) === 0n ? undefined : 'bill_amount_not_a_multiple'
}

type Allocation = { readonly shares: readonly BillShare[]; readonly rest: Money }

/** Shares money out over bills, oldest first; `rest`: what is over. Without `partial` a bill is paid whole or not at all. */
export function allocate(
  money: Money,
  bills: readonly OwedBill[],
  partialPayment: BillProfile['partialPayment'],
): Allocation {
  const shares: BillShare[] = []
  let rest = money
  for (const bill of bills) {
    const whole = !exceeds(due(bill), rest)
    if (isZero(rest) || !(whole || partialPayment.allowed)) break
    const share = shareOf(bill, rest, partialPayment)
    shares.push(share.said)
    rest = subtract(rest, share.taken)
  }
  return { shares, rest }
}

function shareOf(bill: OwedBill, money: Money, rule: BillProfile['partialPayment']) {
  const feeFirst = rule.allowed && rule.order === 'late-fee-first'
  const first = least(feeFirst ? bill.lateFee : bill.amount, money)
  const second = least(feeFirst ? bill.amount : bill.lateFee, subtract(money, first))
  const [amount, lateFee] = feeFirst ? [second, first] : [first, second]
  const said: BillShare = {
    billId: bill.billId,
    billNumber: bill.billNumber,
    amount: amount.minor.toString(),
    lateFee: lateFee.minor.toString(),
    lateFeeLeft: subtract(bill.lateFee, lateFee).minor.toString(),
  }
  return { said, taken: add(amount, lateFee) }
}

export const dueOf = (bills: readonly Owed[]): Money => bills.map(due).reduce(add, zero('VND'))

/** All that a share takes of the payment, in minor units. */
export const shareTotal = ({ amount, lateFee }: BillShare): bigint => BigInt(amount) + BigInt(lateFee)
