// Cut-offs, banking days and value dates.
import { describe, expect, test } from 'vitest'
import { bankingDayFrom, isBankingDay, valueDate } from '../../../src/domain/settlement/bankCalendar.ts'
import { cutInstant, isCutOff } from '../../../src/domain/settlement/cutOff.ts'
import { lateReason, startOf } from '../../../src/domain/settlement/late.ts'

describe('a cut-off', () => {
  test('is a time from 00:01 to 24:00', () => {
    for (const text of ['00:01', '16:00', '23:59', '24:00']) expect(isCutOff(text)).toBe(true)
    for (const text of ['00:00', '24:01', '7:00', '12:60', '', '16:00:00']) expect(isCutOff(text)).toBe(false)
  })
  test('ends its date at that time in Vietnam', () => {
    expect(cutInstant('2026-11-22', '24:00')).toBe('2026-11-22T17:00:00.000Z')
    expect(cutInstant('2026-11-22', '16:00')).toBe('2026-11-22T09:00:00.000Z')
  })
})

describe('banks', () => {
  test.each([
    ['2026-11-22', false], // Sunday
    ['2026-11-23', true],
    ['2026-11-28', false], // Saturday
    ['2026-02-16', false], // the eve of Tết
    ['2026-02-17', false],
    ['2026-02-20', false],
    ['2026-02-23', true],
    ['2026-04-27', false], // the Hùng Kings' day was a Sunday
    ['2026-04-30', false],
    ['2026-05-01', false],
    ['2026-09-01', false],
    ['2026-09-02', false],
    ['2026-09-03', true],
    ['2027-01-01', false],
  ])('work on %s: %s', (date, works) => expect(isBankingDay(date)).toBe(works))
  test('after Tết', () => expect(bankingDayFrom('2026-02-14')).toBe('2026-02-23'))
})

const night = '2026-11-24T17:00:05Z' // 00:00:05 on Wednesday the 25th
const afternoon = '2026-11-24T09:00:05Z'
test.each([
  ['2026-11-24', 'T+0', afternoon, '2026-11-24'],
  ['2026-11-24', 'T+0', night, '2026-11-25'],
  ['2026-11-24', 'T+1', afternoon, '2026-11-25'],
  ['2026-11-24', 'T+1', night, '2026-11-25'],
  ['2026-11-24', 'weekly', night, '2026-11-30'],
  ['2026-11-23', 'weekly', '2026-11-23T17:00:05Z', '2026-11-30'], // of a Monday
  ['2026-11-27', 'T+1', '2026-11-27T17:00:05Z', '2026-11-30'], // of a Friday
  ['2026-11-28', 'T+0', '2026-11-28T09:00:05Z', '2026-11-30'], // of a Saturday
  ['2026-02-13', 'T+1', '2026-02-13T17:00:05Z', '2026-02-23'], // over Tết
  ['2026-11-02', 'T+1', night, '2026-11-25'], // closed long after
] as const)('%s is paid by %s, when closed at %s, on %s', (date, cycle, at, paid) =>
  expect(valueDate(date, cycle, at)).toBe(paid),
)

test.each([
  ['2026-11-22T16:59:59Z', '2026-11-22T16:59:59Z', '2026-11-22', undefined],
  ['2026-11-22T16:59:59Z', '2026-11-22T16:59:59Z', '2026-11-23', 'after_cut'],
  ['2026-11-22T16:59:59Z', '2026-11-22T17:00:01Z', '2026-11-23', 'reported_late'],
  ['2026-11-22T17:00:01Z', '2026-11-22T17:00:01Z', '2026-11-23', undefined],
])('what happened at %s and was recorded at %s is, on %s, %s', (occurredAt, recordedAt, date, reason) =>
  expect(lateReason({ occurredAt, recordedAt }, startOf(date, '24:00'))).toBe(reason),
)
