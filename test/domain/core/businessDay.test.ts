// Business days: the date in Vietnam, however the instant is written.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { businessDate } from '../../../src/domain/core/businessDay.ts'

test.each([
  ['2026-11-22T16:59:59.999Z', '2026-11-22'],
  ['2026-11-22T17:00:00.000Z', '2026-11-23'],
  ['2026-12-31T17:00:00Z', '2027-01-01'],
  ['2026-11-22T00:00:00Z', '2026-11-22'],
  ['2026-11-22T23:30:00+07:00', '2026-11-22'],
  ['2026-11-22T23:30:00-01:00', '2026-11-23'],
  ['2026-11-23T00:30:00+14:00', '2026-11-22'],
])('%s is %s', (instant, date) => expect(businessDate(instant)).toBe(date))

test('of every instant it is what the date in Hanoi is', () => {
  const hanoi = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' })
  const range = { min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }
  fc.assert(
    fc.property(fc.date(range), (date) => businessDate(date.toISOString()) === hanoi.format(date)),
    { seed: 1 },
  )
})
