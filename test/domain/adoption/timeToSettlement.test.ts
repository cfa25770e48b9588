// Time to settlement: until when a payment's time is counted, and the middle and mean of several.
import { expect, test } from 'vitest'
import {
  settlementHours,
  timeToSettlement,
} from '../../../src/domain/adoption/definitions/timeToSettlement.ts'

const paidAt = '2026-11-20T01:00:00.000Z'
const after = (hours: number) => new Date(Date.parse(paidAt) + hours * 3_600_000).toISOString()
const payment = (requested: number | null, settled: number | null) => ({
  paidAt,
  requestedAt: requested === null ? null : after(requested),
  settledAt: settled === null ? null : after(settled),
})

test('a payment takes until the bank says that the money is there, or until it was asked for', () => {
  expect(timeToSettlement(payment(16, 30))).toBe(30 * 3_600_000)
  expect(timeToSettlement(payment(16, null))).toBe(16 * 3_600_000)
  expect(timeToSettlement(payment(null, null))).toBeUndefined()
})

test('the middle of an even number is the lower one, and who has no payout does not count', () => {
  const payments = [payment(2, 40), payment(1, null), payment(null, null), payment(3, 5), payment(2, 8.25)]
  expect(settlementHours(payments)).toEqual({ counted: 4, confirmed: 3, median: 5, mean: 13.6 })
})

test('of nothing there is no time', () => {
  const nothing = { counted: 0, confirmed: 0, median: null, mean: null }
  expect(settlementHours([])).toEqual(nothing)
  expect(settlementHours([payment(null, null)])).toEqual(nothing)
})
