// The clocks of two gateways: how far they are apart is known, whatever the way between them takes, and told once.
import { beforeEach, expect, test } from 'vitest'
import { type Clocks, createClocks } from '../../src/adapters/node/clocks.ts'
import { createLog } from '../../src/adapters/node/log.ts'

let lines: string[]
let here: Date
let clocks: Clocks
beforeEach(() => {
  lines = []
  here = new Date('2026-11-22T03:00:00.000Z')
  clocks = createClocks({
    now: () => here,
    log: createLog('error', { write: (line) => void lines.push(line) }),
  })
})
/** A word of a gateway whose clock is so far from ours, after so long on the way. */
const hear = (apartMs: number, delayMs = 0) =>
  clocks.heard('there', new Date(here.getTime() - delayMs - apartMs).toISOString(), delayMs)

test.each([3_000, -3_000])('%d ms apart are told, once, until it is well again', (apartMs) => {
  for (let turn = 0; turn < 3; turn++) hear(apartMs)
  expect(clocks.apartMs()).toBe(3_000)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('set both by NTP')
  hear(0)
  hear(apartMs)
  expect(lines).toHaveLength(2)
})

test('a way that takes long is no difference of clocks, and neither are two seconds', () => {
  hear(0, 9_000)
  expect(clocks.apartMs()).toBe(0)
  hear(2_000, 500)
  expect([clocks.apartMs(), lines]).toEqual([2_000, []])
})

test('who is not heard for a minute counts no more', () => {
  hear(3_000)
  here = new Date(here.getTime() + 60_001)
  expect(clocks.apartMs()).toBe(0)
})
