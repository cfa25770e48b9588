// Money over bills: what a biller takes, and that shares, rest and what is left add up whatever the amounts.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AmountRule, BillProfile } from '../../../src/domain/bills/biller.ts'
import {
  allocate,
  amountFault,
  type BillShare,
  dueOf,
  type OwedBill,
  shareTotal,
} from '../../../src/domain/bills/billOrder.ts'
import { money } from '../../../src/domain/core/money.ts'

const vnd = (minor: bigint | number) => money(BigInt(minor), 'VND')
const owing = (billId: string, amount: bigint | number, lateFee: bigint | number = 0): OwedBill => ({
  billId,
  billNumber: billId,
  amount: vnd(amount),
  lateFee: vnd(lateFee),
})
const whole = { allowed: false } as const
const feeLast = { allowed: true, order: 'late-fee-last' } as const
const feeFirst = { allowed: true, order: 'late-fee-first' } as const
const share = (billId: string, amount: string, lateFee = '0', lateFeeLeft = '0'): BillShare => ({
  billId,
  billNumber: billId,
  amount,
  lateFee,
  lateFeeLeft,
})

describe('money is shared out', () => {
  const bills = [owing('A', 100, 10), owing('B', 200)]

  test('over the oldest bill first, and the rest is told', () => {
    expect(allocate(vnd(315), bills, whole)).toEqual({
      shares: [share('A', '100', '10'), share('B', '200')],
      rest: vnd(5),
    })
  })

  test('whole bills only, where no part is taken', () => {
    expect(allocate(vnd(309), bills, whole)).toEqual({ shares: [share('A', '100', '10')], rest: vnd(199) })
    expect(allocate(vnd(109), bills, whole)).toEqual({ shares: [], rest: vnd(109) })
  })

  test('within a bill its late fee last, or first', () => {
    expect(allocate(vnd(105), bills, feeLast).shares).toEqual([share('A', '100', '5', '5')])
    expect(allocate(vnd(105), bills, feeFirst).shares).toEqual([share('A', '95', '10', '0')])
    expect(allocate(vnd(4), bills, feeFirst).shares).toEqual([share('A', '0', '4', '6')])
  })
})

const amounts = fc.bigInt(0n, 10n ** 12n)
const someBills = fc
  .array(fc.tuple(fc.bigInt(1n, 10n ** 12n), amounts), { maxLength: 8 })
  .map((pairs) => pairs.map(([amount, fee], at) => owing(`B${at}`, amount, fee)))
const rules = fc.constantFrom<BillProfile['partialPayment'][]>(whole, feeLast, feeFirst)

test('nothing is lost and no bill gets more than it is owed', () => {
  fc.assert(
    fc.property(amounts, someBills, rules, (amount, bills, rule) => {
      const { shares, rest } = allocate(vnd(amount), bills, rule)
      expect(shares.reduce((sum, one) => sum + shareTotal(one), 0n) + rest.minor).toBe(amount)
      for (const [at, one] of shares.entries()) {
        const bill = bills[at]!
        expect(one.billId).toBe(bill.billId)
        expect(BigInt(one.amount)).toBeLessThanOrEqual(bill.amount.minor)
        expect(BigInt(one.lateFee) + BigInt(one.lateFeeLeft)).toBe(bill.lateFee.minor)
        const last = at === shares.length - 1
        if (!last || !rule.allowed) expect(shareTotal(one)).toBe(bill.amount.minor + bill.lateFee.minor)
      }
      if (rule.allowed) expect(rest.minor > 0n && shares.length < bills.length).toBe(false)
      if (amount >= dueOf(bills).minor) expect(shares.length).toBe(bills.length)
    }),
  )
})

describe('an amount', () => {
  const range = { exactness: 'RANGE', min: '50', max: '150', multiple: '10' } as const
  const fault = (amountRule: AmountRule, partialPayment: BillProfile['partialPayment'], amount: number) =>
    amountFault(vnd(amount), vnd(100), { amountRule, partialPayment })

  test.each([
    ['EXACT', whole, 100, undefined],
    ['EXACT', whole, 99, 'bill_partial_not_allowed'],
    ['EXACT', whole, 101, 'bill_amount_not_allowed'],
    ['EXACT', feeLast, 99, undefined],
    ['EXACT_UP', whole, 101, undefined],
    ['EXACT_UP', feeLast, 99, 'bill_amount_not_allowed'],
    ['EXACT_DOWN', feeLast, 99, undefined],
    ['EXACT_DOWN', whole, 101, 'bill_amount_not_allowed'],
    ['ANY', feeLast, 1, undefined],
    ['ANY', whole, 1, 'bill_partial_not_allowed'],
    ['ANY', whole, 1_000_000, undefined],
  ] as const)('%s, parts %j: %i of 100', (exactness, partial, amount, expected) => {
    expect(fault({ exactness }, partial, amount)).toBe(expected)
  })

  test.each([
    [50, undefined],
    [150, undefined],
    [49, 'bill_amount_out_of_range'],
    [160, 'bill_amount_out_of_range'],
    [55, 'bill_amount_not_a_multiple'],
  ])('within a range: %i', (amount, expected) => {
    expect(fault(range, feeLast, amount)).toBe(expected)
  })
})
