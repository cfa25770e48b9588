// The rules of a terminal: activated once, its key replaced with an overlap, blocked by either side, seen and lost, ended for ever.
import { describe, expect, test } from 'vitest'
import type { TerminalCommand, TerminalEvent } from '../../../src/domain/pos/terminal.ts'
import * as terminal from '../../../src/domain/pos/terminal.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(terminal)
const at = '2026-11-22T03:00:00.000Z'
const dayLater = '2026-11-23T03:00:00.000Z'

const data = {
  merchantId: 'mer_7K3MA',
  siteId: 'sit_7K3MA9QZXW4F2',
  kind: 'pos',
  serialNumber: 'SN-1',
  terminalId: '9QZXW4F2',
  cardAcceptorId: 'TN7K3MA9QZXW4F2',
  activationCodeHash: 'hash',
  registeredAt: at,
} as const
const registered: TerminalEvent = { type: 'TerminalRegistered', data }
const activated: TerminalEvent = { type: 'TerminalActivated', data: { keyId: 'key_1', activatedAt: at } }
const rotated = (keyId: string, previousUntil = dayLater): TerminalEvent => ({
  type: 'TerminalKeyRotated',
  data: { keyId, rotatedAt: at, previousUntil },
})
type Side = 'merchant' | 'operator'
const blocked = (by: Side): TerminalEvent => ({ type: 'TerminalBlocked', data: { by, blockedAt: at } })
const unblocked = (by: Side): TerminalEvent => ({ type: 'TerminalUnblocked', data: { by, unblockedAt: at } })
const revoked: TerminalEvent = { type: 'TerminalRevoked', data: { revokedAt: at } }

const activate: TerminalCommand = { type: 'ActivateTerminal', data: { keyId: 'key_1', activatedAt: at } }
const rotate = (keyId: string, changes: { overlapSeconds?: number; byKeyId?: string } = {}) =>
  ({
    type: 'RotateTerminalKey',
    data: { keyId, rotatedAt: at, overlapSeconds: 86_400, ...changes },
  }) as const
const block = (by: Side): TerminalCommand => ({ type: 'BlockTerminal', data: { by, blockedAt: at } })
const unblock = (by: Side): TerminalCommand => ({ type: 'UnblockTerminal', data: { by, unblockedAt: at } })
const revoke: TerminalCommand = { type: 'RevokeTerminal', data: { revokedAt: at } }

test('registering happens once', () => {
  given().when({ type: 'RegisterTerminal', data }).thenEvents(registered)
  given(registered).when({ type: 'RegisterTerminal', data }).thenRejected('terminal_exists')
})

test('nothing is done to a terminal that is not there', () => {
  for (const command of [activate, rotate('key_2'), block('operator'), unblock('operator'), revoke])
    given().when(command).thenRejected('terminal_not_found')
})

describe('activating', () => {
  test('works once', () => {
    given(registered).when(activate).thenEvents(activated)
    given(registered, activated).when(activate).thenRejected('terminal_already_activated')
  })

  test('is refused while blocked, and works after', () => {
    given(registered, blocked('merchant')).when(activate).thenRejected('terminal_blocked')
    given(registered, blocked('merchant'), unblocked('merchant')).when(activate).thenEvents(activated)
  })

  test('a used code is a used code, also while blocked', () =>
    given(registered, activated, blocked('merchant'))
      .when(activate)
      .thenRejected('terminal_already_activated'))
})

describe('rotating the key', () => {
  test('says until when the old one works', () => {
    given(registered, activated).when(rotate('key_2')).thenEvents(rotated('key_2'))
    given(registered, activated)
      .when(rotate('key_2', { overlapSeconds: 0 }))
      .thenEvents(rotated('key_2', at))
  })

  test('needs a key to replace', () =>
    given(registered).when(rotate('key_2')).thenRejected('terminal_not_activated'))

  test('is refused to a key that has been replaced: a stolen old key makes no new one', () => {
    const byOld = rotate('key_3', { byKeyId: 'key_1' })
    given(registered, activated, rotated('key_2')).when(byOld).thenRejected('terminal_key_replaced')
    const byNewest = rotate('key_3', { byKeyId: 'key_2' })
    given(registered, activated, rotated('key_2')).when(byNewest).thenEvents(rotated('key_3'))
  })

  test('is done while blocked', () =>
    given(registered, activated, blocked('merchant')).when(rotate('key_2')).thenEvents(rotated('key_2')))

  test('leaves at most two keys that work, the older until its time', () => {
    const state = [registered, activated, rotated('key_2'), rotated('key_3')].reduce(
      terminal.evolve,
      terminal.initialState(),
    ) as terminal.RegisteredTerminal
    const works = (instant: string) =>
      ['key_1', 'key_2', 'key_3'].filter((key) => terminal.isKeyOf(state, key, new Date(instant)))
    expect(works(at)).toEqual(['key_2', 'key_3'])
    expect(works('2026-11-23T02:59:59.999Z')).toEqual(['key_2', 'key_3'])
    expect(works(dayLater)).toEqual(['key_3'])
  })
})

