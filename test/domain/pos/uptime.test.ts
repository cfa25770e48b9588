// Presence by the clock, and uptime from the events.
import { expect, test } from 'vitest'
import { presenceAt } from '../../../src/domain/pos/presence.ts'
import type { TerminalEvent } from '../../../src/domain/pos/terminal.ts'
import { uptimePercent } from '../../../src/domain/pos/uptime.ts'

const hour = (hours: number) => new Date(Date.parse('2026-11-22T00:00:00.000Z') + hours * 3_600_000)
const text = (hours: number) => hour(hours).toISOString()
const seen = (at: number, absentSince?: number): TerminalEvent => ({
  type: 'TerminalSeen',
  data: { seenAt: text(at), ...(absentSince !== undefined && { absentSince: text(absentSince) }) },
})
const lost = (lastSeen: number): TerminalEvent => ({
  type: 'TerminalLost',
  data: { lastSeenAt: text(lastSeen), lostAt: text(lastSeen + 1 / 6) },
})
const revoked = (at: number): TerminalEvent => ({ type: 'TerminalRevoked', data: { revokedAt: text(at) } })

test.each([
  ['2026-11-22T03:00:00.000Z', 'active'],
  ['2026-11-22T03:02:00.000Z', 'active'],
  ['2026-11-22T03:02:00.001Z', 'silent'],
  ['2026-11-22T03:10:00.000Z', 'silent'],
  ['2026-11-22T03:10:00.001Z', 'lost'],
  ['2026-11-22T02:59:59.000Z', 'active'], // a clock that was set back
])('seen at three, at %s it is %s', (at, expected) => {
  expect(presenceAt('2026-11-22T03:00:00.000Z', at)).toBe(expected)
  expect(presenceAt(undefined, at)).toBe('unseen')
})

test.each<[string, TerminalEvent[], number | null]>([
  ['never seen', [], null],
  ['there all the time', [seen(-5)], 100],
  ['there since the middle of the window: only what is after counts', [seen(12)], 100],
  ['lost in the middle', [seen(0), lost(12)], 50],
  ['lost before the window', [seen(-9), lost(-3)], 0],
  ['lost and back', [seen(0), lost(6), seen(18, 6)], 50],
  ['lost before and back in the window', [seen(-9), lost(-3), seen(18, -3)], 25],
  ['silent for a while', [seen(0), seen(12, 6)], 75],
  ['other software in between', [seen(0), seen(7), seen(9)], 100],
  ['revoked', [seen(0), revoked(6)], 25],
  ['revoked while lost', [seen(0), lost(6), revoked(12)], 25],
  ['a third', [seen(0), lost(8)], 33.33],
])('%s', (_what, events, percent) => expect(uptimePercent(events, hour(0), hour(24))).toBe(percent))

test('a window that has not begun, or is empty, has no uptime', () => {
  expect(uptimePercent([seen(30)], hour(0), hour(24))).toBeNull()
  expect(uptimePercent([seen(0)], hour(24), hour(24))).toBeNull()
})
