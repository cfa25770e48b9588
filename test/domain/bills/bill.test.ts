// A bill's life: what a biller's files may do to it, twice is once, and what is paid stays as it is.
import { describe, expect, test } from 'vitest'
import type { BillCommand, BillEvent } from '../../../src/domain/bills/bill.ts'
import * as bill from '../../../src/domain/bills/bill.ts'
import { scenarios } from '../../support/given.ts'
import { electricity, fullBill, issued, laterUpload, upload } from './samples.ts'

const given = scenarios(bill)
const issue = (terms = electricity): BillCommand => ({
  type: 'IssueBill',
  data: { ...terms, ...laterUpload },
})
const cancel: BillCommand = { type: 'CancelBill', data: laterUpload }
const supersede = (by: string): BillCommand => ({ type: 'SupersedeBill', data: { ...laterUpload, by } })
const paid: BillCommand = { type: 'RecordPaidElsewhere', data: laterUpload }

const canceled: BillEvent = { type: 'BillCanceled', data: laterUpload }
const superseded: BillEvent = { type: 'BillSuperseded', data: { ...laterUpload, by: 'bil_B' } }
const paidElsewhere: BillEvent = { type: 'BillPaidElsewhere', data: laterUpload }
const ends = [
  ['paid', paidElsewhere, 'bill_paid'],
  ['canceled', canceled, 'bill_canceled'],
  ['superseded', superseded, 'bill_superseded'],
] as const

describe('a bill', () => {
  test('that is not known is issued', () => {
    given()
      .when(issue(fullBill))
      .thenEvents({ type: 'BillIssued', data: { ...fullBill, ...laterUpload } })
  })

  test('said again is nothing new', () => {
    given(issued(fullBill))
      .when(issue({ ...fullBill, amount: { ...fullBill.amount } }))
      .thenNothing()
  })

  test.each([
    ['amount', { amount: { amount: '1250001', currency: 'VND' } as const }],
    ['currency', { amount: { amount: '1250000', currency: 'USD' } as const }],
    ['customer', { customer: 'v1.key.another' }],
    ['customer code', { customerCode: 'PD13000123457' }],
    ['period', { period: '2026-12' }],
    ['first day', { issuedOn: '2026-11-06' }],
    ['due date', { dueOn: '2026-11-13' }],
  ])('with another %s is reissued, as a whole', (_what, change) => {
    const terms = { ...fullBill, ...change }
    given(issued(fullBill))
      .when(issue(terms))
      .thenEvents({ type: 'BillReissued', data: { ...terms, ...laterUpload } })
  })

  test('is compared with what was said last', () => {
    const dearer = { ...electricity, amount: { amount: '2', currency: 'VND' } as const }
    given(issued(), { type: 'BillReissued', data: { ...dearer, ...upload } })
      .when(issue(dearer))
      .thenNothing()
  })

  test('is canceled, superseded or paid elsewhere while it is open', () => {
    given(issued()).when(cancel).thenEvents(canceled)
    given(issued()).when(supersede('bil_B')).thenEvents(superseded)
    given(issued()).when(paid).thenEvents(paidElsewhere)
  })

  test.each([cancel, supersede('bil_B'), paid])('that is not known cannot be ended: $type', (command) => {
    given().when(command).thenRejected('bill_unknown')
  })
})

describe.each(ends)('a bill that is %s', (_what, end, rejection) => {
  test('is not opened by its old file', () => {
    given(issued(), end).when(issue()).thenNothing()
  })

  test('is not changed', () => {
    given(issued(), end)
      .when(issue({ ...electricity, dueOn: '2026-12-01' }))
      .thenRejected(rejection)
  })

  test('ends once: the same again is nothing new, another end is refused', () => {
    const commands = [cancel, supersede('bil_B'), supersede('bil_C'), paid]
    const decisions = commands.map((command) =>
      bill.decide(command, [issued(), end].reduce<bill.Bill>(bill.evolve, bill.initialState())),
    )
    const nothing = decisions.filter((decision) => decision.accepted)
    expect(nothing).toEqual([{ accepted: true, events: [] }])
    expect(decisions.filter((decision) => !decision.accepted)).toEqual(
      Array(3).fill({ accepted: false, rejection }),
    )
  })
})