describe('blocking', () => {
  const open = [registered, activated] as const

  test('is done once by each side, the operator standing over the merchant', () => {
    given(...open)
      .when(block('merchant'))
      .thenEvents(blocked('merchant'))
    given(...open, blocked('merchant'))
      .when(block('merchant'))
      .thenNothing()
    given(...open, blocked('merchant'))
      .when(block('operator'))
      .thenEvents(blocked('operator'))
    given(...open, blocked('operator'))
      .when(block('merchant'))
      .thenNothing()
  })

  test('ends by who may end it', () => {
    given(...open)
      .when(unblock('merchant'))
      .thenNothing()
    given(...open, blocked('merchant'))
      .when(unblock('merchant'))
      .thenEvents(unblocked('merchant'))
    given(...open, blocked('merchant'))
      .when(unblock('operator'))
      .thenEvents(unblocked('operator'))
    given(...open, blocked('operator'))
      .when(unblock('operator'))
      .thenEvents(unblocked('operator'))
    given(...open, blocked('operator'))
      .when(unblock('merchant'))
      .thenRejected('terminal_blocked_by_operator')
  })
})

test('a revoked terminal stays so, whatever is asked', () => {
  given(registered, activated).when(revoke).thenEvents(revoked)
  given(registered, activated, revoked).when(revoke).thenNothing()
  for (const command of [activate, rotate('key_2'), block('operator'), unblock('operator')])
    given(registered, activated, blocked('operator'), revoked).when(command).thenRejected('terminal_revoked')
})

describe('a heartbeat', () => {
  const seen = (minute: number, changes: object = {}): TerminalEvent => ({
    type: 'TerminalSeen',
    data: { seenAt: minuteOf(minute), ...changes },
  })
  const beat = (minute: number, quietMinutes = 1, changes: object = {}): TerminalCommand => ({
    type: 'NoteHeartbeat',
    data: { seenAt: minuteOf(minute), quietSince: minuteOf(minute - quietMinutes), ...changes },
  })
  const lost = (minute: number, lastSeen: number): TerminalEvent => ({
    type: 'TerminalLost',
    data: { lastSeenAt: minuteOf(lastSeen), lostAt: minuteOf(minute) },
  })
  const lose = (minute: number, lastSeen: number): TerminalCommand => ({
    type: 'LoseTerminal',
    data: { lastSeenAt: minuteOf(lastSeen), lostAt: minuteOf(minute) },
  })
  const minuteOf = (minute: number) => new Date(Date.parse(at) + minute * 60_000).toISOString()
  const open = [registered, activated] as const

  test('is recorded the first time, however long it was quiet before', () => {
    given(...open)
      .when(beat(0, 500))
      .thenEvents(seen(0))
    given(...open)
      .when(beat(0, 1, { softwareVersion: '1.0' }))
      .thenEvents(seen(0, { softwareVersion: '1.0' }))
  })

  test('in which nothing changes is not', () => {
    given(...open, seen(0))
      .when(beat(1))
      .thenNothing()
    given(...open, seen(0))
      .when(beat(500, 2))
      .thenNothing()
    const running = seen(0, { softwareVersion: '1.0' })
    given(...open, running)
      .when(beat(1))
      .thenNothing()
    given(...open, running)
      .when(beat(1, 1, { softwareVersion: '1.0' }))
      .thenNothing()
  })

  test('with other software is recorded, and the version is remembered', () => {
    const updated = seen(2, { softwareVersion: '1.1' })
    given(...open, seen(0, { softwareVersion: '1.0' }))
      .when(beat(2, 1, { softwareVersion: '1.1' }))
      .thenEvents(updated)
    given(...open, updated, seen(9))
      .when(beat(10, 1, { softwareVersion: '1.1' }))
      .thenNothing()
  })

  test('after silence or loss is recorded with when it was seen before', () => {
    given(...open, seen(0))
      .when(beat(9, 3))
      .thenEvents(seen(9, { absentSince: minuteOf(6) }))
    given(...open, seen(0), lost(20, 5))
      .when(beat(30, 1))
      .thenEvents(seen(30, { absentSince: minuteOf(5) }))
    given(...open, seen(0), lost(20, 5), seen(30))
      .when(beat(31))
      .thenNothing()
  })

  test('that is missing for more than ten minutes is recorded once', () => {
    given(...open, seen(0))
      .when(lose(16, 5))
      .thenEvents(lost(16, 5))
    given(...open, seen(0))
      .when(lose(15, 5))
      .thenNothing()
    given(...open, seen(0), lost(16, 5))
      .when(lose(17, 5))
      .thenNothing()
    given(...open)
      .when(lose(16, 5))
      .thenNothing()
  })

  test('that came a moment ago wins over an older memory', () => {
    given(...open, seen(10))
      .when(lose(16, 0))
      .thenNothing()
    given(...open, seen(10))
      .when(lose(30, 0))
      .thenEvents(lost(30, 10))
  })

  test('of a revoked terminal is refused', () => {
    given(...open, revoked)
      .when(beat(1))
      .thenRejected('terminal_revoked')
    given(...open, seen(0), revoked)
      .when(lose(30, 0))
      .thenRejected('terminal_revoked')
  })
})
