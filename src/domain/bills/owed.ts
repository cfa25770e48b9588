// What is owed on a bill now: the rest of its amount, and the late fee on that rest.
import { add, fromData, isZero, type Money, subtract } from '../core/money.ts'
import type { IssuedBill } from './bill.ts'
import { type LateFeeRule, lateFee } from './lateFee.ts'

export type Owed = { readonly amount: Money; readonly lateFee: Money }

/** Of an open bill at an instant (RFC 3339). Late fees that an earlier payment counted and left are still owed. */
export function owed(bill: IssuedBill, rule: LateFeeRule | undefined, at: string): Owed {
  const amount = subtract(fromData(bill.amount), bill.paid)
  const since = isZero(amount) ? amount : lateFee(amount, bill.dueOn, rule, at, bill.lateFeeCountedTo)
  return { amount, lateFee: add(bill.lateFeeLeft, since) }
}

export const due = ({ amount, lateFee }: Owed): Money => add(amount, lateFee)
