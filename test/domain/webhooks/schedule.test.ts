// When a message is tried again, as a table, and what one attempt makes of a lane.
import { describe, expect, test } from 'vitest'
import {
  type Attempt,
  afterAttempt,
  isExhausted,
  isFinished,
  type Lane,
  newLane,
  revived,
} from '../../../src/domain/webhooks/delivery.ts'
import { attemptsMax, delayAfter, retryAfterOf } from '../../../src/domain/webhooks/schedule.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]
const now = new Date('2026-11-22T03:00:00.000Z')

describe('the schedule', () => {
  test.each([
    [0, 0],
    [1, 5 * second],
    [2, 5 * minute],
    [3, 30 * minute],
    [4, 2 * hour],
    [5, 5 * hour],
    [6, 10 * hour],
    [7, 14 * hour],
    [8, 20 * hour],
    [9, 24 * hour],
    [10, undefined],
  ])('after %i failed attempts: %s ms', (failed, delay) => {
    expect(delayAfter(failed, 0)).toBe(delay)
  })

  test('has ten attempts', () => expect(attemptsMax).toBe(10))

  test('is spread by up to a tenth, never shortened', () => {
    expect(delayAfter(2, 500)).toBe(5 * minute + 15 * second)
    expect(delayAfter(2, 999)).toBeLessThan(5 * minute + 30 * second)
    expect(delayAfter(0, 999)).toBe(0)
  })

  test('waits longer when the receiver asks, at most a day, and never shorter', () => {
    expect(delayAfter(1, 0, 60 * second)).toBe(60 * second)
    expect(delayAfter(1, 0, 1_000 * hour)).toBe(24 * hour)
    expect(delayAfter(3, 0, second)).toBe(30 * minute)
    expect(delayAfter(10, 0, second)).toBeUndefined()
  })
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 03:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 02:00:00 GMT', 0],
  [undefined, 0],
  ['', 0],
  ['-5', 0],
  ['1e9', 0],
  ['99999999999', 0],
  ['soon', 0],
  ['2026', 2_026_000],
  ['Sun, 99 Nov 2026 03:01:00 GMT', 0],
])('Retry-After %j is %i ms', (header, ms) => expect(retryAfterOf(header, now)).toBe(ms))

describe('an attempt', () => {
  const lane: Lane = { ...newLane('', 7, null), failed: 2, notBefore: 1, lastFailure: 'timeout' }
  const attempted = (attempt: Attempt, from = lane) => afterAttempt(from, attempt, now, 0)

  test.each([200, 201, 204, 299])('answered %i: on to the next message', (status) => {
    expect(attempted({ status })).toEqual({ lane: newLane('', 8, null) })
  })

  test.each([199, 300, 301, 307, 400, 404, 429, 500, 503])(
    'answered %i: the same message later',
    (status) => {
      expect(attempted({ status })).toEqual({
        lane: { ...lane, failed: 3, notBefore: now.getTime() + 30 * minute, lastFailure: `status ${status}` },
      })
    },
  )

  test.each(['timeout', 'unreachable', 'address_refused'] as const)(
    '%s: the same message later',
    (failure) => {
      expect(attempted({ failure }).lane).toMatchObject({ next: 7, failed: 3, lastFailure: failure })
    },
  )

  test('answered with Retry-After waits for it', () => {
    const { lane: waiting } = attempted({ status: 503, retryAfter: '7200' })
    expect(waiting.notBefore).toBe(now.getTime() + 2 * hour)
  })

  test('answered 410 disables at once', () => {
    expect(attempted({ status: 410 })).toMatchObject({ disable: 'gone', lane: { next: 7 } })
  })

  test('that was the last disables; the message stays where it is, and gets its attempts anew when revived', () => {
    const ended = attempted({ status: 500 }, { ...lane, failed: 9 })
    expect(ended).toMatchObject({ disable: 'failing', lane: { next: 7, failed: 10 } })
    expect(isExhausted(ended.lane)).toBe(true)
    const again = revived(ended.lane, '0002')
    expect(again).toMatchObject({ next: 7, failed: 0, notBefore: 0 })
    expect(isExhausted(again)).toBe(false)
    expect(revived({ ...again, failed: 3 }, '0002'), 'an event counts once').toMatchObject({ failed: 3 })
  })

  test('of a replay that was the last gives the replay up and leaves the endpoint alone', () => {
    const replay = { ...newLane('0001', 3, 5), failed: 9 }
    const given = attempted({ status: 500 }, replay)
    expect(given.disable).toBeUndefined()
    expect(isFinished(given.lane)).toBe(true)
  })

  test('that delivers the last of a replay finishes it; the live lane never ends', () => {
    expect(isFinished(attempted({ status: 200 }, newLane('0001', 5, 5)).lane)).toBe(true)
    expect(isFinished(attempted({ status: 200 }, newLane('0001', 4, 5)).lane)).toBe(false)
    expect(isFinished(attempted({ status: 200 }).lane)).toBe(false)
  })
})
