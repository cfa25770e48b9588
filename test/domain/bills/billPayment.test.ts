// Paying a bill: one payment at a time, each counted once, posted or refused by its biller, and never more than is owed.
import { describe, expect, test } from 'vitest'
import type { BillCommand, BillEvent } from '../../../src/domain/bills/bill.ts'
import * as bill from '../../../src/domain/bills/bill.ts'
import { owed } from '../../../src/domain/bills/owed.ts'
import { scenarios } from '../../support/given.ts'
import { electricity, issued, laterUpload } from './samples.ts'

const given = scenarios(bill)
const at = '2026-11-22T03:00:00.000Z'
const until = '2026-11-22T03:15:00.000Z'
const { billerId } = electricity
const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const

const locked = (paymentId = 'pay_A'): BillEvent => ({ type: 'BillLocked', data: { paymentId, until, at } })
const lock = (paymentId = 'pay_A', when = at): BillCommand => ({
  type: 'LockBill',
  data: { paymentId, until: '2026-11-22T04:00:00.000Z', at: when },
})
const unlock = (paymentId: string): BillCommand => ({ type: 'UnlockBill', data: { paymentId, at } })
const money = (paymentId: string, amount: string, lateFee = '0', lateFeeLeft = '0') => ({
  billerId,
  paymentId,
  amount: vnd(amount),
  lateFee: vnd(lateFee),
  lateFeeLeft: vnd(lateFeeLeft),
  quotedOn: '2026-11-22',
  receivedAt: at,
})
const record = (...of: Parameters<typeof money>): BillCommand => ({
  type: 'RecordBillPayment',
  data: money(...of),
})
const received = (...of: Parameters<typeof money>): BillEvent => ({
  type: 'BillPaymentReceived',
  data: money(...of),
})
const paid = (paymentId: string): BillEvent => ({
  type: 'BillPaid',
  data: { billerId, paymentId, paidAt: at },
})
const posting = { billerId, paymentId: 'pay_A', receiptNumber: 'R-1', at }
const refusal = { billerId, paymentId: 'pay_A', reason: 'account_closed', at }
const whole = electricity.amount.amount

describe('a lock', () => {
  test('is set once', () => {
    given(issued())
      .when(lock())
      .thenEvents({ type: 'BillLocked', data: lock().data as never })
    given(issued(), locked()).when(lock()).thenNothing()
  })

  test('keeps another payment away until its time is over', () => {
    given(issued(), locked()).when(lock('pay_B')).thenRejected('bill_payment_pending')
    given(issued(), locked())
      .when(lock('pay_B', until))
      .thenEvents({ type: 'BillLocked', data: lock('pay_B', until).data as never })
  })

  test('keeps files away, too, but not a row that says nothing new', () => {
    const changed = { ...electricity, amount: vnd('1') }
    for (const command of [
      { type: 'IssueBill', data: { ...changed, ...laterUpload, at } },
      { type: 'CancelBill', data: { ...laterUpload, at } },
      { type: 'SupersedeBill', data: { ...laterUpload, at, by: 'bil_B' } },
      { type: 'RecordPaidElsewhere', data: { ...laterUpload, at } },
    ] satisfies BillCommand[])
      given(issued(), locked()).when(command).thenRejected('bill_payment_pending')
    given(issued(), locked())
      .when({ type: 'IssueBill', data: { ...electricity, ...laterUpload, at } })
      .thenNothing()
  })

  test('is taken off by its own payment only', () => {
    given(issued(), locked())
      .when(unlock('pay_A'))
      .thenEvents({ type: 'BillUnlocked', data: { paymentId: 'pay_A', at } })
    given(issued(), locked()).when(unlock('pay_B')).thenNothing()
    given(issued()).when(unlock('pay_A')).thenNothing()
  })

  test('is not set on what is closed, and the closing is what is said', () => {
    given(issued(), locked(), received('pay_A', whole), paid('pay_A'))
      .when(lock('pay_B'))
      .thenRejected('bill_paid')
    given().when(lock()).thenRejected('bill_unknown')
  })
})

