// When terminals were last seen: known at once, kept by a flush, and never moved back by another gateway's older news.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqlitePresence } from '../../src/adapters/sqlite/presence.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thungan-presence-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => sqlitePresence(join(folder, 'presence.sqlite'), () => new Date('2026-11-22T03:00:00Z'))
const early = { at: '2026-11-22T03:00:00.000Z', status: 'paper low' }
const late = { at: '2026-11-22T03:01:00.000Z' }

test('is known at once, and after closing and opening again', () => {
  const first = open()
  expect(first.last('ter_1')).toBeUndefined()
  first.mark('ter_1', early)
  expect(first.last('ter_1')).toEqual(early)
  first.close()
  const second = open()
  expect(second.last('ter_1')).toEqual(early)
  second.mark('ter_1', late)
  second.flush()
  expect(second.last('ter_1')).toEqual(late)
  second.close()
})

test('of two gateways over one file the later news stays', () => {
  const [one, other] = [open(), open()]
  one.mark('ter_1', late)
  other.mark('ter_1', early)
  one.flush()
  other.flush()
  expect([one.last('ter_1'), other.last('ter_1')]).toEqual([late, late])
  one.close()
  other.close()
})

test('a thousand marks are one row', () => {
  const presence = open()
  for (let second = 0; second < 1_000; second++)
    presence.mark('ter_1', { at: new Date(Date.parse(early.at) + second * 1_000).toISOString() })
  presence.close()
  const again = open()
  expect(again.last('ter_1')).toEqual({ at: '2026-11-22T03:16:39.000Z' })
  again.close()
})