describe('money', () => {
  test('that is all that is owed pays the bill, once', () => {
    given(issued(), locked()).when(record('pay_A', whole)).thenEvents(received('pay_A', whole), paid('pay_A'))
    given(issued(), locked(), received('pay_A', whole), paid('pay_A'))
      .when(record('pay_A', whole))
      .thenNothing()
  })

  test('of a second payment finds the bill paid', () => {
    given(issued(), received('pay_A', whole), paid('pay_A'))
      .when(record('pay_B', whole))
      .thenRejected('bill_paid')
  })

  test('that came without a lock, or past it, counts as well', () => {
    given(issued()).when(record('pay_A', whole)).thenEvents(received('pay_A', whole), paid('pay_A'))
    given(issued(), locked('pay_B'))
      .when(record('pay_A', whole))
      .thenEvents(received('pay_A', whole), paid('pay_A'))
  })

  test('in part leaves the bill open; the rest pays it', () => {
    const part = received('pay_A', '1000000')
    given(issued()).when(record('pay_A', '1000000')).thenEvents(part)
    given(issued(), part)
      .when(record('pay_B', '250000'))
      .thenEvents(received('pay_B', '250000'), paid('pay_B'))
    given(issued(), part).when(record('pay_B', '250001')).thenRejected('bill_amount_differs')
  })

  test('without the late fee leaves that open', () => {
    const state = [issued(), received('pay_A', whole, '0', '3000')].reduce(bill.evolve, bill.initialState())
    if (state.status === 'new') throw new Error('issued')
    expect(state.status).toBe('open')
    expect(owed(state, undefined, at)).toEqual({
      amount: { minor: 0n, currency: 'VND' },
      lateFee: { minor: 3000n, currency: 'VND' },
    })
  })

  test('for a bill that its biller took back, or that another stands for, is refused', () => {
    given(issued(), { type: 'BillCanceled', data: laterUpload })
      .when(record('pay_A', whole))
      .thenRejected('bill_canceled')
    given(issued(), { type: 'BillSuperseded', data: { ...laterUpload, by: 'bil_B' } })
      .when(record('pay_A', whole))
      .thenRejected('bill_superseded')
  })

  test('keeps its bill as it is: only the rest may be paid elsewhere', () => {
    const part = received('pay_A', '1000000')
    given(issued(), part).when({ type: 'CancelBill', data: laterUpload }).thenRejected('bill_partly_paid')
    given(issued(), part)
      .when({ type: 'RecordPaidElsewhere', data: laterUpload })
      .thenEvents({ type: 'BillPaidElsewhere', data: laterUpload })
  })
})

describe('the biller', () => {
  const given1 = given(issued(), received('pay_A', whole), paid('pay_A'))

  test('books a payment under one number, once', () => {
    given1
      .when({ type: 'PostBillPayment', data: posting })
      .thenEvents({ type: 'BillPaymentPosted', data: posting })
    const booked = given(issued(), received('pay_A', whole), { type: 'BillPaymentPosted', data: posting })
    booked.when({ type: 'PostBillPayment', data: posting }).thenNothing()
    booked
      .when({ type: 'PostBillPayment', data: { ...posting, receiptNumber: 'R-2' } })
      .thenRejected('bill_payment_posted')
    booked.when({ type: 'RefuseBillPayment', data: refusal }).thenRejected('bill_payment_posted')
  })

  test('refuses a payment, once: nobody can pay that bill any more', () => {
    given1
      .when({ type: 'RefuseBillPayment', data: refusal })
      .thenEvents({ type: 'BillPaymentRefused', data: refusal })
    const refused = given(issued(), received('pay_A', whole), { type: 'BillPaymentRefused', data: refusal })
    refused.when({ type: 'RefuseBillPayment', data: refusal }).thenNothing()
    refused.when({ type: 'PostBillPayment', data: posting }).thenRejected('bill_payment_refused')
    refused.when(lock('pay_B')).thenRejected('bill_canceled')
  })

  test('can do neither with a payment that did not pay this bill', () => {
    given(issued()).when({ type: 'PostBillPayment', data: posting }).thenRejected('bill_payment_unknown')
    given(issued()).when({ type: 'RefuseBillPayment', data: refusal }).thenRejected('bill_payment_unknown')
  })
})

describe('what is owed after a part was paid', () => {
  const rule = { kind: 'rate', percentPerDay: '0.1', graceDays: 3 } as const
  const state = (...events: BillEvent[]) => {
    const after = events.reduce(bill.evolve, bill.initialState())
    if (after.status === 'new') throw new Error('issued')
    return after
  }
  const show = (events: BillEvent[], when: string, by: Parameters<typeof owed>[1] = rule) => {
    const { amount, lateFee } = owed(state(...events), by, when)
    return [amount.minor, lateFee.minor]
  }

  test('is the rest, and a late fee that counts on from that day', () => {
    // Due on the 12th: ten days late on the 22nd.
    expect(show([issued()], at)).toEqual([1_250_000n, 12_500n])
    const part = [issued(), received('pay_A', '1000000', '0', '12500')]
    expect(show(part, at)).toEqual([250_000n, 12_500n])
    expect(show(part, '2026-11-24T03:00:00.000Z')).toEqual([250_000n, 13_000n])
  })

  test('counts every day since it was due where the part came within the grace days', () => {
    const early = { ...money('pay_A', '1000000'), quotedOn: '2026-11-13' }
    const part: BillEvent[] = [issued(), { type: 'BillPaymentReceived', data: early }]
    expect(show(part, '2026-11-15T03:00:00.000Z')).toEqual([250_000n, 0n])
    expect(show(part, '2026-11-16T03:00:00.000Z')).toEqual([250_000n, 1_000n])
  })

  test('does not charge a fixed fee twice', () => {
    const fixed = { kind: 'fixed', fixed: '5000', graceDays: 0 } as const
    expect(show([issued()], at, fixed)).toEqual([1_250_000n, 5_000n])
    const paidFee = [issued(), received('pay_A', '1000000', '5000')]
    expect(show(paidFee, '2026-11-30T03:00:00.000Z', fixed)).toEqual([250_000n, 0n])
  })
})
